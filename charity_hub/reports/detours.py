"""Where to go instead of a form that a version cannot take: before anybody fills it in.

What is sent all the same is answered by the action, beside what was typed.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.reports.conditions import refuse_unfinished
from charity_hub.reports.models import AnnualReport, ReportState


def too_late(request: HttpRequest, report: AnnualReport, *, possible: bool) -> HttpResponse | None:
    """To the page of a version that was issued or discarded meanwhile."""
    if possible or request.method == "POST":
        return None
    messages.info(
        request, _("This version does not allow that step any more. Its present state is shown below.")
    )
    return redirect("reports:desk_detail", pk=report.pk)


def too_early(request: HttpRequest, report: AnnualReport) -> HttpResponse | None:
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
