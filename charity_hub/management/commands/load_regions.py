from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from charity_hub.regions.loading import BUNDLED, BadRegions, load_regions


class Command(BaseCommand):
    help = "Load administrative divisions from a two-column CSV (code,name); run again, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=BUNDLED, help="default: the bundled file")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            loaded = load_regions(options["file"])
        except BadRegions as bad:
            raise CommandError("{}\n{}".format(_("Nothing was loaded."), bad)) from bad
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(_("The file cannot be read: %(error)s") % {"error": error}) from error
        self.stdout.write(
            _("Regions: %(added)s added, %(changed)s changed, %(unchanged)s unchanged.") % asdict(loaded)
        )
