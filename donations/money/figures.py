"""Sums of gifts, read for pages. Amounts are fen."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from donations.money.models import Gift, GiftState, Way
from donations.stations.models import Station


@dataclass(frozen=True)
class WayTotal:
    """What came in one way."""

    way: str
    label: str
    count: int
    fen: int


@dataclass(frozen=True)
class Totals:
    """What a set of gifts comes to; voided ones do not count, except in ``with_voided``."""

    count: int
    with_voided: int
    fen: int
    ways: list[WayTotal]


def totals_of(gifts: QuerySet[Gift]) -> Totals:
    """The sum of these gifts, whole and by way, in one query."""
    groups = gifts.order_by().values("way", "state").annotate(count=Count("pk"), fen=Sum("amount_fen"))
    rows = list(groups)
    standing = {row["way"]: row for row in rows if row["state"] == GiftState.RECORDED}
    ways = [
        WayTotal(way.value, str(way.label), standing[way]["count"], standing[way]["fen"])
        for way in Way
        if way in standing
    ]
    return Totals(
        count=sum(one.count for one in ways),
        with_voided=sum(row["count"] for row in rows),
        fen=sum(one.fen for one in ways),
        ways=ways,
    )


def gifts_of_day(station: Station, day: date) -> QuerySet[Gift]:
    """Gifts given at a station on a day, the latest first."""
    return (
        Gift.objects.filter(station=station, given_on=day)
        .select_related("donor", "purpose", "fund")
        .order_by("-pk")
    )
