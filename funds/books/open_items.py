"""What is not finished in a month that is to be closed. It is shown before, because closing cannot be
undone.
"""

from datetime import date

from django.db.models import F, Q, Sum
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charity_hub.ledger.models import Account, AccountKind, AccountRole
from charity_hub.money import yuan
from charity_hub.reports.models import AnnualReport
from funds.annual_report.figures import KIND
from funds.profile.models import Fund
from funds.spending.models import SpendingState


def open_items(fund: Fund, through: date) -> list[str]:
    """Sentences about cash not deposited and requests not paid in the months up to ``through``."""
    return [*_not_banked(fund, through), *_not_paid(fund, through)]


def reports_missing(fund: Fund, through: date) -> list[str]:
    """Sentences about years that would be closed before their annual report is issued."""
    closed = fund.book.closed_through if fund.book else None
    first = closed.year if closed else (fund.activated_on or through).year
    last = through.year if through.month == 12 else through.year - 1
    reports = AnnualReport.objects.issued().filter(subject_kind=KIND, subject_code=fund.code)
    issued = set(reports.values_list("year", flat=True))
    return [
        _(
            "The annual report of %(year)s is not issued yet."
            " Its figures cannot change once the year is closed."
        )
        % {"year": year}
        for year in range(first, last + 1)
        if year not in issued and not (closed and closed >= date(year, 12, 31))
    ]


def _not_banked(fund: Fund, through: date) -> list[str]:
    """First in, first out: the present cash less what came in later."""
    later = Sum("month_totals__debits", filter=Q(month_totals__month__gt=through), default=0)
    kept = Account.objects.filter(book=fund.book_id, kind=AccountKind.ASSET).exclude(role=AccountRole.BANK)
    left = kept.annotate(left=Greatest(F("balance") - later, 0)).aggregate(fen=Sum("left", default=0))["fen"]
    if not left:
        return []
    return [
        _(
            "%(amount)s of cash and cheques from these months has not reached the bank. Its "
            "deposit will carry a later date."
        )
        % {"amount": yuan(left)}
    ]


def _not_paid(fund: Fund, through: date) -> list[str]:
    approved = fund.spending.filter(state=SpendingState.APPROVED, approved_on__lte=through)
    amounts = list(approved.values_list("amount_fen", flat=True))
    if not amounts:
        return []
    sentence = ngettext(
        "%(count)s request approved in these months is not paid (%(amount)s)."
        " Its payment will carry a later date.",
        "%(count)s requests approved in these months are not paid (%(amount)s)."
        " Their payments will carry later dates.",
        len(amounts),
    )
    return [sentence % {"count": len(amounts), "amount": yuan(sum(amounts))}]
