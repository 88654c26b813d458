"""Gifts and their sums, read for pages. Amounts are fen."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from charity_hub.documents.capital_numerals import amount_in_capitals
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


def facts_of(gift: Gift, donor_name: str) -> list[tuple[str, object]]:
    """The gift, line by line, with the donor's name as its reader may see it."""
    yes, no = _("Yes"), _("No")
    return [
        (_("Donor"), donor_name),
        (_("Amount in capitals"), amount_in_capitals(gift.amount_fen)),
        (_("Way of giving"), gift.get_way_display()),
        (_("Date"), gift.given_on.isoformat()),
        (_("Fund"), gift.fund.name),
        (_("Purpose"), gift.purpose.name),
        (_("Received at"), f"{gift.station.name} ({gift.station.code})"),
        (_("Handled by"), gift.handler),
        (_("Official receipt number"), gift.official_receipt or _("not entered")),
        (_("Name may be published"), yes if gift.publish_name else no),
        (_("Amount may be published"), yes if gift.publish_amount else no),
        (_("Note"), gift.note),
        (_("Recorded by"), gift.recorder),
    ]
