"""Registers on the desk: send one, confirm its columns, see what it comes to, record its good rows."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charity_hub.errors import Refused
from charity_hub.jobs.models import Job
from charity_hub.people.access import access, person
from charity_hub.people.models import User
from charity_hub.portal.exports import excel_response
from charity_hub.portal.form_page import form_page
from charity_hub.portal.forms import refusals
from charity_hub.portal.list_page import list_page
from donations.registers.actions import (
    READING_KIND,
    answer_questions,
    choose_sheet_of,
    confirm_columns,
    import_good_rows,
    upload_register,
)
from donations.registers.forms import ColumnsForm, UploadForm, places_of
from donations.registers.layout import kept_columns
from donations.registers.models import CHANGEABLE, Register, RegisterState
from donations.registers.questions import listed, open_count
from donations.registers.reading.columns import letters
from donations.registers.reading.limits import TooSlowForPage
from donations.registers.source_file import page_allowance
from donations.registers.tables import RegisterFilter, RegisterTable
from donations.registers.workbooks import bad_rows, bad_rows_name, kept_bad_rows, template
from donations.registers.workflow import REGISTERS, WORKERS


def register_in_scope(request: HttpRequest, pk: int) -> Register:
    registers = Register.objects.in_scope_of(request.user).select_related(
        "station", "fund__book", "fund__host", "file", "job", "uploaded_by"
    )
    return get_object_or_404(registers, pk=pk)


def reading_job_of(register: Register) -> Job | None:
    """The job that reads the register, or could not: its page says how far it is, and what went wrong."""
    job = register.job
    if job is None or job.kind != READING_KIND or register.state not in CHANGEABLE:
        return None
    return job if job.is_open or "fields" not in register.columns else None


@access(WORKERS.rule)
@require_safe
def register_list(request: HttpRequest) -> HttpResponseBase:
    return list_page(
        request,
        queryset=Register.objects.in_scope_of(request.user).select_related(
            "station", "fund", "file", "uploaded_by"
        ),
        filterset_class=RegisterFilter,
        table_class=RegisterTable,
        title=_("Registers"),
        export_name="registers",
        context={
            "lead": _("Import the Excel registers of your stations."),
            "actions": "donations/registers/parts/list_actions.html",
            "empty_action": (reverse("registers:add"), _("Import a register")),
        },
    )


@access(WORKERS.rule)
@require_http_methods(["GET", "POST"])
def register_add(request: HttpRequest) -> HttpResponseBase:
    places = places_of(person(request))
    form = UploadForm(request.POST or None, request.FILES or None, places=places)
    form.cancel_url = reverse("registers:list")

    def act() -> str:
        station, fund = form.place_chosen
        register = upload_register(
            form.sent,
            station=station,
            fund=fund,
            actor=person(request),
            default_way=form.cleaned_data["default_way"],
        )
        return reverse("registers:columns", args=[register.pk])

    return form_page(
        request,
        form,
        act,
        title=_("Import a register"),
        template="donations/registers/add.html",
        context={"places": places},
    )


@access(WORKERS.rule)
@require_safe
def register_template(request: HttpRequest) -> HttpResponseBase:
    places = places_of(person(request))
    return excel_response(template(places[0][1] if places else None), "捐赠登记表.xlsx")


@access(WORKERS.rule)
@require_http_methods(["GET", "POST"])
def register_columns(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What each column holds, as proposed or as the station confirmed it before."""
    register = register_in_scope(request, pk)
    if register.state not in CHANGEABLE:
        return redirect(register)
    if job := reading_job_of(register):
        return redirect(job)
    proposal = register.columns
    columns = kept_columns(proposal)
    form = ColumnsForm(request.POST or None, columns=columns, default_way=proposal["default_way"])
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            confirm_columns(
                register, form.meanings, default_way=form.cleaned_data["default_way"], actor=person(request)
            )
        if form.is_valid():
            return redirect(register)
    context = {
        "title": _("Check the columns"),
        "register": register,
        "form": form,
        "head_row": proposal["head_row"],
        "unit": proposal["unit"],
        "sheets": [proposal["sheet"], *proposal["others"]] if proposal["others"] else [],
        "rows": [
            (letters(place), title, form[f"column_{place}"], samples)
            for place, (title, samples) in enumerate(zip(columns.titles, proposal["samples"], strict=False))
        ],
    }
    return render(request, "donations/registers/columns.html", context)


