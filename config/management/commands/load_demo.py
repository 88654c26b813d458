"""The demo data, created by the portal's own actions. A second run adds nothing."""

from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from charity_hub.regions.models import Region
from config.demo.build import build
from config.demo.report import issue_last_years_report


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="Multiplies the gifts, for load tests.")

    def handle(self, *, scale: int, **_options: object) -> None:
        if not Region.objects.exists():
            call_command("load_regions")
        with transaction.atomic():
            build(scale=scale)
        issue_last_years_report()
        self.stdout.write(self.style.SUCCESS("The demo is there."))
