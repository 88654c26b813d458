"""The books' figures with labels, for the desk's preview and for the comparison with the present books."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.ledger.kinds import in_words
from charity_hub.money import yuan
from charity_hub.portal.templatetags.hub import percent
from charity_hub.reports.frozen_figures import Figures
from charity_hub.reports.registry import Row

BANK_WORDS = gettext_lazy("Host charity's bank")


def readable_rows(figures: Figures) -> list[Row]:
    """One row for each figure of the books, the four most important ones first."""
    books: Any = figures["books"]
    return [
        *_totals(books["totals"]),
        *_flows(books),
        *_months(books),
        *_held(books),
        *_paid(books["payments"]),
    ]


def readable_terms(figures: Figures) -> list[Row]:
    """The agreement in the figures; figures of early reports have no versions."""
    fund: Any = figures["fund"]
    group = _("Agreement")
    rows = [Row(group, _("Management fee"), percent(fund["fee_bp"]), "agreement.fee")]
    if "version" in fund:
        rows.insert(0, Row(group, _("Version"), _version(fund), "agreement.version"))
    if "fee_rates" in fund:
        label = _("Management fees, by the day of the gift")
        rows.append(Row(group, label, _rates(fund["fee_rates"]), "agreement.fee_rates"))
    return rows


def _version(fund: dict[str, Any]) -> str:
    return _("Version %(number)s, from %(day)s") % {"number": fund["version"], "day": fund["holds_from"]}


def _rates(rates: list[dict[str, Any]]) -> str:
    first, *later = rates
    changes = [
        _("from %(day)s on %(rate)s") % {"day": rate["since"], "rate": percent(rate["bp"])} for rate in later
    ]
    return "; ".join([percent(first["bp"]), *changes])


def _totals(totals: dict[str, int]) -> Iterator[Row]:
    group = _("The year as a whole")
    for key, label in (
        ("opening", _("Balance at the beginning")),
        ("in", _("Income")),
        ("out", _("Spending")),
        ("closing", _("Balance at the end")),
        ("closing_committed", _("Approved, not yet paid")),
        ("restricted", _("of which restricted")),
        ("unrestricted", _("of which unrestricted")),
    ):
        yield Row(group, label, yuan(totals[key]), f"totals.{key}")


def _flows(books: dict[str, Any]) -> Iterator[Row]:
    for row in books["in"]:
        source = row["source"]
        yield Row(_("Income by source"), in_words(source), yuan(row["fen"]), f"in.{source}")
    for row in books["out"]:
        yield Row(_("Spending by use"), _use(row["use"]), yuan(row["fen"]), f"out.{row['use']}")


def _use(use: str) -> str:
    return in_words(use if use == "leftover" else f"payment:{use}", paid=True)


def _months(books: dict[str, Any]) -> Iterator[Row]:
    for side, group in (("in", _("Income by month")), ("out", _("Spending by month"))):
        for month in books["months"]:
            label = _("Month %(number)s") % {"number": month["month"]}
            key = f"month.{side}.{month['month']}"
            yield Row(group, label, yuan(month[side]), key, charted=True)


def _held(books: dict[str, Any]) -> Iterator[Row]:
    for purpose in books["purposes"]:
        name, key = purpose["name"], f"purpose.{purpose['slug']}"
        yield Row(_("Balance by purpose"), name, yuan(purpose["closing"]), key)
    for place in books["places"]:
        label = BANK_WORDS if place["place"] == "bank" else place["name"]
        yield Row(_("Where the money is"), label, yuan(place["closing"]), f"place.{place['account']}")


def _paid(payments: dict[str, Any]) -> Iterator[Row]:
    group = _("Payments")
    yield Row(group, _("Number of payments"), f"{payments['count']:,}", "payments.count")
    yield Row(group, _("Beneficiaries"), f"{payments['people']:,}", "payments.people")
