"""What anyone sees of annual reports: the issued ones, all their versions,
and whether the books have changed since.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from charity_hub.people.access import ANYONE, access
from charity_hub.portal.list_page import list_page
from charity_hub.reports.changes import changes_kept
from charity_hub.reports.frozen_figures import canonical
from charity_hub.reports.models import AnnualReport
from charity_hub.reports.tables import PublicReportFilter, PublicReportTable, grouped_rows, months_picture


def _issued(kind: str, code: str, year: int, version: int | None = None) -> AnnualReport:
    versions = AnnualReport.objects.of(kind, code, year).issued()
    if version is not None:
        versions = versions.filter(version=version)
    report = versions.select_related("region", "certificate", "pdf").first()
    if report is None:
        raise Http404
    return report


@access(ANYONE)
@require_safe
def report_list(request: HttpRequest) -> HttpResponseBase:
    """Every issued report that stands, one a subject and year."""
    return list_page(
        request,
        queryset=AnnualReport.objects.latest_issued().select_related("region").defer("figures"),
        filterset_class=PublicReportFilter,
        table_class=PublicReportTable,
        title=_("Annual reports"),
        export_name="annual-reports",
        context={
            "layout": "layouts/public.html",
            "lead": _("Income, spending and balance, year by year; each with a PDF to download."),
            "empty": _(
                "No annual report has been issued yet. Reports appear here as soon as a street issues them."
            ),
        },
    )


@access(ANYONE)
@require_safe
def report(request: HttpRequest, kind: str, code: str, year: int, version: int | None = None) -> HttpResponse:
    """One issued report: its figures, its words, the PDF; ``?compare=1`` also says what the books say now."""
    found = _issued(kind, code, year, version)
    versions = (
        AnnualReport.objects.of(kind, code, year).issued().select_related("certificate").defer("figures")
    )
    shown = {
        "title": f"{found.subject_name} {found.year}",
        "report": found,
        "versions": versions,
        "newest": versions[0],
        "groups": grouped_rows(found),
        "picture": months_picture(found),
        "compared": "compare" in request.GET,
        "changes": changes_kept(found) if "compare" in request.GET else [],
    }
    return render(request, "reports/report.html", shown)


@access(ANYONE)
@require_safe
def figures(_request: HttpRequest, kind: str, code: str, year: int, version: int) -> HttpResponse:
    """The frozen figures in their canonical writing: the SHA-256 of this very file is the report's hash."""
    found = _issued(kind, code, year, version)
    answer = HttpResponse(canonical(found.figures), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{code}-{year}-v{version}.json"'
    answer["X-Figures-SHA256"] = found.figures_hash
    return answer


@access(ANYONE)
@require_safe
def moved(_request: HttpRequest, to: str, **parts: str | int) -> HttpResponse:
    """Where a report's address leads that was written down before addresses named kinds: all were funds'."""
    return redirect(to, kind="fund", **parts, permanent=True)
