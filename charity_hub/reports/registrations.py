"""What this room registers: its job, its certificate, its menu entries, what waits for the street."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from charity_hub.documents.certificates import register_kind
from charity_hub.documents.permissions import register_owner
from charity_hub.jobs.models import Job
from charity_hub.jobs.registry import register_job
from charity_hub.ledger.verification import register_check, unknown_seals
from charity_hub.notices.registry import NoticeKind, register_notices
from charity_hub.people.access import scope_of
from charity_hub.people.models import Role, User
from charity_hub.portal.registry import (
    DeskFigure,
    WorkItem,
    WorkList,
    register_desk_figures,
    register_home_panel,
    register_menu,
    register_worklist,
)
from charity_hub.reports.actions import JOB_KIND
from charity_hub.reports.compute_job import compute_report, result_of, tell_failure
from charity_hub.reports.frozen_figures import digest
from charity_hub.reports.models import AnnualReport, ReportState, deadline_of
from charity_hub.reports.permissions import READERS, WRITERS, may_read_pages
from charity_hub.reports.queries import due_now, overviews
from charity_hub.reports.workflow import CERTIFICATE_KIND


def changed_figures() -> Iterator[str]:
    """A sentence for each issued report whose figures are not those that were hashed."""
    for report in AnnualReport.objects.filter(state=ReportState.ISSUED).iterator(chunk_size=50):
        if digest(report.figures) != report.figures_hash:
            yield gettext("The figures of the annual report “%(report)s” are not those that were issued.") % {
                "report": report
            }


def reports_due(user: User) -> list[DeskFigure]:
    """How many of last year's reports in scope are issued, and by when they must be."""
    year = due_now(user)
    if year is None:
        return []
    if year.issued >= year.subjects:
        detail = gettext("all issued")
    else:
        detail = gettext("due on %(day)s") % {"day": year.deadline.isoformat()}
    label = gettext("Annual reports of %(year)s") % {"year": year.year}
    return [DeskFigure(label, f"{year.issued} / {year.subjects}", detail, reverse("reports:desk_list"))]


def not_begun(user: User) -> list[WorkItem]:
    """One item for last year's reports that nobody has asked for."""
    if scope_of(user, Role.STREET_STAFF).empty:
        return []
    last_year = timezone.localdate().year - 1
    count = sum(overview.missing for overview in overviews(user) if overview.year == last_year)
    if not count:
        return []
    words = ngettext(
        "%(count)s annual report of %(year)s to create",
        "%(count)s annual reports of %(year)s to create",
        count,
    )
    title = words % {"count": count, "year": last_year}
    url = reverse("reports:desk_list")
    return [WorkItem(title, url, deadline=deadline_of(last_year), tone="yellow")]


LATEST = 4


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
    register_check(changed_figures)
    register_job(
        JOB_KIND,
        compute_report,
        _("Annual report"),
        url=result_of,
        seen_by=_may_look_on,
        failed=tell_failure,
    )
    register_notices(
        NoticeKind(
            "report_failed",
            _("An annual report that I asked for could not be calculated"),
            _("The figures of the annual report “%(report)s” could not be calculated: %(reason)s"),
            rule=WRITERS,
            by_text=False,
        )
    )
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
        WorkList("annual-reports", _("Annual reports to create"), "report-analytics", not_begun)
    )
