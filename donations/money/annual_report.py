"""The gifts in a fund's annual report: how many, in which ways, where, and the largest, named only where
agreed.

A gift counts as the books count it: in the year of its transfer, and taken off again in the year of its
reversal.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from donations.money.models import DonorKind, Gift, Way
from funds.profile.models import Fund

LARGEST = 10


def gifts_of_year(fund: Fund, year: int) -> dict[str, Any]:
    """The section of one fund and year.
    ``adjusted_fen`` are gifts of earlier years that were voided in this one.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    gifts = fund.gifts.filter(transfer__occurred_on__gte=first, transfer__occurred_on__lte=last).exclude(
        transfer__reversed_by__occurred_on__lte=last
    )
    counted = gifts.aggregate(
        count=Count("pk"),
        donors=Count("donor", distinct=True),
        anonymous=Count("pk", filter=Q(donor_kind=DonorKind.ANONYMOUS)),
        fen=Sum("amount_fen", default=0),
    )
    undone = fund.gifts.filter(
        transfer__occurred_on__lt=first,
        transfer__reversed_by__occurred_on__gte=first,
        transfer__reversed_by__occurred_on__lte=last,
    )
    return {
        **{name: int(number) for name, number in counted.items()},
        "adjusted_fen": -int(undone.aggregate(fen=Sum("amount_fen", default=0))["fen"]),
        "ways": _ways(gifts),
        "stations": _stations(gifts),
        "largest": [_gift(gift) for gift in _largest(gifts)],
    }


def _ways(gifts: QuerySet[Gift]) -> list[dict[str, Any]]:
    sums = {way: (count, fen) for way, count, fen in _grouped(gifts, "way")}
    return [{"way": way, "count": sums[way][0], "fen": sums[way][1]} for way in Way.values if way in sums]


def _stations(gifts: QuerySet[Gift]) -> list[dict[str, Any]]:
    rows = gifts.order_by("station__code").values_list("station__code", "station__name")
    return [
        {"code": code, "name": name, "count": count, "fen": int(fen)}
        for code, name, count, fen in rows.annotate(Count("pk"), Sum("amount_fen"))
    ]


def _grouped(gifts: QuerySet[Gift], field: str) -> Iterable[tuple[str, int, int]]:
    for value, count, fen in gifts.order_by().values_list(field).annotate(Count("pk"), Sum("amount_fen")):
        yield value, count, int(fen)


def _largest(gifts: QuerySet[Gift]) -> QuerySet[Gift]:
    return gifts.filter(publish_amount=True).select_related("donor").order_by("-amount_fen", "pk")[:LARGEST]


def _gift(gift: Gift) -> dict[str, Any]:
    return {
        "donor": gift.donor.name if gift.donor and gift.publish_name else "",
        "kind": gift.donor_kind,
        "given_on": gift.given_on.isoformat(),
        "fen": gift.amount_fen,
    }
