"""Steps: what somebody may do next with a fund or a request, each a page that asks once more.

A ``Step`` says who may (403 for others), in which states it makes sense, what is asked and which action
follows. The action checks all of it again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from charity_hub.people.access import person, require
from charity_hub.people.models import User
from charity_hub.portal.form_page import NoQuestions, form_page
from charity_hub.portal.forms import Carded

type Text = str | Promise


@dataclass(frozen=True)
class Step[Row: models.Model]:
    """One thing to do with a row. ``address`` is its url name; ``own`` says who did the step before it and
    leaves this one to somebody else, as ``left_to`` tells them; ``foresee`` what else will happen or must be
    known, in whole sentences, ``ready`` whether it would go through by now."""

    address: str
    label: Text
    lead: Text
    done: Text
    icon: str
    states: frozenset[str]
    may: Callable[[User, Row], bool]
    act: Callable[[Row, dict[str, Any], User], object]
    form: Callable[[Row], Callable[..., Carded]] = field(default=lambda _row: NoQuestions)
    foresee: Callable[[Row], list[str]] = field(default=lambda _row: [])
    own: Callable[[User, Row], bool] = field(default=lambda _user, _row: False)
    left_to: Text = ""
    ready: Callable[[Row], bool] = field(default=lambda _row: True)
    grave: bool = False

    def offered_to(self, user: User, row: Row) -> bool:
        """Whether the button is shown."""
        may = self.possible(row) and self.may(user, row)
        return may and not self.own(user, row) and self.ready(row)

    def possible(self, row: Row) -> bool:
        """Whether the row is in a state where the step makes sense."""
        return row.serializable_value("state") in self.states


def step_page[Row: models.Model](
    request: HttpRequest,
    row: Row,
    step: Step[Row],
    *,
    back: str,
    template: str = "portal/form.html",
    context: dict[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """Ask once more (and for what the step needs to know), then act and go ``back``."""
    user = person(request)
    require(step.may(user, row))
    if request.method != "POST" and not step.possible(row):
        messages.info(request, _("That step is no longer possible. The present state is shown below."))
        return redirect(back)
    if request.method != "POST" and step.own(user, row):
        messages.info(request, str(step.left_to))
        return redirect(back)
    form = step.form(row)(request.POST if request.method == "POST" else None, initial=initial)
    form.submit_label, form.cancel_url, form.grave = step.label, back, step.grave

    def act() -> str:
        step.act(row, form.cleaned_data, user)
        messages.success(request, str(step.done))
        return back

    shown = {"lead": step.lead, "foreseen": step.foresee(row), **(context or {})}
    return form_page(request, form, act, title=f"{step.label} · {row}", template=template, context=shown)
