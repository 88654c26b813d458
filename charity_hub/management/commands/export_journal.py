from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from charity_hub.ledger.journal import DIALECTS, journal
from charity_hub.ledger.models import Book


class Command(BaseCommand):
    help = "Write the ledger as a journal that hledger or beancount accepts, closed by balance assertions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fund", metavar="CODE", help="Only the transfers that touch this fund's book.")
        parser.add_argument("--format", choices=sorted(DIALECTS), default="hledger")
        parser.add_argument("--output", type=Path, metavar="FILE", help="Write here, not to standard output.")

    def handle(self, *_args: Any, **options: Any) -> None:
        book = self._book(options["fund"]) if options["fund"] else None
        lines = journal(DIALECTS[options["format"]], book)
        if options["output"] is None:
            self.stdout.writelines(f"{line}\n" for line in lines)
            return
        with options["output"].open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)

    @staticmethod
    def _book(code: str) -> int:
        book = Book.objects.filter(code=code).first()
        if book is None:
            raise CommandError(_("There is no fund with the code %(code)s.") % {"code": code})
        return book.pk
