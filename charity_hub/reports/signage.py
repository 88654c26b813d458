"""What this room hangs up: its job, its certificate, its menu entries, what waits for the street."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charity_hub.documents.access import register_owner
from charity_hub.documents.certificates import register_kind
from charity_hub.jobs.models import Job
from charity_hub.jobs.registry import register_job
from charity_hub.ledger.verification import register_check, unknown_seals
from charity_hub.people.models import User
from charity_hub.portal.registry import (
    WorkList,
    register_desk_figures,
    register_home_panel,
    register_menu,
    register_worklist,
)
from charity_hub.reports.actions import CERTIFICATE_KIND, JOB_KIND
from charity_hub.reports.computing import compute_report
from charity_hub.reports.models import AnnualReport
from charity_hub.reports.rights import READERS, may_read_pages
from charity_hub.reports.waiting import reports_due, reports_to_do

LATEST = 4


def _result(job: Job) -> str:
    return reverse("reports:desk_detail", args=[job.arguments["report"]])


def _may_look_on(user: User, job: Job) -> bool:
    return AnnualReport.objects.in_scope_of(user).filter(pk=job.arguments["report"]).exists()


def latest_reports(_request: HttpRequest) -> dict[str, Any]:
    """The reports issued last, for the home page."""
    issued = AnnualReport.objects.latest_issued().select_related("region").defer("figures")
    return {"reports": issued.order_by("-issued_at")[:LATEST]}


def seals_in_issued_reports() -> Iterator[str]:
    """What issued reports say of the ledger's seals, where the chain says otherwise."""
    named = AnnualReport.objects.issued().filter(figures__made__seal_hash__gt="")
    seals = named.values_list("figures__made__seal_day", "figures__made__seal_hash").distinct()
    yield from unknown_seals((date.fromisoformat(day), noted) for day, noted in seals)


def register() -> None:
    register_check(seals_in_issued_reports)
    register_job(JOB_KIND, compute_report, _("Annual report"), url=_result, seen_by=_may_look_on)
    register_kind(
        CERTIFICATE_KIND,
        _("Annual report"),
        "reports/verify.html",
        source="charity_hub.annualreport",
        view="reports_annual_report_certified",
    )
    register_owner(AnnualReport, may_read_pages)
    register_menu("public", _("Annual reports"), "reports:list", "report-analytics", order=40)
    register_menu(
        "desk", _("Annual reports"), "reports:desk_list", "report-analytics", rule=READERS, order=70
    )
    register_home_panel("reports/home.html", latest_reports, order=26)
    register_desk_figures("reports", reports_due, rule=READERS, order=40)
    register_worklist(
        WorkList("annual-reports", _("Annual reports to finish"), "report-analytics", reports_to_do)
    )
