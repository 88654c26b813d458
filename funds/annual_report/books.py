"""The figures of a fund's books for one year, from month totals alone. All amounts in fen.

``funds.books.flows`` defines inflow and outflow, here and on the fund's public page.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.models import Account, AccountKind, AccountRole, MonthTotal
from charity_hub.money import yuan
from funds.books.flows import Flow, flows, moved_in
from funds.profile.models import Fund, Purpose
from funds.spending.models import Use

GIFT_SOURCES = ("gift:person", "gift:organization", "gift:anonymous")
SOURCES = (*GIFT_SOURCES, "seed", "leftover")
USES = (*Use.values, "leftover")
# Shown even without any amount, because readers look for them.
ALWAYS = {*GIFT_SOURCES, *Use.values}

# The names of places in the figures of reports. Issued reports contain these words: do not change them.
PLACES = {AccountRole.BANK: "bank", AccountRole.STATION_CASH: "cash", AccountRole.IN_TRANSIT: "transit"}


class Books:
    """One year of one fund's book, read in four queries."""

    def __init__(self, fund: Fund, year: int) -> None:
        self.fund = fund
        self.year = year
        self.purposes = list(fund.purposes.all())
        self.accounts = {account.pk: account for account in Account.objects.filter(book=fund.book_id)}
        self.opening = self._openings()
        self.moved = moved_in(self.accounts, date(year, 1, 1), date(year, 12, 31))
        self.net = {one.net_account_id: one.pk for one in self.purposes if one.net_account_id}
        self.committed = {
            one.committed_account_id: one.pk for one in self.purposes if one.committed_account_id
        }
        self.flows = list(flows(self.moved, self.net, self.committed))

    def _openings(self) -> Counter[int]:
        before = MonthTotal.objects.filter(account__in=self.accounts, month__lt=date(self.year, 1, 1))
        sums = before.order_by().values_list("account").annotate(Sum("credits"), Sum("debits"))
        return Counter({account: credited - debited for account, credited, debited in sums})

    def income_of_last_year(self) -> int:
        """The inflow of the year before."""
        moved = moved_in(self.net, date(self.year - 1, 1, 1), date(self.year - 1, 12, 31))
        return _sum(flow for flow in flows(moved, self.net, {}) if flow.comes_in)

    def figures(self) -> dict[str, Any]:
        """The books' part of the report. Raises ``Refused`` if the totals contradict each other."""
        purposes = [
            row
            for row in (self._purpose(one) for one in self.purposes)
            if any(row[name] for name in TOTALLED)
        ]
        totals = {name: sum(one[name] for one in purposes) for name in TOTALLED}
        totals["restricted"] = sum(one["closing"] for one in purposes if one["restricted"])
        totals["unrestricted"] = totals["closing"] - totals["restricted"]
        inflows = [flow for flow in self.flows if flow.comes_in]
        outflows = [flow for flow in self.flows if not flow.comes_in]
        figures = {
            "totals": totals,
            "months": _months(inflows, outflows, totals["opening"]),
            "in": _by_month(inflows, "source", SOURCES),
            "out": _by_month(outflows, "use", USES),
            "purposes": purposes,
            "places": self._places(),
        }
        _check(self.fund, figures)
        return figures

    def _purpose(self, purpose: Purpose) -> dict[str, Any]:
        free, committed = purpose.net_account_id or 0, purpose.committed_account_id or 0
        opening = self.opening[free] + self.opening[committed]
        own = [flow for flow in self.flows if flow.purpose == purpose.pk]
        return {
            "slug": purpose.slug,
            "name": purpose.name,
            "restricted": int(purpose.restricted),
            "opening": opening,
            "opening_committed": self.opening[committed],
            "in": _sum(flow for flow in own if flow.comes_in),
            "out": _sum(flow for flow in own if not flow.comes_in),
            "closing": opening + self._change(free) + self._change(committed),
            "closing_committed": self.opening[committed] + self._change(committed),
        }

    def _change(self, account: int) -> int:
        return sum(row.gain for row in self.moved if row.account == account)

    def _places(self) -> list[dict[str, Any]]:
        """Where the money is: at the bank, in stations' cash, in transit. Debit-positive, unlike the other
        figures.
        """
        places = []
        for account in sorted(self.accounts.values(), key=lambda one: one.code):
            opening, change = -self.opening[account.pk], -self._change(account.pk)
            if account.kind != AccountKind.ASSET or (
                account.role != AccountRole.BANK and not opening and not change
            ):
                continue
            places.append(
                {
                    "place": PLACES[AccountRole(account.role)],
                    "account": account.code,
                    "name": account.name,
                    "opening": opening,
                    "closing": opening + change,
                }
            )
        return places


TOTALLED = ("opening", "opening_committed", "in", "out", "closing", "closing_committed")


def _sum(flowed: Iterable[Flow]) -> int:
    return sum(flow.fen for flow in flowed)


def _months(inflows: list[Flow], outflows: list[Flow], opening: int) -> list[dict[str, int]]:
    months, balance = [], opening
    for month in range(1, 13):
        inflow = _sum(flow for flow in inflows if flow.month.month == month)
        outflow = _sum(flow for flow in outflows if flow.month.month == month)
        balance += inflow - outflow
        months.append({"month": month, "in": inflow, "out": outflow, "closing": balance})
    return months


def _by_month(flowed: list[Flow], name: str, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    moved: Counter[tuple[str, int]] = Counter()
    for flow in flowed:
        moved[flow.kind.removeprefix("payment:"), flow.month.month] += flow.fen
    present = {what for what, _month in moved}
    rows = []
    for kind in [*kinds, *sorted(present.difference(kinds))]:
        months = [moved[kind, month] for month in range(1, 13)]
        if kind in ALWAYS or any(months):
            rows.append({name: kind, "fen": sum(months), "months": months})
    return rows


def _check(fund: Fund, figures: dict[str, Any]) -> None:
    """Calculate the balance in three ways. Raises ``Refused`` with two figures that differ."""
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
                    "The books of %(fund)s are inconsistent: %(one)s and %(other)s should be equal. No "
                    "report was made. Ask an administrator to run verify_ledger and check the fund's "
                    "accounts."
                )
                % {"fund": fund.name, "one": yuan(reckoned), "other": yuan(found)}
            )
