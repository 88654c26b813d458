"""The moves of an annual report: computed by a job, completed and issued by the street, or discarded."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.documents import certificates
from charity_hub.documents.uploads import store_made
from charity_hub.people.models import Role, User
from charity_hub.reports.actions import compute_later, correct, replace_earlier
from charity_hub.reports.forms import CorrectionForm, IssueForm
from charity_hub.reports.frozen_figures import digest
from charity_hub.reports.models import OPEN, AnnualReport, ReportState
from charity_hub.reports.printing import certified_facts, facts_of_issue, file_name, print_report, sha256
from charity_hub.reports.rules import refuse_outdated, refuse_unfinished
from charity_hub.reports.tables import grouped_rows
from charity_hub.workflow.moves import Data, Move, Reason, Workflow
from charity_hub.workflow.rules import Who, holders

COMPUTING, DRAFT, ISSUED = ReportState.COMPUTING, ReportState.DRAFT, ReportState.ISSUED
CERTIFICATE_KIND = "annual_report"
STREET = holders(Role.STREET_STAFF, region="region")
YEAR_IS_OVER = Who(STREET.rule, lambda _user: Q(year__lt=timezone.localdate().year))
# An issue shows the first groups of figures; the others are on the report's own page.
GROUPS_SHOWN = 3


def _frozen(_report: AnnualReport, _actor: User, data: Data) -> Data:
    figures = data["figures"]
    return {"figures": figures, "figures_hash": digest(figures), "computed_at": timezone.now()}


def _check_issue(report: AnnualReport, _actor: User, _data: Data) -> None:
    refuse_unfinished(report)
    refuse_outdated(report)


def _issued(report: AnnualReport, actor: User, _data: Data) -> Data:
    """The pages are printed from the frozen figures and stored; their code answers from now on."""
    report.issued_at, report.issued_by = timezone.now(), actor
    report.certificate = certificates.issue(CERTIFICATE_KIND, report, certified_facts(report))
    report.issue_facts = facts_of_issue(report)
    pages = print_report(report)
    return {
        "issued_at": report.issued_at,
        "issued_by": actor,
        "certificate": report.certificate,
        "issue_facts": report.issue_facts,
        "pdf": store_made(file_name(report), pages, "application/pdf", owner=report, actor=actor),
        "pdf_hash": sha256(pages),
    }


def _close_year(report: AnnualReport, actor: User, data: Data) -> None:
    """Earlier versions say that they were replaced; with ``close_year`` the subject's books are closed."""
    replace_earlier(report)
    closing = report.builder.closing
    if closing and data.get("close_year"):
        closing.close(report.subject_code, report.year, actor)


def _open_items(report: AnnualReport) -> list[str]:
    closing = report.builder.closing
    if closing is None or closing.is_closed(report.subject_code, report.year):
        return []
    return closing.open_items(report.subject_code, report.year)


def _is_newest(report: AnnualReport) -> bool:
    versions = AnnualReport.objects.of(report.subject_kind, report.subject_code, report.year)
    return not versions.filter(version__gt=report.version).exists()


# A job computes the figures and freezes them.
freeze_figures = Move[AnnualReport]("freeze", COMPUTING, DRAFT, changes=_frozen)
issue_report = Move[AnnualReport](
    "issue",
    DRAFT,
    ISSUED,
    by=STREET,
    form=IssueForm,
    own_page=True,
    check=_check_issue,
    changes=_issued,
    effect=_close_year,
    warnings=_open_items,
    ready=lambda report: report.has_words and report.year_is_over,
    label=_("Issue"),
    lead=_(
        "Anyone can read an issued report, and nobody can change it. A mistake is corrected by a new version."
    ),
    done=_("Issued. The report is public now, and its PDF is ready."),
    icon="rosette-discount-check",
    waiting=_("Annual reports to finish"),
    waits_for=STREET & YEAR_IS_OVER,
)
recompute_report = Move[AnnualReport](
    "recompute",
    DRAFT,
    COMPUTING,
    by=STREET,
    effect=compute_later,
    again=compute_later,
    label=_("Recalculate"),
    lead=_("The figures are calculated anew from the books as they are now. The narrative stays."),
    done=_("The figures are being calculated."),
    icon="refresh",
)
correct_report = Move[AnnualReport](
    "correct",
    ISSUED,
    "",
    by=STREET,
    form=CorrectionForm,
    action=correct,
    own_page=True,
    ready=_is_newest,
    label=_("Correct"),
    icon="edit",
)
discard_report = Move[AnnualReport](
    "discard",
    OPEN,
    ReportState.DISCARDED,
    by=STREET,
    reason=Reason.NEEDED,
    label=_("Discard the draft"),
    lead=_(
        "The figures and the narrative of the draft are discarded. The report can be created "
        "again at any time."
    ),
    done=_("The draft is discarded."),
    icon="trash",
    danger=True,
)


def _item(report: AnnualReport) -> tuple[str, Any]:
    ready = _("Ready to be issued") if report.has_words else _("Narrative missing")
    return f"{report.subject_name} {report.year}", ready


def _context(report: AnnualReport) -> Data:
    return {"report": report, "groups": grouped_rows(report)[:GROUPS_SHOWN]}


REPORTS = Workflow(
    AnnualReport,
    moves=[freeze_figures, issue_report, recompute_report, correct_report, discard_report],
    start=[COMPUTING],
    namespace="reports",
    url=lambda report: reverse("reports:desk_detail", args=[report.pk]),
    item=_item,
    unread=["figures"],
    deadline=lambda report: report.deadline,
    colours={COMPUTING: "blue", DRAFT: "grey", ISSUED: "green", ReportState.DISCARDED: "grey"},
    turns={
        DRAFT: _("Next: staff of the street complete the narrative and issue the report by %(deadline)s."),
    },
    names=lambda report: {"deadline": report.deadline},
    template="reports/step.html",
    context=_context,
)
