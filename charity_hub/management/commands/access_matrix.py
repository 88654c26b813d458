from typing import Any
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from charity_hub.people.access_matrix import (
    ALLOWED,
    HIDDEN,
    IN_SCOPE,
    REFUSED,
    UNDECLARED,
    kinds_of_people,
    matrix,
)


def _words() -> dict[str, str]:
    """The answers in the language of the command."""
    return {
        ALLOWED: _("allowed"),
        IN_SCOPE: _("in scope"),
        REFUSED: _("refused"),
        HIDDEN: _("sign-in page"),
        UNDECLARED: _("UNDECLARED"),
    }


def _padded(text: str, width: int) -> str:
    """Padded for the terminal, where Chinese characters are two columns wide."""
    taken = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * (width - taken)


class Command(BaseCommand):
    help = "Print every URL × every role: allowed, in scope (else 404), refused (403), sign-in page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--admin", action="store_true", help="list the admin's own addresses too")

    def handle(self, *_args: Any, **options: Any) -> None:
        words = _words()
        rows = [
            [page.route, *(words[one] for one in answers)]
            for page, answers in matrix()
            if options["admin"] or not page.name.startswith("admin:") or page.name == "admin:index"
        ]
        head = [_("Address"), *kinds_of_people()]
        widths = [
            2 + max(sum(2 if east_asian_width(letter) in "WF" else 1 for letter in cell) for cell in column)
            for column in zip(head, *rows, strict=True)
        ]
        for row in [head, *rows]:
            line = "".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write(line.rstrip())
        if any(words[UNDECLARED] in row for row in rows):
            raise CommandError(_("Some pages do not say who may open them."))