@access(WORKERS.rule)
@require_POST
def register_sheet(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Read another sheet of the workbook."""
    register = choose_sheet_of(
        register_in_scope(request, pk), request.POST.get("sheet", ""), actor=person(request)
    )
    return redirect("registers:columns", pk=register.pk)


@access(WORKERS.rule)
@require_safe
def register_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    register = register_in_scope(request, pk)
    if job := reading_job_of(register):
        return redirect(job)
    if register.state == RegisterState.UPLOADED:
        return redirect("registers:columns", pk=pk)
    return render(request, "donations/registers/detail.html", _shown(person(request), register))


def _shown(user: User, register: Register) -> dict[str, Any]:
    summary, open_now = register.summary, register.state in CHANGEABLE
    undecided = open_count(summary)
    return {
        "title": _("Register %(ref)s") % {"ref": register.reference},
        "register": register,
        "summary": summary,
        "count": summary.get("import"),
        "new": summary.get("acceptable", 0) - summary.get("there", 0),
        "new_fen": summary.get("fen", 0) - summary.get("there_fen", 0),
        "likely": summary.get("double_count", 0) + summary.get("twin_count", 0),
        "open": undecided if open_now else 0,
        "left_undecided": undecided if not open_now and summary.get("import", {}).get("skip_doubles") else 0,
        "to_decide": [entry for entry in listed(summary) if entry.get("answer") is None],
        "answers": register.answers.exclude(about__endswith="|keep_id", take=False).select_related(
            "answered_by"
        ),
        "total_differs": summary.get("total_differs"),
        "total_off_fen": abs((summary.get("declared_fen") or 0) - summary.get("fen", 0)),
        "job": register.job,
        "result_url": register.get_absolute_url(),
        "changeable": open_now,
        **REGISTERS.shown(user, register),
    }


@access(WORKERS.rule)
@require_POST
def register_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was decided about rows in question; a row that nobody chose for stays open."""
    register = register_in_scope(request, pk)
    decided: dict[str, bool] = {}
    for entry in listed(register.summary):
        if entry.get("answer") is None:
            choice = request.POST.get(entry["about"]) or request.POST.get("others", "")
            decided |= _decided(entry, choice)
    register = answer_questions(register, decided, actor=person(request))
    messages.success(request, _("The decisions are saved."))
    return redirect(register)


def _decided(entry: dict[str, Any], choice: str) -> dict[str, bool]:
    """What a choice says: of the row, and of an ID that stands beside several names."""
    if choice not in {"take", "keep", "leave"}:
        return {}
    of_id = {entry["about_id"]: choice == "keep"} if entry.get("about_id") else {}
    return {entry["about"]: choice != "leave"} | of_id


@access(WORKERS.rule)
@require_POST
def register_import(request: HttpRequest, pk: int) -> HttpResponseBase:
    register = register_in_scope(request, pk)
    register = import_good_rows(
        register,
        leave_open=request.POST.get("leave_open") == "yes",
        why_total=request.POST.get("why_total", ""),
        actor=person(request),
    )
    if register.state == RegisterState.IMPORTED:
        messages.success(request, _("The register is recorded."))
    return redirect(register)


@access(WORKERS.rule)
@require_safe
def register_bad_rows(request: HttpRequest, pk: int) -> HttpResponseBase:
    register = register_in_scope(request, pk)
    try:
        with page_allowance() as allowance:
            return excel_response(bad_rows(register, allowance), bad_rows_name(register))
    except TooSlowForPage:
        kept = kept_bad_rows(register)
        if kept is None:
            raise Refused(_("Many registers are being read just now. Try again in a minute.")) from None
        return redirect("documents:document", kept.pk)
