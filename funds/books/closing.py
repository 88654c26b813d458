"""Closing a fund's books, month by month. PostgreSQL refuses to open a month again."""

from calendar import monthrange
from datetime import date

from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.actions import close_month
from charity_hub.ledger.models import Book, MonthTotal
from charity_hub.people.access import AnyUser, require
from charity_hub.people.models import User
from charity_hub.workflow.actions import lock, record
from funds.profile.models import Fund
from funds.profile.permissions import works_for_host, works_for_street
from funds.public.periods import months_later


def may_close(user: AnyUser, fund: Fund) -> bool:
    """Whether this person may close the fund's months: staff of its street, officers of its host charity."""
    return works_for_street(user, fund) or works_for_host(user, fund)


def end_of(month: date) -> date:
    """The last day of the month of this day."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def finished_months(fund: Fund) -> list[date]:
    """The first days of all months from the fund's first posting to the last month that is over, in order."""
    this_month = timezone.localdate().replace(day=1)
    totals = MonthTotal.objects.filter(account__book=fund.book_id)
    first = totals.aggregate(first=Min("month"))["first"] or this_month
    count = (this_month.year - first.year) * 12 + this_month.month - first.month
    return [months_later(first, number) for number in range(count)]


def months_to_close(fund: Fund) -> list[date]:
    """The finished months that are still open; none for a fund without books."""
    if fund.book is None:
        return []
    closed = fund.book.closed_through
    return [month for month in finished_months(fund) if closed is None or month > closed]


@transaction.atomic
def close_books(fund: Fund, month: date, *, actor: User | None, why: str = "") -> bool:
    """Close the fund's book through the end of the month of this day.

    ``actor`` is None for a command; ``why`` names it. Returns False and changes nothing if the month is
    already closed. Raises ``Refused`` for a month that is not over or a fund without books.
    """
    require(actor is None or may_close(actor, fund))
    if fund.book is None:
        raise Refused(
            _("%(fund)s has no books yet. They are opened when the host charity activates the fund.")
            % {"fund": fund.name}
        )
    book, through = lock(fund.book), end_of(month)
    if book.closed_through and book.closed_through >= through:
        return False
    before = book.closed_through.isoformat() if book.closed_through else ""
    close_month(book, through)
    record(book, before, through.isoformat(), actor=actor, why=why)
    fund.book = book
    return True


def is_closed(book: Book | None, day: date) -> bool:
    """Whether this day is in a closed month."""
    return book is not None and book.closed_through is not None and book.closed_through >= day
