"""``manage.py close_month YEAR-MONTH [--fund CODE …]``: close funds' books through a month's end."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from funds.books.closing import close_books, end_of
from funds.books.open_items import open_items
from funds.profile.models import Fund


class Command(BaseCommand):
    help = "Close the books of funds through the end of a month that is over. There is no way back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", metavar="YEAR-MONTH")
        parser.add_argument(
            "--fund", action="extend", nargs="+", default=[], metavar="CODE", help="Only these funds."
        )

    def handle(self, *_args: Any, month: str, fund: list[str], **_options: Any) -> None:
        day, funds = _month(month), _funds(fund)
        closed = sum(self._close(one, day) for one in funds)
        self.stdout.write(
            _("%(closed)s of %(all)s funds closed through %(day)s; the others were closed already.")
            % {"closed": closed, "all": len(funds), "day": end_of(day)}
        )

    def _close(self, fund: Fund, day: date) -> bool:
        try:
            closed = close_books(fund, day, actor=None, why=_("By the command close_month"))
        except Refused as refused:
            raise CommandError(f"{fund.code}: {refused}") from refused
        for sentence in open_items(fund, end_of(day)) if closed else []:
            self.stdout.write(f"{fund.code}: {sentence}")
        return closed


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise CommandError(
            _("“%(text)s” is not a month. Write the year and the month, for example 2025-12.")
            % {"text": text}
        ) from None


def _funds(codes: list[str]) -> list[Fund]:
    """The funds named, or all that have books."""
    funds = Fund.objects.select_related("book").order_by("code")
    if not codes:
        return list(funds.filter(book__isnull=False))
    found = list(funds.filter(code__in=codes))
    missing = sorted(set(codes) - {fund.code for fund in found})
    if missing:
        raise CommandError(
            _("There is no fund with the code %(codes)s. Check the code.") % {"codes": ", ".join(missing)}
        )
    return found
