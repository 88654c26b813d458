"""What the desk shows of gifts and of cash at stations, as far as a person's roles reach."""

from itertools import dropwhile
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charity_hub.money import yuan
from charity_hub.people.models import Role, User
from charity_hub.portal.registry import DeskFigure
from donations.money.models import Gift, GiftState
from donations.money.scopes import cash_within
from donations.stations.models import Station
from donations.stations.scopes import reach_of
from funds.public.periods import months_later

MOST_PLACES = 8
LATEST = 5
TREND_MONTHS = 12


class CashPlace(NamedTuple):
    """A fund's cash and cheques at a station, in fen; whether this person hands them in."""

    station: Station
    fund: str
    fen: int
    may_hand_in: bool


def gifts_and_cash(user: User) -> list[DeskFigure]:
    """Gifts of today and of this month, and cash on hand."""
    return [*_given(user), _cash(user)]


def cash_by_station(user: User) -> dict[str, Any] | None:
    """Where the cash lies, the most first."""
    accounts = cash_within(reach_of(user)).filter(balance__gt=0).order_by("-balance", "code")
    found = list(accounts.values_list("party", "book__name", "balance")[: MOST_PLACES + 1])
    if not found:
        return None
    stations = Station.objects.in_bulk([pk for pk, *_rest in found])
    own = set(Station.objects.in_scope_of(user, Role.STATION_WORKER).values_list("pk", flat=True))
    places = [CashPlace(stations[pk], fund, fen, pk in own) for pk, fund, fen in found[:MOST_PLACES]]
    own_here = any(place.may_hand_in for place in places)
    return {"places": places, "more": len(found) > MOST_PLACES, "own": own_here}


def latest_at_stations(user: User) -> dict[str, Any] | None:
    """The last gifts at the stations of this person, today's first, and what came in each of twelve months.

    The months begin with the first one that has a gift.
    """
    today = timezone.localdate()
    gifts = Gift.objects.in_scope_of(user, Role.STATION_WORKER)
    latest = list(gifts.select_related("donor", "purpose").order_by("-given_on", "-pk")[:LATEST])
    if not latest:
        return None
    since = months_later(today, 1 - TREND_MONTHS)
    by_month = gifts.recorded().filter(given_on__gte=since, given_on__lte=today).order_by()
    sums = dict(by_month.values_list(TruncMonth("given_on")).annotate(Sum("amount_fen")))
    months = [months_later(since, number) for number in range(TREND_MONTHS)]
    trend = list(dropwhile(lambda fen: not fen, (sums.get(month, 0) for month in months)))
    return {"gifts": latest, "trend": trend, "today": today}


def _given(user: User) -> list[DeskFigure]:
    today = timezone.localdate()
    month, on_day = today.replace(day=1), Q(given_on=today)
    gifts = Gift.objects.in_scope_of(user).recorded().filter(given_on__gte=month, given_on__lte=today)
    sums = gifts.order_by().aggregate(
        day_count=Count("pk", filter=on_day),
        day_fen=Sum("amount_fen", filter=on_day, default=0),
        month_count=Count("pk"),
        month_fen=Sum("amount_fen", default=0),
    )
    return [
        DeskFigure(
            label,
            yuan(sums[f"{name}_fen"]),
            ngettext("%(count)s gift", "%(count)s gifts", sums[f"{name}_count"])
            % {"count": f"{sums[f'{name}_count']:,}"},
            _filtered("gifts:list", given_on_after=since.isoformat(), state=GiftState.RECORDED.value),
        )
        for name, label, since in (("day", _("Gifts today"), today), ("month", _("Gifts this month"), month))
    ]


def _cash(user: User) -> DeskFigure:
    held = cash_within(reach_of(user)).filter(balance__gt=0).order_by()
    sums = held.aggregate(fen=Sum("balance", default=0), stations=Count("party", distinct=True))
    count = sums["stations"]
    words = ngettext("at %(count)s station", "at %(count)s stations", count) % {"count": f"{count:,}"}
    return DeskFigure(_("Cash on hand"), yuan(sums["fen"]), words)


def _filtered(name: str, **values: str) -> str:
    return f"{reverse(name)}?{urlencode(values)}"
