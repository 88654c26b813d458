"""A fund's public figures, from balances and month totals alone, so that a page takes the same time with a
thousand entries and with a million. All amounts in fen. ``funds.books.flows`` defines inflow and outflow.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Case, Min, Q, Sum, When
from django.db.models.functions import Greatest

from charity_hub.ledger.models import Account, AccountKind, AccountRole, MonthTotal
from funds.books.flows import GAIN, Flow, Moved, flows
from funds.profile.models import Fund, says_unrestricted
from funds.public.periods import Period

ACCOUNTS = ["net_account", "committed_account"]


class MonthRow(NamedTuple):
    month: date
    inflow: int
    outflow: int
    balance: int


class Purpose(NamedTuple):
    """The data needed of a purpose; its two accounts are None before they are opened."""

    pk: int
    slug: str
    name: str
    restricted: bool
    net: int | None
    committed: int | None

    @property
    def to_be_marked(self) -> bool:
        return not self.restricted and not says_unrestricted(self.name)


class PurposeRow(NamedTuple):
    """One purpose: all inflow and outflow since the fund began, and its present balance."""

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
        """Outflow as a share of inflow, in basis points; None without inflow."""
        return self._share(self.outflow)

    @property
    def used_percent(self) -> int:
        """Whole percent, rounded down, so that 100 means that nothing is left."""
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
    """All figures of a fund's page. ``sources`` and ``uses`` are those of the period."""

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
        """All inflow since the fund began."""
        return sum(row.inflow for row in self.purposes)

    @property
    def outflow(self) -> int:
        """All outflow since the fund began."""
        return sum(row.outflow for row in self.purposes)

    @property
    def inflow_in_period(self) -> int:
        return sum(row.inflow for row in self.months)

    @property
    def outflow_in_period(self) -> int:
        return sum(row.outflow for row in self.months)


def figures_of(fund: Fund, period: Period) -> Figures:
    """A fund's figures in three queries. Months before the first movement are left out."""
    purposes = [Purpose(*row) for row in fund.purposes.values_list(*Purpose._fields[:4], *ACCOUNTS)]
    accounts = list(Account.objects.filter(book=fund.book_id).order_by().values_list("pk", "role", "balance"))
    balances = {pk: balance for pk, _role, balance in accounts}
    moved = _moved(purposes, period)
    return Figures(
        months=_months(moved, period),
        sources=_ranked(flow for flow in moved.flows if flow.comes_in),
        uses=_ranked(flow for flow in moved.flows if not flow.comes_in),
        purposes=[
            PurposeRow(
                one,
                inflow=moved.life[one.pk, True],
                outflow=moved.life[one.pk, False],
                free=-balances.get(one.net or 0, 0),
                committed=-balances.get(one.committed or 0, 0),
            )
            for one in purposes
        ],
        places=Places(
            *(
                sum(balance for _pk, role, balance in accounts if role == place)
                for place in (AccountRole.BANK, AccountRole.STATION_CASH, AccountRole.IN_TRANSIT)
            )
        ),
        first_month=moved.first,
    )


def with_balances(funds: Iterable[Fund]) -> list[tuple[Fund, int]]:
    """Each fund with its present balance, committed money included: one query for all."""
    listed = list(funds)
    held = Account.objects.filter(
        book__fund__in=[fund.pk for fund in listed], kind__in=[AccountKind.NET_ASSETS, AccountKind.COMMITTED]
    )
    sums = dict(held.order_by().values_list("book__fund").annotate(Sum("balance")))
    return [(fund, -sums.get(fund.pk, 0)) for fund in listed]


@dataclass(frozen=True)
class _Moved:
    """Inflows and outflows: the totals by purpose and direction, and those of the period one by one.

    ``opening`` is the balance before the period, ``first`` the first month with a movement.
    """

    life: Counter[tuple[int, bool]]
    flows: list[Flow]
    opening: int
    first: date | None


def _moved(purposes: list[Purpose], period: Period) -> _Moved:
    """One query: the months of the period separately, all other months added up."""
    net = {one.net: one.pk for one in purposes if one.net}
    committed = {one.committed: one.pk for one in purposes if one.committed}
    sums = (
        MonthTotal.objects.filter(account__in=[*net, *committed])
        .order_by()
        .values_list("account", "kind", Case(When(month__range=(period.start, period.last), then="month")))
        .annotate(
            up=Sum(Greatest(GAIN, 0)),
            down=Sum(Greatest(-GAIN, 0)),
            before=Sum(GAIN, filter=Q(month__lt=period.start), default=0),
            first=Min("month"),
        )
    )
    opening, firsts, moved = 0, [], []
    for account, kind, month, up, down, before, first in sums:
        opening += before
        firsts.append(first)
        moved += [Moved(account, month or first, kind, gain) for gain in (up, -down) if gain]
    life: Counter[tuple[int, bool]] = Counter()
    within = []
    for flow in flows(moved, net, committed):
        life[flow.purpose, flow.comes_in] += flow.fen
        if period.start <= flow.month <= period.last:
            within.append(flow)
    return _Moved(life, within, opening, min(firsts, default=None))


def _months(moved: _Moved, period: Period) -> list[MonthRow]:
    sums: Counter[tuple[date, bool]] = Counter()
    for flow in moved.flows:
        sums[flow.month, flow.comes_in] += flow.fen
    rows, balance = [], moved.opening
    for month in period.months:
        inflow, outflow = sums[month, True], sums[month, False]
        balance += inflow - outflow
        if moved.first and month >= moved.first:
            rows.append(MonthRow(month, inflow, outflow, balance))
    return rows


def _ranked(flowed: Iterable[Flow]) -> list[tuple[str, int]]:
    """Kinds and their sums, the largest first."""
    sums: Counter[str] = Counter()
    for flow in flowed:
        sums[flow.kind] += flow.fen
    return sorted(((kind, fen) for kind, fen in sums.items() if fen), key=lambda one: (-one[1], one[0]))
