"""Annual reports on the desk: have them made, write the street's words, issue, correct."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charity_hub.errors import Refused
from charity_hub.people.access import access, person
from charity_hub.people.models import User
from charity_hub.portal.form_page import form_page
from charity_hub.portal.list_page import list_page
from charity_hub.reports import actions
from charity_hub.reports.changes import changes_since
from charity_hub.reports.forms import CorrectionForm, MakeForm, WordsForm
from charity_hub.reports.models import AnnualReport, ReportState
from charity_hub.reports.permissions import READERS, WRITERS, may_write, may_write_in
from charity_hub.reports.printing import file_name, make_again, print_report
from charity_hub.reports.queries import overviews
from charity_hub.reports.registry import Builder, builders
from charity_hub.reports.rules import refuse_unfinished, require_writer
from charity_hub.reports.tables import DeskReportFilter, DeskReportTable, grouped_rows, months_picture
from charity_hub.reports.workflow import REPORTS, issue_report
from charity_hub.workflow.views import move_page

MOST_REFUSALS_SHOWN = 5


def report_in_scope(request: HttpRequest, pk: int) -> AnnualReport:
    reports = AnnualReport.objects.in_scope_of(request.user)
    return get_object_or_404(
        reports.select_related("region", "job", "certificate", "pdf", "words_by", "issued_by"), pk=pk
    )


def _report_to_write(request: HttpRequest, pk: int) -> tuple[AnnualReport, User]:
    report, user = report_in_scope(request, pk), person(request)
    require_writer(user, report.region_id)
    return report, user


def _desk_url(report: AnnualReport) -> str:
    return reverse("reports:desk_detail", args=[report.pk])


@access(READERS)
@require_safe
def desk_list(request: HttpRequest) -> HttpResponseBase:
    """The years at a glance, and every report in scope."""
    return list_page(
        request,
        queryset=AnnualReport.objects.in_scope_of(request.user)
        .select_related("region", "certificate")
        .defer("figures"),
        filterset_class=DeskReportFilter,
        table_class=DeskReportTable,
        title=_("Annual reports"),
        export_name="annual-reports",
        template="reports/desk_list.html",
        context={
            **_years_shown(request),
            "empty": _("No report yet. Choose a year above and create its reports."),
        },
    )


@access(READERS)
@require_safe
def desk_years(request: HttpRequest) -> HttpResponse:
    """The years at a glance alone: asked for again while figures are being computed."""
    return render(request, "reports/parts/years.html", _years_shown(request))


def _years_shown(request: HttpRequest) -> dict[str, object]:
    """``live`` while figures are being computed: years and list then ask for themselves again."""
    years = overviews(request.user)
    live = any(year.at_work for year in years)
    return {"years": years, "may_make": WRITERS.allows(request.user), "live": live}


@access(WRITERS)
@require_POST
def desk_make(request: HttpRequest) -> HttpResponse:
    """Have a year's reports made: of every subject in scope that can have one, or of one (``code``)."""
    form = MakeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a year first."))
        return redirect("reports:desk_list")
    year, code, user = form.cleaned_data["year"], form.cleaned_data["code"], person(request)
    batches = [
        actions.request_reports(builder.kind, _codes(builder, user, year, code), year, actor=user)
        for builder in builders()
    ]
    reports = [report for batch in batches for report in batch.reports]
    queued = sum(len(batch.queued) for batch in batches)
    refused = [refusal for batch in batches for refusal in batch.refused]
    _tell(request, year, queued=queued, there=len(reports) - queued, refused=refused)
    return redirect(_desk_url(reports[0]) if code and reports else reverse("reports:desk_list"))


def _codes(builder: Builder, user: User, year: int, code: str) -> list[str]:
    """The subjects that this person writes reports on, or the one of them that was asked for."""
    subjects = builder.subjects(user, year).order_by("code")
    return [one.code for one in subjects if code in ("", one.code) and may_write_in(user, one.region_id)]


def _tell(
    request: HttpRequest, year: int, *, queued: int, there: int, refused: list[tuple[str, str]]
) -> None:
    """Say what this press of the button began, and apart from it what had been begun before."""
    for _code, sentence in refused[:MOST_REFUSALS_SHOWN]:
        messages.warning(request, sentence)
    if queued:
        begun = ngettext(
            "%(count)s report of %(year)s is queued: its figures are being calculated.",
            "%(count)s reports of %(year)s are queued: their figures are being calculated.",
            queued,
        )
        messages.success(request, begun % {"count": queued, "year": year})
    if there:
        before = ngettext(
            "%(count)s report of %(year)s already exists or is being created; it is not changed.",
            "%(count)s reports of %(year)s already exist or are being created; they are not changed.",
            there,
        )
        messages.info(request, before % {"count": there, "year": year})
    if not queued and not there:
        messages.info(
            request, _("There is nothing in your scope that can have a report of %(year)s.") % {"year": year}
        )


