"""The questions about a fund's months and their answers. All amounts in fen.

Two queries per answer, three for balances.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from charity_hub.ledger.kinds import in_words
from charity_hub.ledger.models import MonthTotal
from funds.books.flows import GAIN, Flow, Moved, flows, moved_in
from funds.profile.models import Fund
from funds.public.periods import Period


class Question(models.TextChoices):
    """The direction asked for, and how it is divided."""

    SOURCES = "sources", _("Income by source")
    RECEIVED = "received", _("Income by purpose")
    USES = "uses", _("Spending by use")
    SPENT = "spent", _("Spending by purpose")
    HELD = "held", _("Month-end balance by purpose")


@dataclass(frozen=True)
class Grid:
    """Series by name, and each month with one amount per series, in order."""

    names: list[str]
    months: list[tuple[date, list[int]]]
    adds_up: bool

    @property
    def sums(self) -> list[int]:
        """The sum of each series over all months, if the months can be added up."""
        return [sum(row[place] for _month, row in self.months) for place in range(len(self.names))]


@dataclass(frozen=True)
class _Accounts:
    """A fund's purposes in order, and the purpose of each of their accounts."""

    names: dict[int, str]
    net: dict[int, int]
    committed: dict[int, int]

    @property
    def all(self) -> dict[int, int]:
        return self.net | self.committed


def ask(fund: Fund, question: str, period: Period) -> Grid:
    """The answer for the months of the period, from the first month with a movement on."""
    accounts = _accounts(fund)
    moved = moved_in(accounts.all, period.start, period.last)
    if question == Question.HELD:
        return _held(accounts, moved, period)
    comes_in = question in {Question.SOURCES, Question.RECEIVED}
    flowed = [one for one in flows(moved, accounts.net, accounts.committed) if one.comes_in == comes_in]
    if question in {Question.SOURCES, Question.USES}:
        names = {kind: in_words(kind, paid=not comes_in) for kind in _ranked(flowed)}
        return _grid(names, flowed, lambda flow: flow.kind, period)
    return _grid(accounts.names, flowed, lambda flow: flow.purpose, period)


def _accounts(fund: Fund) -> _Accounts:
    rows = list(fund.purposes.values_list("pk", "name", "net_account", "committed_account"))
    return _Accounts(
        names={pk: name for pk, name, _net, _committed in rows},
        net={net: pk for pk, _name, net, _committed in rows if net},
        committed={committed: pk for pk, _name, _net, committed in rows if committed},
    )


def _ranked(flowed: Iterable[Flow]) -> list[str]:
    """The kinds, the largest first."""
    sums: Counter[str] = Counter()
    for flow in flowed:
        sums[flow.kind] += flow.fen
    return [kind for kind, _fen in sums.most_common()]


def _grid[Key: (str, int)](
    names: dict[Key, str], flowed: list[Flow], key: Callable[[Flow], Key], period: Period
) -> Grid:
    sums: Counter[tuple[date, Key]] = Counter()
    for flow in flowed:
        sums[flow.month, key(flow)] += flow.fen
    rows = [(month, [sums[month, one] for one in names]) for month in period.months]
    return Grid(list(names.values()), _from_the_first(rows), adds_up=True)


def _held(accounts: _Accounts, moved: list[Moved], period: Period) -> Grid:
    """The balance of each purpose at the end of each month, committed money included."""
    earlier = MonthTotal.objects.filter(account__in=accounts.all, month__lt=period.start)
    held: Counter[int] = Counter()
    for account, gain in earlier.order_by().values_list("account").annotate(gain=Sum(GAIN)):
        held[accounts.all[account]] += gain
    gained: Counter[tuple[date, int]] = Counter()
    for one in moved:
        gained[one.month, accounts.all[one.account]] += one.gain
    rows = []
    for month in period.months:
        for purpose in accounts.names:
            held[purpose] += gained[month, purpose]
        rows.append((month, [held[purpose] for purpose in accounts.names]))
    return Grid(list(accounts.names.values()), _from_the_first(rows), adds_up=False)


def _from_the_first(rows: list[tuple[date, list[int]]]) -> list[tuple[date, list[int]]]:
    first = next((place for place, (_month, row) in enumerate(rows) if any(row)), len(rows))
    return rows[first:]
