"""What a fund's books say of one year, from month totals alone. All amounts in fen.

In: gifts, seed money and other funds' leftovers, on the purposes' net-assets accounts. Out: payments, on
their committed accounts, and leftovers handed over. A reversal counts against the kind that it reverses.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.figures import month_totals
from charity_hub.ledger.models import Account, AccountKind, MonthTotal
from charity_hub.money import yuan
from funds.profile.models import Fund, Purpose
from funds.spending.models import Use

GIFT_SOURCES = ("gift:person", "gift:organization", "gift:anonymous")
SOURCES = (*GIFT_SOURCES, "seed", "leftover")
USES = (*Use.values, "leftover")
# Shown even in a year without any: the reader looks for them.
ALWAYS = {*GIFT_SOURCES, *Use.values}


class Books:
    """One year of one fund's book, read in four queries and then asked for its parts."""

    def __init__(self, fund: Fund, year: int) -> None:
        self.fund = fund
        self.year = year
        self.purposes = list(fund.purposes.all())
        self.accounts = {account.pk: account for account in Account.objects.filter(book=fund.book_id)}
        self.opening = self._openings()
        # (account, month, kind) → credits − debits
        self.moved: Counter[tuple[int, int, str]] = Counter()
        for row in month_totals(self.accounts, date(year, 1, 1), date(year, 12, 31)):
            self.moved[row.account_id, row.month.month, row.kind] += row.credits - row.debits

    def _openings(self) -> Counter[int]:
        before = MonthTotal.objects.filter(account__in=self.accounts, month__lt=date(self.year, 1, 1))
        sums = before.order_by().values_list("account").annotate(Sum("credits"), Sum("debits"))
        return Counter({account: credited - debited for account, credited, debited in sums})

    def income_of_last_year(self) -> int:
        """What came in during the year before."""
        net = [account.pk for account in self.accounts.values() if account.kind == AccountKind.NET_ASSETS]
        rows = month_totals(net, date(self.year - 1, 1, 1), date(self.year - 1, 12, 31))
        return sum(max(came, 0) if source == "leftover" else came for source, came in _by_source(rows))

    def flows(self) -> Iterator[tuple[str, str, int, int, int]]:
        """Every flow in or out as (``in`` or ``out``, source or use, month, purpose's id, fen)."""
        net, committed = (
            {getattr(one, name): one.pk for one in self.purposes}
            for name in ("net_account_id", "committed_account_id")
        )
        for (account, month, kind), credited in sorted(self.moved.items()):
            if account in net and (kind.startswith("gift:") or kind == "seed"):
                yield "in", kind, month, net[account], credited
            elif account in net and kind == "leftover":
                side = "in" if credited > 0 else "out"
                yield side, kind, month, net[account], abs(credited)
            elif account in committed and kind.startswith("payment:"):
                yield "out", kind.removeprefix("payment:"), month, committed[account], -credited

    def figures(self) -> dict[str, Any]:
        """The books' part of the report. Raises ``Refused`` when it does not add up."""
        flows = list(self.flows())
        purposes = [
            row
            for row in (self._purpose(one, flows) for one in self.purposes)
            if any(row[name] for name in TOTALLED)
        ]
        totals = {name: sum(one[name] for one in purposes) for name in TOTALLED}
        totals["restricted"] = sum(one["closing"] for one in purposes if one["restricted"])
        totals["unrestricted"] = totals["closing"] - totals["restricted"]
        figures = {
            "totals": totals,
            "months": _months(flows, totals["opening"]),
            "in": _by_month(flows, "in", "source", SOURCES),
            "out": _by_month(flows, "out", "use", USES),
            "purposes": purposes,
            "places": self._places(),
        }
        _check(self.fund, figures)
        return figures

    def _purpose(self, purpose: Purpose, flows: list[tuple[str, str, int, int, int]]) -> dict[str, Any]:
        free, committed = purpose.net_account_id or 0, purpose.committed_account_id or 0
        opening = self.opening[free] + self.opening[committed]
        return {
            "slug": purpose.slug,
            "name": purpose.name,
            "restricted": int(purpose.restricted),
            "opening": opening,
            "opening_committed": self.opening[committed],
            "in": sum(fen for side, _what, _month, pk, fen in flows if side == "in" and pk == purpose.pk),
            "out": sum(fen for side, _what, _month, pk, fen in flows if side == "out" and pk == purpose.pk),
            "closing": opening + self._change(free) + self._change(committed),
            "closing_committed": self.opening[committed] + self._change(committed),
        }

    def _change(self, account: int) -> int:
        return sum(credited for (moved, _month, _kind), credited in self.moved.items() if moved == account)

    def _places(self) -> list[dict[str, Any]]:
        """Where the money is: the bank, stations' cash, on its way. Debit-positive,
        unlike everything above.
        """
        places = []
        for account in sorted(self.accounts.values(), key=lambda one: one.code):
            opening, change = -self.opening[account.pk], -self._change(account.pk)
            if account.kind != AccountKind.ASSET or (
                account.code.split(":")[0] != "bank" and not opening and not change
            ):
                continue
            place = account.code.split(":")[0]
            places.append(
                {
                    "place": place,
                    "account": account.code,
                    "name": account.name,
                    "opening": opening,
                    "closing": opening + change,
                }
            )
        return places


TOTALLED = ("opening", "opening_committed", "in", "out", "closing", "closing_committed")


def _by_source(rows: Any) -> list[tuple[str, int]]:
    came: Counter[str] = Counter()
    for row in rows:
        if row.kind in {"seed", "leftover"} or row.kind.startswith("gift:"):
            came[row.kind] += row.credits - row.debits
    return list(came.items())


def _months(flows: list[tuple[str, str, int, int, int]], opening: int) -> list[dict[str, int]]:
    months, balance = [], opening
    for month in range(1, 13):
        came, went = (
            sum(fen for side, _what, at, _pk, fen in flows if side == wanted and at == month)
            for wanted in ("in", "out")
        )
        balance += came - went
        months.append({"month": month, "in": came, "out": went, "closing": balance})
    return months


def _by_month(
    flows: list[tuple[str, str, int, int, int]], side: str, name: str, kinds: tuple[str, ...]
) -> list[dict[str, Any]]:
    moved: Counter[tuple[str, int]] = Counter()
    for flow_side, what, month, _pk, fen in flows:
        if flow_side == side:
            moved[what, month] += fen
    present = {what for what, _month in moved}
    rows = []
    for kind in [*kinds, *sorted(present.difference(kinds))]:
        months = [moved[kind, month] for month in range(1, 13)]
        if kind in ALWAYS or any(months):
            rows.append({name: kind, "fen": sum(months), "months": months})
    return rows


def _check(fund: Fund, figures: dict[str, Any]) -> None:
    """Three ways to the same balance. Raises ``Refused`` with the two figures that differ."""
    totals = figures["totals"]
    placed = sum(place["closing"] for place in figures["places"])
    for reckoned, found in (
        (totals["opening"] + totals["in"] - totals["out"], totals["closing"]),
        (figures["months"][-1]["closing"], totals["closing"]),
        (placed, totals["closing"]),
    ):
        if reckoned != found:
            raise Refused(
                _(
                    "The books of %(fund)s contradict themselves: %(one)s on one side, %(other)s on the"
                    " other. No report is made. Have an administrator run verify_ledger and look at the"
                    " fund's accounts."
                )
                % {"fund": fund.name, "one": yuan(reckoned), "other": yuan(found)}
            )