@access(READERS)
@require_safe
def desk_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: where it stands, what is missing, its figures and words; ``?compare=1`` asks the books."""
    report = report_in_scope(request, pk)
    versions = AnnualReport.objects.of(report.subject_kind, report.subject_code, report.year)
    shown = {
        "title": f"{report.subject_name} {report.year}",
        "report": report,
        "versions": versions.select_related("certificate").defer("figures"),
        "newest": versions.defer("figures").first(),
        "may_write": may_write(request.user, report),
        "groups": grouped_rows(report),
        "picture": months_picture(report),
        "compared": "compare" in request.GET,
        "changes": changes_since(report) if "compare" in request.GET and report.figures else [],
        **REPORTS.shown(person(request), report),
        "today": timezone.localdate(),
    }
    return render(request, "reports/desk_detail.html", shown)


@access(READERS)
@require_safe
def desk_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The pages of a draft as they would be printed now, marked as a draft."""
    report = report_in_scope(request, pk)
    if report.state != ReportState.DRAFT:
        return redirect(_desk_url(report))
    answer = HttpResponse(print_report(report), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(file_name(report))}"
    return answer


@access(WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_words(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write the street's words; what is typed is kept as a draft,
    and two writers at once notice each other.
    """
    report, user = _report_to_write(request, pk)
    if instead := redirect_closed(request, report, possible=report.is_open):
        return instead
    form = WordsForm.of(report, request.POST if request.method == "POST" else None)
    form.cancel_url = _desk_url(report)

    def act() -> str:
        actions.write_words(report, **form.cleaned_data, actor=user)
        messages.success(request, _("The narrative is saved."))
        return _desk_url(report)

    return form_page(
        request,
        form,
        act,
        title=_("Narrative of %(report)s") % {"report": f"{report.subject_name} {report.year}"},
        draft=f"report-words:{report.pk}",
    )


@access(WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_issue(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What a draft lacks, else the page that asks once more and issues it."""
    report, _user = _report_to_write(request, pk)
    unfinished = redirect_unfinished(request, report) if report.is_open else None
    return unfinished or move_page(request, issue_report, report)


@access(WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_correct(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin a new version of an issued report, with a note."""
    report, user = _report_to_write(request, pk)
    if instead := redirect_closed(request, report, possible=report.is_issued):
        return instead
    form = CorrectionForm(request.POST if request.method == "POST" else None, row=report)
    form.cancel_url = _desk_url(report)
    title = _("Correct %(report)s") % {"report": f"{report.subject_name} {report.year}"}

    def act() -> str:
        return _desk_url(actions.correct(report, form.cleaned_data["reason"], actor=user))

    return form_page(request, form, act, title=title, draft=f"report-correction:{report.pk}")


@access(READERS)
@require_safe
def desk_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the pages of an issued report again and compare them with the stored file, bit for bit."""
    report = report_in_scope(request, pk)
    if not report.is_issued:
        return redirect(_desk_url(report))
    title = _("%(report)s rebuilt") % {"report": f"{report.subject_name} {report.year}"}
    return render(
        request, "reports/again.html", {"title": title, "report": report, "remade": make_again(report)}
    )


def redirect_closed(request: HttpRequest, report: AnnualReport, *, possible: bool) -> HttpResponse | None:
    """To the page of a version that was issued or discarded meanwhile."""
    if possible or request.method == "POST":
        return None
    messages.info(
        request, _("This version does not allow that step any more. Its present state is shown below.")
    )
    return redirect("reports:desk_detail", pk=report.pk)


def redirect_unfinished(request: HttpRequest, report: AnnualReport) -> HttpResponse | None:
    """To what a draft lacks before it can be issued: its words, else where it stands."""
    if request.method == "POST":
        return None
    try:
        refuse_unfinished(report)
    except Refused as refused:
        messages.info(request, str(refused))
        words = report.state == ReportState.DRAFT and report.year_is_over
        return redirect("reports:desk_words" if words else "reports:desk_detail", pk=report.pk)
    return None
