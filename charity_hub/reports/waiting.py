"""What the desk shows of reports: last year's, due on 31 May, and what waits for the street until then."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charity_hub.people.access import scope_of
from charity_hub.people.models import Role, User
from charity_hub.portal.registry import DeskFigure, WorkItem
from charity_hub.reports.models import AnnualReport, ReportState, deadline_of
from charity_hub.reports.years import due_now, overviews

MOST_SHOWN = 10


def reports_due(user: User) -> list[DeskFigure]:
    """How many of last year's reports in scope are issued, and by when they must be."""
    year = due_now(user)
    if year is None:
        return []
    if year.issued >= year.subjects:
        detail = _("all issued")
    else:
        detail = _("due on %(day)s") % {"day": year.deadline.isoformat()}
    label = _("Annual reports of %(year)s") % {"year": year.year}
    return [DeskFigure(label, f"{year.issued} / {year.subjects}", detail, reverse("reports:desk_list"))]


def reports_to_do(user: User) -> list[WorkItem]:
    """Open versions to write and issue, and one item for the year's reports that were not begun."""
    scope = scope_of(user, Role.STREET_STAFF)
    if scope.empty:
        return []
    return [*_not_begun(user), *_open(user)]


def _not_begun(user: User) -> Iterator[WorkItem]:
    last_year = timezone.localdate().year - 1
    for overview in overviews(user):
        if overview.year == last_year and overview.missing:
            count = overview.missing
            words = ngettext(
                "%(count)s annual report of %(year)s to create",
                "%(count)s annual reports of %(year)s to create",
                count,
            )
            yield WorkItem(
                title=words % {"count": count, "year": last_year},
                url=reverse("reports:desk_list"),
                deadline=deadline_of(last_year),
                tone="yellow",
            )


def _open(user: User) -> Iterator[WorkItem]:
    scope = scope_of(user, Role.STREET_STAFF)
    drafts = AnnualReport.objects.filter(state=ReportState.DRAFT, year__lt=timezone.localdate().year)
    if not scope.everything:
        drafts = drafts.filter(scope.regions_q())
    for report in drafts.defer("figures").order_by("year", "subject_code")[:MOST_SHOWN]:
        yield WorkItem(
            title=f"{report.subject_name} {report.year}",
            url=reverse("reports:desk_detail", args=[report.pk]),
            detail=_("Ready to be issued") if report.has_words else _("Narrative missing"),
            deadline=report.deadline,
            tone="blue" if report.has_words else "yellow",
        )
