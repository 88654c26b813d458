"""The page of a move: it asks for confirmation and for the move's data, then acts."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from charity_hub.people.access import access, person, require
from charity_hub.people.disclosures import record_look
from charity_hub.portal.form_page import form_page
from charity_hub.workflow.moves import Move, Workflow, latest

type Find[Row] = Callable[..., Row]


def move_urls[Row: models.Model](workflow: Workflow[Row], route: str, find: Find[Row]) -> list[URLPattern]:
    """The addresses of all moves that have a page, below ``route``, the address of the row's own page.

    ``find(request, **named)`` returns the row in the person's scope, or raises 404.
    """
    return [
        path(f"{route}{move.name}/", move_view(move, find), name=move.name.replace("-", "_"))
        for move in workflow.moves
        if move.by and not move.own_page
    ]


def move_view[Row: models.Model](move: Move[Row], find: Find[Row]) -> Callable[..., HttpResponseBase]:
    """The view of one move, open to the roles of ``move.by``."""
    if move.by is None:
        raise ValueError(f"{move.name} is nobody's to make by hand")

    @access(move.by.rule)
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, **named: Any) -> HttpResponseBase:
        return move_page(request, move, find(request, **named))

    view.__name__ = move.name.replace("-", "_")
    return view


def move_page[Row: models.Model](request: HttpRequest, move: Move[Row], row: Row) -> HttpResponseBase:
    """Ask for confirmation, act and return to the row's page. Raises ``PermissionDenied`` for other
    people.
    """
    user, workflow = person(request), move.workflow
    back = workflow.url(row)
    require(move.by and move.by.includes(user, row))
    if request.method != "POST" and not move.possible(row):
        messages.info(request, _("That step is no longer possible. The present state is shown below."))
        return redirect(back)
    if request.method != "POST" and move.left_to_others(user, row):
        messages.info(request, str(move.left_to))
        return redirect(back)
    form = move.form(request.POST if request.method == "POST" else None, row=row)
    form.submit_label = _("Continue") if move.confirm else move.label
    form.cancel_url, form.danger = back, move.danger
    form.kept = [("seen", _seen(request, row))]

    def act() -> str:
        seen = request.POST.get("seen", "")
        move(row, actor=user, seen=int(seen) if seen.isdecimal() else None, **form.cleaned_data)
        messages.success(request, str(move.done))
        return back

    shown: dict[str, Any] = {
        "lead": move.lead,
        "warnings": move.warnings(row) if move.warnings else [],
        "row": row,
        **(workflow.context(row) if workflow.context else {}),
        "looks_at": move.looks_at,
        "confirm_lead": move.confirm,
        "confirm_label": move.label,
    }
    title = f"{move.label} · {row}"
    answer = form_page(
        request,
        form,
        act,
        title=title,
        template=workflow.template,
        confirm=bool(move.confirm),
        context=shown,
    )
    if move.looks_at and getattr(row, move.looks_at) and answer.status_code == HTTPStatus.OK:
        record_look(request, row, move.looks_at)
    return answer


def _seen(request: HttpRequest, row: models.Model) -> str:
    """The newest history row at the time the page was first rendered."""
    if request.method == "POST":
        return str(request.POST.get("seen", ""))
    last = latest(row)
    return str(last.pk) if last else ""
