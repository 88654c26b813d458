"""The administration's page that resets a lost second factor, and the list of such resets."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from charity_hub.admin_model import HubAdmin
from charity_hub.errors import Refused
from charity_hub.inspection import ReadOnlyAdmin
from charity_hub.people.access import person
from charity_hub.people.factor_reset import reset_second_factor, tell_of_reset
from charity_hub.people.models import FactorReset, User
from charity_hub.row_export import ExportedAdmin


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why, and how you know that it is them"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("For instance: phone lost on 3 May; came to the office with the ID card."),
    )


class ResetsFactors(HubAdmin):
    """Adds the button "Reset the second factor" to a person's page."""

    @action(description=gettext_lazy("Reset the second factor"), url_path="reset-factor")
    def reset_factor(self, request: HttpRequest, object_id: int) -> HttpResponse:
        holder = get_object_or_404(User, pk=object_id)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._is_reset(request, holder, form):
            return redirect("admin:charity_hub_user_change", object_id)
        title = _("Reset the second factor of %(name)s") % {"name": holder.name}
        context: dict[str, Any] = self.admin_site.each_context(request)
        context |= {"opts": self.opts, "object": holder, "form": form, "title": title}
        return render(request, "admin/reset_factor.html", context)

    def _is_reset(self, request: HttpRequest, holder: User, form: ReasonForm) -> bool:
        try:
            reset = reset_second_factor(holder, reason=form.cleaned_data["reason"], actor=person(request))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
            return False
        messages.success(request, _("The second factor is reset. At the next sign-in a new one is set up."))
        for unreached in tell_of_reset(reset):
            sentence = _("%(name)s could not be told by text message just now. Call them.")
            messages.warning(request, sentence % {"name": unreached.name})
        return True


@admin.register(FactorReset)
class FactorResetAdmin(ExportedAdmin, ReadOnlyAdmin):
    """Whose second factor was reset, by whom, and why."""

    list_display = ["at", "person", "actor", "reason"]
    list_filter = ["at"]
    list_select_related = ["person", "actor"]
    search_fields = ["person__name", "actor__name", "reason"]
    list_per_page = 50
    date_hierarchy = "at"
