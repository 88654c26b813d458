"""The payments of a fund in one year."""

from datetime import date
from typing import Any

from funds.profile.models import Fund
from funds.spending.models import PayeeKind, SpendingRequest

# Longer lists do not help readers; the remaining payments are counted and summed up.
MOST_LISTED = 400


def payments_of(fund: Fund, year: int, spent_fen: int) -> dict[str, Any]:
    """Every payment of the year by date. ``spent_fen`` is the spending according to the books.

    A payee who is a person is not named (Charity Law 82). ``adjusted_fen`` is the spending in the books that
    is not
    in these payments: reversals, and leftovers handed over.
    """
    paid = fund.spending.paid().filter(paid_on__gte=date(year, 1, 1), paid_on__lte=date(year, 12, 31))
    payments = list(paid.select_related("purpose").order_by("paid_on", "number"))
    total = sum(one.amount_fen for one in payments)
    listed = payments
    if len(payments) > MOST_LISTED:
        largest = sorted(payments, key=lambda one: (-one.amount_fen, one.number))[:MOST_LISTED]
        listed = sorted(largest, key=lambda one: (one.paid_on or date.min, one.number))
    return {
        "count": len(payments),
        "people": sum(one.beneficiaries or 0 for one in payments),
        "listed": [_payment(one) for one in listed],
        "unlisted_count": len(payments) - len(listed),
        "unlisted_fen": total - sum(one.amount_fen for one in listed),
        "adjusted_fen": spent_fen - total,
    }


def _payment(request: SpendingRequest) -> dict[str, Any]:
    return {
        "number": request.number,
        "title": request.title,
        "purpose": request.purpose.name,
        "use": request.use,
        "payee": request.payee_name if request.payee_kind == PayeeKind.ORGANIZATION else "",
        "fen": request.amount_fen,
        "paid_on": request.paid_on.isoformat() if request.paid_on else "",
        "people": request.beneficiaries or 0,
    }
