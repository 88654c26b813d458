"""Totals of all public funds and their latest payments, for the home page."""

from datetime import date
from typing import Any

from django.db.models import F, Q, Sum
from django.http import HttpRequest
from django.utils import timezone

from charity_hub.ledger.kinds import Direction, codes
from charity_hub.ledger.models import Account, AccountKind, MonthTotal
from funds.books.flows import flow_sums
from funds.profile.models import PUBLIC_STATES, Fund, FundState
from funds.public.figures import with_balances
from funds.public.periods import months_later
from funds.spending.models import SpendingRequest

SHOWN = 6
LATEST = 5


def all_funds(today: date) -> dict[str, Any]:
    """Number of funds, total balance, inflow and outflow of this year (fen), and the busiest funds."""
    public = Q(account__book__fund__state__in=PUBLIC_STATES)
    year = MonthTotal.objects.filter(public, month__gte=date(today.year, 1, 1), month__lte=today)
    gifts = Q(account__kind=AccountKind.NET_ASSETS) & Q(kind__in=codes(Direction.INFLOW))
    payments = Q(account__kind=AccountKind.COMMITTED, kind__in=codes(Direction.OUTFLOW))
    moved = year.order_by().aggregate(
        given=Sum("credits", filter=gifts, default=0) - Sum("debits", filter=gifts, default=0),
        spent=Sum("debits", filter=payments, default=0) - Sum("credits", filter=payments, default=0),
    )
    held = Account.objects.filter(
        book__fund__state__in=PUBLIC_STATES, kind__in=[AccountKind.NET_ASSETS, AccountKind.COMMITTED]
    ).aggregate(fen=Sum("balance", default=0))
    return {
        "year": today.year,
        "count": Fund.objects.public().count(),
        "held": -held["fen"],
        "cards": with_balances(busiest_funds(today)),
        **moved,
    }


def busiest_funds(today: date) -> list[Fund]:
    """Active funds with movements in the last twelve months, the largest amounts first."""
    totals = MonthTotal.objects.filter(
        account__book__fund__state=FundState.ACTIVE,
        account__kind__in=[AccountKind.NET_ASSETS, AccountKind.COMMITTED],
        month__gte=months_later(today, -11),
    )
    sums = totals.order_by().values_list("account__book__fund").annotate(**flow_sums())
    moved = (
        sums.annotate(moved=F("inflow") + F("outflow"))
        .filter(moved__gt=0)
        .order_by("-moved", "account__book__fund")
    )
    busiest = [fund for fund, *_sums in moved[:SHOWN]]
    found = Fund.objects.select_related("region", "host").in_bulk(busiest)
    return [found[fund] for fund in busiest]


def home_panel(_request: HttpRequest) -> dict[str, Any]:
    """The funds' panel on the home page."""
    return all_funds(timezone.localdate())


def recent_payments(_request: HttpRequest) -> dict[str, Any]:
    """The latest payments of all public funds; payees are shown only on the fund's own page."""
    paid = SpendingRequest.objects.paid().filter(fund__state__in=PUBLIC_STATES).order_by("-paid_on", "-id")
    names = ["title", "paid_on", "amount_fen", "fund__code", "fund__name"]
    return {"payments": list(paid.values_list(*names, named=True)[:LATEST])}
