"""All funds in a person's scope, grouped by street: four queries for any number of funds."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charity_hub.ledger.models import AccountKind, MonthTotal
from charity_hub.people.access import AnyUser
from charity_hub.portal.state_colours import state_colour
from charity_hub.regions.models import Level, Region
from charity_hub.reports.models import AnnualReport, ReportState
from funds.annual_report.figures import KIND
from funds.books.flows import GAIN, flow_sums
from funds.profile.models import Fund, FundQuerySet
from funds.public.figures import with_balances
from funds.public.periods import months_later

TREND_MONTHS = 12


class Badge(NamedTuple):
    word: str | Promise
    colour: str


@dataclass(frozen=True)
class FundRow:
    """A fund's balance, inflow and outflow of this year (fen), and its balances at the end of the
    last twelve months, from its first month on. ``report`` is last year's report, None if none is due.
    """

    fund: Fund
    balance: int
    inflow: int
    outflow: int
    trend: list[int]
    report: Badge | None


@dataclass(frozen=True)
class Street:
    """The funds of one street or town, including its communities."""

    name: str
    funds: list[FundRow]

    @property
    def balance(self) -> int:
        return sum(row.balance for row in self.funds)

    @property
    def inflow(self) -> int:
        return sum(row.inflow for row in self.funds)

    @property
    def outflow(self) -> int:
        return sum(row.outflow for row in self.funds)


class _Moved(NamedTuple):
    fund: int
    month: date
    gain: int
    inflow: int
    outflow: int


def working_funds(user: AnyUser, today: date) -> FundQuerySet:
    """The funds in scope that were ever active and were not closed before this year."""
    open_this_year = Q(closed_on=None) | Q(closed_on__year=today.year)
    return Fund.objects.in_scope_of(user).public().filter(open_this_year)


def streets_of(user: AnyUser) -> list[Street]:
    """The overview, ordered by the codes of street and fund."""
    today = timezone.localdate()
    funds = list(working_funds(user, today).order_by("region", "code"))
    if not funds:
        return []
    names = dict(Region.objects.filter(pk__in={_street(fund) for fund in funds}).values_list("pk", "name"))
    rows = _rows(funds, today)
    return [Street(names[code], list(group)) for code, group in groupby(rows, lambda row: _street(row.fund))]


def _street(fund: Fund) -> str:
    return fund.region_id[: Level.STREET]


def _rows(funds: list[Fund], today: date) -> list[FundRow]:
    first = months_later(today, 1 - TREND_MONTHS)
    moved: dict[int, list[_Moved]] = defaultdict(list)
    for one in _moved(funds, first):
        moved[one.fund].append(one)
    reports = _reports(funds, today.year - 1)
    rows = []
    for fund, balance in with_balances(funds):
        of_year = [one for one in moved[fund.pk] if one.month.year == today.year]
        rows.append(
            FundRow(
                fund,
                balance,
                inflow=sum(one.inflow for one in of_year),
                outflow=sum(one.outflow for one in of_year),
                trend=_trend(balance, moved[fund.pk], first, fund.activated_on or today),
                report=_report(fund, reports, today.year - 1),
            )
        )
    return rows


def _moved(funds: list[Fund], first: date) -> Iterable[_Moved]:
    """The funds' changes by month since ``first``, which is January of this year or earlier."""
    totals = MonthTotal.objects.filter(
        account__book__fund__in=[fund.pk for fund in funds],
        account__kind__in=[AccountKind.NET_ASSETS, AccountKind.COMMITTED],
        month__gte=first,
    )
    by_month = totals.order_by().values_list("account__book__fund", "month")
    return map(_Moved._make, by_month.annotate(gain=Sum(GAIN), **flow_sums()))


def _trend(balance: int, moved: Iterable[_Moved], first: date, began: date) -> list[int]:
    """Month-end balances, calculated backwards from the present balance."""
    gains = {one.month: one.gain for one in moved}
    trend = []
    for number in reversed(range(TREND_MONTHS)):
        month = months_later(first, number)
        if month < began.replace(day=1):
            break
        trend.append(balance)
        balance -= gains.get(month, 0)
    return trend[::-1]


def _reports(funds: list[Fund], year: int) -> dict[str, set[str]]:
    """The states of the year's current reports by fund."""
    states: dict[str, set[str]] = defaultdict(set)
    codes = [fund.code for fund in funds]
    reports = AnnualReport.objects.not_discarded().filter(
        subject_kind=KIND, subject_code__in=codes, year=year
    )
    for code, state in reports.order_by().values_list("subject_code", "state"):
        states[code].add(state)
    return states


def _report(fund: Fund, reports: dict[str, set[str]], year: int) -> Badge | None:
    if fund.activated_on is None or fund.activated_on.year > year:
        return None
    states = reports.get(fund.code, set())
    if not states:
        return Badge(_("not started"), "yellow")
    state = ReportState.ISSUED if ReportState.ISSUED in states else ReportState.DRAFT
    return Badge(state.label, state_colour(AnnualReport, state))
