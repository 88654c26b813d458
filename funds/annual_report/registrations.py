"""Registrations of this room: the builder of funds' annual reports."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charity_hub.people.access import AnyUser
from charity_hub.reports.models import AnnualReport
from charity_hub.reports.registry import Builder, Closing, register_builder
from funds.annual_report.charts import charts
from funds.annual_report.figures import KIND, compute, fund_subject, hold, mark
from funds.annual_report.readable_figures import readable_rows, readable_terms
from funds.annual_report.year_end import close_year, open_items_of_year, year_is_closed
from funds.profile.models import Fund, FundQuerySet
from funds.public.panels import register_panel

ROOM = "funds/annual_report"
LISTED = ["year", "version", "issued_at", "pdf_id"]


def reported_funds(user: AnyUser, year: int | None) -> FundQuerySet:
    """Funds that were ever active (in or before ``year``) and whose reports this person may read on the
    desk.
    """
    funds = Fund.objects.public().in_scope_of(user)
    if year is None:
        return funds
    open_then = Q(closed_on=None) | Q(closed_on__year__gte=year)
    return funds.filter(open_then, activated_on__year__lte=year)


def issued_reports(fund: Fund) -> dict[str, Any]:
    """The panel on the fund's public page: the reports in force, newest year first."""
    issued = AnnualReport.objects.issued().filter(subject_kind=KIND, subject_code=fund.code)
    latest = {row["year"]: row for row in issued.order_by("year", "version").values(*LISTED)}
    return {"reports": list(reversed(latest.values()))}


def register() -> None:
    register_panel("funds/annual_report/panel.html", issued_reports, order=30)
    register_builder(
        Builder(
            kind=KIND,
            title=_("Community charity fund"),
            subjects=reported_funds,
            subject=fund_subject,
            compute=compute,
            hold=hold,
            mark=mark,
            rows=readable_rows,
            terms=readable_terms,
            template=f"{ROOM}/typst/report.typ",
            assets=charts,
            closing=Closing(year_is_closed, open_items_of_year, close_year),
            layout=(f"{ROOM}/typst/parts.typ", f"{ROOM}/charts.py"),
        )
    )
