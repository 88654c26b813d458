"""A fund's public figures, from balances and month totals alone: a page costs the same with a thousand
entries and with a million. All amounts in fen. ``funds.books.flows`` says what comes in and what goes out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Min, Q, Sum
from django.db.models.functions import Greatest

from charity_hub.ledger.models import Account, AccountKind, AccountRole, MonthTotal
from funds.books.flows import GAIN, Flow, Moved, flows, moved_in
from funds.profile.models import Fund, says_unrestricted
from funds.public.periods import Period


class MonthRow(NamedTuple):
    month: date
    inflow: int
    outflow: int
    balance: int


class Purpose(NamedTuple):
    """What is needed of a purpose and its two accounts; balances are debit-positive, None before any."""

    pk: int
    slug: str
    name: str
    restricted: bool
    net: int | None
    committed: int | None
    net_balance: int | None
    committed_balance: int | None

    @property
    def to_be_marked(self) -> bool:
        return not self.restricted and not says_unrestricted(self.name)


class PurposeRow(NamedTuple):
    """One purpose since the fund began, and what it holds now."""

    purpose: Purpose
    inflow: int
    outflow: int
    free: int
    committed: int

    @property
    def held(self) -> int:
        return self.free + self.committed

    @property
    def used_bp(self) -> int:
        """What went out of all that came in, in basis points; nothing where nothing came in."""
        return self._share(self.outflow)

    @property
    def used_percent(self) -> int:
        """Whole percents, rounded down: 100 says that nothing is left."""
        return self.used_bp // 100

    @property
    def committed_bp(self) -> int:
        return self._share(self.committed)

    def _share(self, part: int) -> int:
        return min(max(part, 0) * 10_000 // self.inflow, 10_000) if self.inflow > 0 else 0


@dataclass(frozen=True)
class Places:
    """Where the money is."""

    bank: int
    at_stations: int
    in_transit: int


@dataclass(frozen=True)
class Figures:
    """Everything a fund's page says in figures. ``sources`` and ``uses`` are those of the period."""

    months: list[MonthRow]
    sources: list[tuple[str, int]]
    uses: list[tuple[str, int]]
    purposes: list[PurposeRow]
    places: Places
    first_month: date | None

    @property
    def balance(self) -> int:
        return sum(row.held for row in self.purposes)

    @property
    def committed(self) -> int:
        return sum(row.committed for row in self.purposes)

    @property
    def inflow(self) -> int:
        """All that ever came in."""
        return sum(row.inflow for row in self.purposes)

    @property
    def outflow(self) -> int:
        """All that ever went out."""
        return sum(row.outflow for row in self.purposes)

    @property
    def inflow_in_period(self) -> int:
        return sum(row.inflow for row in self.months)

    @property
    def outflow_in_period(self) -> int:
        return sum(row.outflow for row in self.months)


def figures_of(fund: Fund, period: Period) -> Figures:
    """A fund's figures: four queries, whatever its size. Months before anything happened are left out."""
    purposes = _purposes(fund)
    life, opening, first = _life(purposes, period.start)
    net, committed = _ids(purposes)
    moved = moved_in([*net, *committed], period.start, period.last)
    flowed = list(flows(moved, net, committed))
    return Figures(
        months=[row for row in _months(flowed, period, opening) if first and row.month >= first],
        sources=_ranked(flow for flow in flowed if flow.comes_in),
        uses=_ranked(flow for flow in flowed if not flow.comes_in),
        purposes=[_purpose(one, life) for one in purposes],
        places=_places(fund),
        first_month=first,
    )


def with_balances(funds: Iterable[Fund]) -> list[tuple[Fund, int]]:
    """Each fund with what it holds now, committed money included: one query for all of them."""
    listed = list(funds)
    held = Account.objects.filter(
        book__fund__in=[fund.pk for fund in listed], kind__in=[AccountKind.NET_ASSETS, AccountKind.COMMITTED]
    )
    sums = dict(held.order_by().values_list("book__fund").annotate(Sum("balance")))
    return [(fund, -sums.get(fund.pk, 0)) for fund in listed]


def _purposes(fund: Fund) -> list[Purpose]:
    rows = fund.purposes.values_list(
        "pk",
        "slug",
        "name",
        "restricted",
        "net_account",
        "committed_account",
        "net_account__balance",
        "committed_account__balance",
    )
    return [Purpose(*row) for row in rows]


def _ids(purposes: list[Purpose]) -> tuple[dict[int, int], dict[int, int]]:
    """The purposes' ids by their net-assets and by their committed accounts."""
    net = {one.net: one.pk for one in purposes if one.net}
    committed = {one.committed: one.pk for one in purposes if one.committed}
    return net, committed


def _life(purposes: list[Purpose], start: date) -> tuple[Counter[tuple[int, bool]], int, date | None]:
    """All that ever came in and went out by purpose, what the fund held before ``start``, its first month."""
    net, committed = _ids(purposes)
    sums = (
        MonthTotal.objects.filter(account__in=[*net, *committed])
        .order_by()
        .values_list("account", "kind")
        .annotate(
            up=Sum(Greatest(GAIN, 0)),
            down=Sum(Greatest(-GAIN, 0)),
            before=Sum(GAIN, filter=Q(month__lt=start)),
            first=Min("month"),
        )
    )
    life: Counter[tuple[int, bool]] = Counter()
    opening, firsts = 0, []
    for account, kind, up, down, before, first in sums:
        opening += before or 0
        firsts.append(first)
        ups_and_downs = [Moved(account, first, kind, up), Moved(account, first, kind, -down)]
        for flow in flows(ups_and_downs, net, committed):
            life[flow.purpose, flow.comes_in] += flow.fen
    return life, opening, min(firsts, default=None)


def _months(flowed: list[Flow], period: Period, opening: int) -> list[MonthRow]:
    moved: Counter[tuple[date, bool]] = Counter()
    for flow in flowed:
        moved[flow.month, flow.comes_in] += flow.fen
    rows, balance = [], opening
    for month in period.months:
        inflow, outflow = moved[month, True], moved[month, False]
        balance += inflow - outflow
        rows.append(MonthRow(month, inflow, outflow, balance))
    return rows


def _ranked(flowed: Iterable[Flow]) -> list[tuple[str, int]]:
    """Kinds and their sums, the largest first."""
    sums: Counter[str] = Counter()
    for flow in flowed:
        sums[flow.kind] += flow.fen
    return [(kind, fen) for kind, fen in sums.most_common() if fen]


def _purpose(purpose: Purpose, life: Counter[tuple[int, bool]]) -> PurposeRow:
    return PurposeRow(
        purpose,
        inflow=life[purpose.pk, True],
        outflow=life[purpose.pk, False],
        free=-(purpose.net_balance or 0),
        committed=-(purpose.committed_balance or 0),
    )


def _places(fund: Fund) -> Places:
    sums: Counter[str] = Counter()
    assets = Account.objects.filter(book=fund.book_id, kind=AccountKind.ASSET)
    for role, balance in assets.order_by().values_list("role", "balance"):
        sums[role] += balance
    return Places(
        bank=sums[AccountRole.BANK],
        at_stations=sums[AccountRole.STATION_CASH],
        in_transit=sums[AccountRole.IN_TRANSIT],
    )
