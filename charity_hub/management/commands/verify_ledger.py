import re
from argparse import ArgumentParser
from datetime import date
from itertools import chain
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from charity_hub.documents.uploads import changed_files
from charity_hub.ledger import guarantees
from charity_hub.ledger.models import Entry, Transfer
from charity_hub.ledger.verification import differences

DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
HASH = re.compile(r"\b[0-9a-f]{64}\b")


class Command(BaseCommand):
    help = (
        "Recompute sums, balances, month totals, floors, reversals and seals of the whole ledger, compare "
        "rows with their transfers and histories, certificates with their rows, and the guarantees in force "
        "with those declared; print what differs, and exit with 1 when anything does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seals",
            type=Path,
            metavar="FILE",
            help="seals that were noted down outside: a day (2026-03-05) and a hash in each line",
        )
        parser.add_argument(
            "--files",
            action="store_true",
            help="read every stored document as well and compare it with its hash",
        )
        parser.add_argument(
            "--write-guarantees",
            action="store_true",
            help="for developers: write down the guarantees of this freshly migrated database as declared",
        )

    def handle(self, *, seals: Path | None, files: bool, write_guarantees: bool, **_options: object) -> None:
        if write_guarantees:
            self.stdout.write(f"{guarantees.write()} guarantees written to {guarantees.FILE.name}.")
            return
        found = 0
        told = differences(_noted(seals) if seals else ())
        for difference in chain(told, changed_files() if files else ()):
            found += 1
            self.stdout.write(difference)
        if found:
            raise CommandError(_("%(count)s differences found. Nothing has been changed.") % {"count": found})
        counts = {"transfers": Transfer.objects.count(), "entries": Entry.objects.count()}
        self.stdout.write(
            _("The books are right: %(transfers)s transfers, %(entries)s entries, all recomputed.") % counts
        )


def _noted(file: Path) -> list[tuple[date, str]]:
    """The days and hashes in a file, a seal in each line; lines with neither are skipped.

    Raises ``CommandError`` for a file that cannot be read or is empty, and for a line that is not a seal.
    """
    try:
        lines = file.read_text().lower().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {error}") from error
    found = ((number, DAY.findall(line), HASH.findall(line)) for number, line in enumerate(lines, 1))
    noted = [_seal(file, number, days, hashes) for number, days, hashes in found if days or hashes]
    if not noted:
        raise CommandError(_("%(file)s holds no day with a seal’s hash.") % {"file": file})
    return noted


def _seal(file: Path, number: int, days: list[str], hashes: list[str]) -> tuple[date, str]:
    try:
        [day], [digest] = days, hashes
        return date.fromisoformat(day), digest
    except ValueError:
        raise CommandError(
            _("%(file)s, line %(line)s: write one day like 2026-03-05 and the whole hash of its seal.")
            % {"file": file, "line": number}
        ) from None
