"""``make run``: bring the database up to date, make the demo once, then keep web, worker and beat going."""

import os
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from charity_hub.regions.models import Region
from config.demo.people import PASSWORD, sign_ins
from funds.profile.models import Fund


class Command(BaseCommand):
    help = "Start everything: database, migrations, demo data on first start, then web, worker and beat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="Stop before the processes start.")

    def handle(self, *, prepare_only: bool, **_options: object) -> None:
        if not prepare_only:
            refuse_taken(int(os.environ.get("PORT") or 8000))
        self._prepare()
        self._greet()
        if not prepare_only:
            sys.exit(self._keep_going())

    def _prepare(self) -> None:
        call_command("messages", "build")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        if not Region.objects.exists():
            call_command("load_regions")
        if settings.DEBUG and not Fund.objects.exists():
            call_command("load_demo")

    def _greet(self) -> None:
        self.stdout.write(f"\nCharity Hub: {settings.SITE_URL}\n")
        if settings.DEBUG:
            self.stdout.write("  phone           password           TOTP secret                       who")
            for person in sign_ins():
                secret = person.totp_secret or "-" * 32
                self.stdout.write(f"  {person.phone}  {PASSWORD}  {secret}  {person.name}，{person.role}")
            self.stdout.write(f"  SMS codes: {settings.SITE_URL}/dev/sms/ · stop with Ctrl-C\n")

    def _keep_going(self) -> int:
        """Run the Procfile; Ctrl-C reaches honcho itself, which ends its processes before we end."""
        honcho = Path(sys.executable).with_name("honcho")
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        process = subprocess.Popen(  # noqa: S603 - our own Procfile
            [str(honcho), "start", "--concurrency", "worker=2"],
            cwd=settings.BASE_DIR,
            preexec_fn=_hear_interrupts,
        )
        signal.signal(signal.SIGTERM, lambda _number, _frame: process.terminate())
        return process.wait()


def refuse_taken(port: int) -> None:
    """Raise ``CommandError`` when something listens on the port already.

    The web server shares a port with another one of its kind without a word, so that a forgotten portal
    would answer every second request.
    """
    with socket.socket() as probe:
        probe.settimeout(2)
        if probe.connect_ex(("127.0.0.1", port)) != 0:
            return
    raise CommandError(
        f"Port {port} is in use, perhaps by a portal that still runs. Stop it with Ctrl-C where it was"
        f" started, or choose another port: PORT={port + 1} make run"
    )


def _hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
