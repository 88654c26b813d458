"""``make run``: migrate the database, create the demo once, then run web, worker and beat."""

import os
import socket
import time
from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from charity_hub.regions.models import Region
from config.demo.people import PASSWORD, sign_ins
from config.supervisor import Database, Part, Supervisor, processes_of
from funds.profile.models import Fund

DEFAULT_PORT = 8000


class Command(BaseCommand):
    help = "Start everything: database, migrations, demo data on first start, then web, worker and beat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="Stop before the processes start.")

    def handle(self, *, prepare_only: bool, **_options: object) -> None:
        if not prepare_only:
            refuse_taken(int(os.environ.get("PORT") or DEFAULT_PORT))
        self._prepare()
        self._greet()
        if not prepare_only:
            self._keep_going()

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

    def _keep_going(self) -> None:
        """Run the Procfile's processes and, if it is embedded, the database, until Ctrl-C."""
        os.environ.setdefault("PORT", str(DEFAULT_PORT))
        connections.close_all()
        parts: list[Part] = [*processes_of(settings.BASE_DIR / "Procfile", worker=2)]
        if not os.environ.get("DATABASE_URL"):
            parts.insert(0, Database(settings.VAR_DIR))
        Supervisor(parts, self.stderr.write).run()


def refuse_taken(port: int, *, patience: float = 5.0) -> None:
    """Raise ``CommandError`` if the port is in use.

    The web server would silently share the port with another one of its kind, so that a forgotten portal
    would answer every second request. One that was just killed may still be ending.
    """
    last = time.monotonic() + patience
    while _listens(port):
        if time.monotonic() > last:
            raise CommandError(
                f"Port {port} is in use, perhaps by a portal that still runs. Stop it with Ctrl-C where it"
                f" was started, or choose another port: PORT={port + 1} make run"
            )
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
