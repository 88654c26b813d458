"""What counts as inflow and outflow of a fund: one rule for public page, report and desk.

Inflow: transfer kinds with that direction, on the purposes' net-assets accounts, and leftovers of other
funds.
Outflow: transfer kinds with that direction, on their committed accounts, and leftovers handed over. A
reversal counts
against the kind that it reverses.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import F, Q, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest

from charity_hub.ledger.kinds import Direction, codes, direction_of
from charity_hub.ledger.models import AccountKind
from charity_hub.ledger.queries import month_totals

# Net-assets and committed accounts grow on the credit side.
GAIN = F("credits") - F("debits")

type Purposes = Mapping[int, int]


class Moved(NamedTuple):
    """The change of one account in one month by one kind of transfer, in fen."""

    account: int
    month: date
    kind: str
    gain: int


class Flow(NamedTuple):
    """Inflow or outflow of a purpose in fen; negative only if reversals exceed the rest."""

    month: date
    purpose: int
    comes_in: bool
    kind: str
    fen: int


def moved_in(accounts: Iterable[int], start: date, last: date) -> list[Moved]:
    """The accounts' changes in the months from ``start`` to ``last``, by month: one query."""
    rows = month_totals(accounts, start, last).annotate(gain=GAIN).order_by("month")
    return [Moved(*row) for row in rows.values_list("account", "month", "kind", "gain")]


def flows(moved: Iterable[Moved], net: Purposes, committed: Purposes) -> Iterator[Flow]:
    """The inflows and outflows among these changes; ``net`` and ``committed`` map accounts to purposes.

    All other transfers move money within the fund: commitments, releases, deposits.
    """
    for account, month, kind, gain in moved:
        way = direction_of(kind)
        if account in net and way == Direction.INFLOW:
            yield Flow(month, net[account], comes_in=True, kind=kind, fen=gain)
        elif account in net and way == Direction.HANDOVER:
            yield Flow(month, net[account], comes_in=gain > 0, kind=kind, fen=abs(gain))
        elif account in committed and way == Direction.OUTFLOW:
            yield Flow(month, committed[account], comes_in=False, kind=kind, fen=-gain)


def flow_sums() -> dict[str, Combinable]:
    """``inflow`` and ``outflow`` (fen) of month totals, summed by PostgreSQL with the rule of ``flows``."""
    net, committed = Q(account__kind=AccountKind.NET_ASSETS), Q(account__kind=AccountKind.COMMITTED)
    gifts = Q(kind__in=codes(Direction.INFLOW))
    leftovers = net & Q(kind__in=codes(Direction.HANDOVER))
    payments = committed & Q(kind__in=codes(Direction.OUTFLOW))
    return {
        "inflow": Sum(GAIN, filter=net & gifts, default=0)
        + Sum(Greatest(GAIN, 0), filter=leftovers, default=0),
        "outflow": Sum(-GAIN, filter=payments, default=0)
        + Sum(Greatest(-GAIN, 0), filter=leftovers, default=0),
    }
