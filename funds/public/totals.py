"""All public funds together, for the home page."""

from datetime import date
from typing import Any

from django.db.models import Q, Sum
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from charity_hub.ledger.models import Account, AccountKind, MonthTotal
from charity_hub.unchanged import while_unchanged
from funds.profile.models import PUBLIC_STATES, Fund
from funds.public.figures import with_balances

SHOWN = 6


def all_funds(today: date) -> dict[str, Any]:
    """How many there are, what they hold, what came in and went out this year (fen), and the newest."""
    public = Q(account__book__fund__state__in=PUBLIC_STATES)
    year = MonthTotal.objects.filter(public, month__gte=date(today.year, 1, 1), month__lte=today)
    gifts = Q(account__kind=AccountKind.NET_ASSETS) & (Q(kind__startswith="gift:") | Q(kind="seed"))
    payments = Q(account__kind=AccountKind.COMMITTED, kind__startswith="payment:")
    moved = year.order_by().aggregate(
        given=Sum("credits", filter=gifts, default=0) - Sum("debits", filter=gifts, default=0),
        spent=Sum("debits", filter=payments, default=0) - Sum("credits", filter=payments, default=0),
    )
    held = Account.objects.filter(
        book__fund__state__in=PUBLIC_STATES, kind__in=[AccountKind.NET_ASSETS, AccountKind.COMMITTED]
    ).aggregate(fen=Sum("balance", default=0))
    newest = Fund.objects.active().select_related("region", "host").order_by("-activated_on", "-pk")[:SHOWN]
    return {
        "year": today.year,
        "count": Fund.objects.public().count(),
        "held": -held["fen"],
        "cards": with_balances(newest),
        **moved,
    }


def home_panel(_request: HttpRequest) -> dict[str, Any]:
    """The panel's HTML, made anew when anything has changed."""
    today = timezone.localdate()

    def text() -> str:
        return render_to_string("funds/public/parts/totals.html", all_funds(today))

    return {"html": while_unchanged(("funds-home", today, get_language()), text)}
