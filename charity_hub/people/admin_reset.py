"""The administration's pages on which the reset of a lost factor is asked for, confirmed and stopped."""

from collections.abc import Callable
from typing import Any, override

from allauth.core import ratelimit
from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from charity_hub.admin_export import ExportedAdmin
from charity_hub.admin_model import HubAdmin, ReadOnlyAdmin
from charity_hub.errors import Refused
from charity_hub.people.access import person
from charity_hub.people.factor_reset import (
    ask_for_reset,
    carry_out_reset,
    confirm_reset,
    notify_of_reset,
    second_administrators,
    stop_reset,
    waits_until,
)
from charity_hub.people.masks import mask_phone
from charity_hub.people.models import FactorReset, PhoneChange, ResetState, User
from charity_hub.people.sign_in_forms import CodeField


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why, and how you know that it is them"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("For instance: phone lost on 3 May; came to the office with the ID card."),
    )
    recovery_code = CodeField(
        label=gettext_lazy("One of their recovery codes"),
        required=False,
        focused=False,
        help_text=gettext_lazy("If they have one at hand: then no second administrator has to confirm it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recovery_code"].widget = UnfoldAdminTextInputWidget({"autocomplete": "off"})


class ResetsFactors(HubAdmin):
    """Adds the button "Reset the second factor" to a person's page."""

    @action(description=gettext_lazy("Reset the second factor"), url_path="reset-factor")
    def reset_factor(self, request: HttpRequest, object_id: int) -> HttpResponse:
        holder = get_object_or_404(User, pk=object_id)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and (reset := self._asked(request, holder, form)):
            _say(request, reset)
            return redirect("admin:charity_hub_factorreset_change", reset.pk)
        title = _("Reset the second factor of %(name)s") % {"name": holder.name}
        context: dict[str, Any] = self.admin_site.each_context(request)
        context |= {"opts": self.opts, "object": holder, "form": form, "title": title}
        return render(request, "admin/reset_factor.html", context)

    def _asked(self, request: HttpRequest, holder: User, form: ReasonForm) -> FactorReset | None:
        """A code is tried as often as one at the sign-in, and no more."""
        tried = form.cleaned_data["recovery_code"]
        if tried and not ratelimit.consume(request, action="login_failed", key=f"recovery:{holder.pk}"):
            form.add_error("recovery_code", _("That was too often in a short time. Wait five minutes."))
            return None
        try:
            return ask_for_reset(
                holder, reason=form.cleaned_data["reason"], actor=person(request), recovery_code=tried
            )
        except Refused as refused:
            form.add_error(refused.field, str(refused))
            return None


def _say(request: HttpRequest, reset: FactorReset) -> None:
    """What has happened, and who could not be told of it."""
    until = waits_until(reset)
    if reset.state == ResetState.EXECUTED:
        messages.success(request, _("The second factor is reset. At the next sign-in a new one is set up."))
    elif reset.state == ResetState.WITHDRAWN:
        messages.success(request, _("Stopped. The second factor stays as it is."))
    elif reset.state == ResetState.ASKED and second_administrators(reset).exists():
        messages.success(request, _("Asked for. Another administrator confirms it now."))
    elif until:
        messages.success(request, _("Asked for. It is carried out here once the wait is over."))
    for unreached in notify_of_reset(reset):
        sentence = _("%(name)s could not be told by text message just now. Call them.")
        messages.warning(request, sentence % {"name": unreached.name})


def _possible(reset: FactorReset, actor: User) -> set[str]:
    """The names of the steps that this administrator may take now."""
    if actor.pk == reset.person_id:
        return {"stop"}
    alone = not second_administrators(reset).exists()
    confirms = reset.state == ResetState.ASKED and actor.pk != reset.actor_id
    carries_out = (reset.state == ResetState.CONFIRMED or alone) and not waits_until(reset)
    return {"stop"} | ({"confirm"} if confirms else set()) | ({"carry_out"} if carries_out else set())


@admin.register(FactorReset)
class FactorResetAdmin(ExportedAdmin, ReadOnlyAdmin):
    """Whose second factor is or was reset, by whom, and why; where what waits is decided."""

    list_display = ["at", "person", "state", "actor", "confirmed_by", "reason"]
    list_filter = ["state", "at"]
    list_select_related = ["person", "actor", "confirmed_by"]
    search_fields = ["person__name", "actor__name", "reason"]
    list_per_page = 50
    date_hierarchy = "at"
    fields = ["person", "reason", "actor", "at", "state", "grounds", "confirmed_by", "waits", "executed_at"]
    readonly_fields = ["waits"]
    actions_detail = ["confirm", "carry_out", "stop"]

    @display(description=gettext_lazy("not before"))
    def waits(self, reset: FactorReset) -> str:
        until = waits_until(reset) if reset.is_open else None
        return date_format(timezone.localtime(until), "DATETIME_FORMAT") if until else ""

    @override
    def get_actions_detail(self, request: HttpRequest, object_id: int | str | None = None) -> list[Any]:
        """Only what this administrator may do with the reset as it stands."""
        reset = FactorReset.objects.open().filter(pk=object_id).first() if object_id else None
        may = _possible(reset, person(request)) if reset else set()
        return [
            button
            for button in super().get_actions_detail(request, object_id)
            if button.method.__name__ in may
        ]

    def _decide(
        self, request: HttpRequest, object_id: int, act: Callable[..., FactorReset], lead: str, label: str
    ) -> HttpResponse:
        """Ask once more, then act; a refusal is shown on the reset's page."""
        reset = get_object_or_404(FactorReset.objects.select_related("person", "actor"), pk=object_id)
        if request.method != "POST":
            context = self.admin_site.each_context(request)
            context |= {"opts": self.opts, "object": reset, "title": label, "lead": lead, "label": label}
            return render(request, "admin/decide_reset.html", context)
        before = reset.state
        try:
            reset = act(reset, actor=person(request))
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            if reset.state != before:
                _say(request, reset)
        return redirect("admin:charity_hub_factorreset_change", object_id)

    @action(description=gettext_lazy("Confirm"), url_path="confirm")
    def confirm(self, request: HttpRequest, object_id: int) -> HttpResponse:
        lead = _("Confirm only when you know yourself that the person asked for this: speak with them.")
        return self._decide(request, object_id, confirm_reset, lead, _("Confirm the reset"))

    @action(description=gettext_lazy("Carry out"), url_path="carry-out")
    def carry_out(self, request: HttpRequest, object_id: int) -> HttpResponse:
        lead = _(
            "All their apps, passkeys and recovery codes stop working, and they are signed out everywhere."
        )
        return self._decide(request, object_id, carry_out_reset, lead, _("Carry out the reset"))

    @action(description=gettext_lazy("Stop"), url_path="stop")
    def stop(self, request: HttpRequest, object_id: int) -> HttpResponse:
        lead = _("The second factor stays as it is.")
        return self._decide(request, object_id, stop_reset, lead, _("Stop the reset"))


@admin.register(PhoneChange)
class PhoneChangeAdmin(ReadOnlyAdmin):
    """Whose number was replaced, when and by whom; PostgreSQL writes it."""

    list_display = ["at", "person", "old_number", "new_number", "by"]
    list_filter = ["at"]
    list_select_related = ["person", "by"]
    search_fields = ["person__name", "by__name"]
    list_per_page = 50
    fields = ["at", "person", "old_number", "new_number", "by"]
    readonly_fields = ["old_number", "new_number"]

    @display(description=gettext_lazy("old number"))
    def old_number(self, change: PhoneChange) -> str:
        return mask_phone(change.old)

    @display(description=gettext_lazy("new number"))
    def new_number(self, change: PhoneChange) -> str:
        return mask_phone(change.new)
