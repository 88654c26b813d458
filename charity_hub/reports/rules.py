"""What must be true before a report is changed or issued; each raises with what is missing and what to do."""

from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.reports.changes import books_differ, figures_now, terms_changed
from charity_hub.reports.models import AnnualReport, ReportState
from charity_hub.reports.permissions import may_write_in


def require_writer(actor: User | None, region_code: str) -> None:
    """Raise ``PermissionDenied`` unless the portal itself acts, or staff of the street."""
    require(
        actor is None or may_write_in(actor, region_code),
        _("Only staff of this street write and issue its reports. Ask one of them."),
    )


def refuse_discarded(report: AnnualReport) -> None:
    """Raise ``Refused`` for a draft that was taken away."""
    if report.state == ReportState.DISCARDED:
        raise Refused(_("This draft was discarded. Create the report again from the list of annual reports."))


def refuse_unfinished(report: AnnualReport) -> None:
    """Raise ``Refused`` before the figures, the year's end or the words are there."""
    if report.state != ReportState.DRAFT:
        raise Refused(
            _("The figures are still being calculated. Wait until they are ready, then issue the report.")
        )
    if not report.year_is_over:
        raise Refused(
            _(
                "The year %(year)s has not ended. You can write the narrative now and issue the "
                "report afterwards."
            )
            % {"year": report.year}
        )
    if not report.has_words:
        raise Refused(
            _(
                "Results, problems and next year's plan are not all written."
                " Write them, then issue the report."
            )
        )


def refuse_outdated(report: AnnualReport) -> None:
    """Raise ``Refused`` when the books give other figures by now, or other terms hold than it names;
    otherwise they stay so until the transaction ends.
    """
    report.builder.hold(report.subject_code)
    now = figures_now(report)
    if books_differ(report, now):
        raise Refused(
            _(
                "The books have changed since these figures were calculated. Recalculate them, "
                "then issue the report."
            )
        )
    for change in terms_changed(report, now):
        raise Refused(
            _(
                "“%(term)s” is now “%(now)s”, but these figures were calculated with “%(then)s”. "
                "Recalculate the figures, then issue the report."
            )
            % {"term": change.label, "now": change.now, "then": change.then}
        )
