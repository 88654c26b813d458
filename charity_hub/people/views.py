from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charity_hub.people.access import ANYONE, SIGNED_IN, access, person
from charity_hub.people.actions import rename
from charity_hub.people.factor_reset import stop_reset
from charity_hub.people.models import FactorReset, TextMessage
from charity_hub.people.second_factor import FACTORS
from charity_hub.people.sign_in_forms import ProfileForm
from charity_hub.people.stop_links import read_stop_link, stop
from charity_hub.portal.form_page import confirm_page

LATEST_MESSAGES = 50


@access(SIGNED_IN)
def profile(request: HttpRequest) -> HttpResponse:
    """Name, phone, password, second factor, sessions and roles of the person who looks."""
    user = person(request)
    form = ProfileForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        rename(user, form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect("people:profile")
    memberships = user.memberships.current().select_related("region", "organization")
    shown = {
        "form": form,
        "memberships": memberships,
        "has_factor": is_mfa_enabled(user, FACTORS),
        "wechat": bool(settings.WEIXIN_APP_ID),
    }
    return render(request, "people/profile.html", shown)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def stop_factor_reset(request: HttpRequest) -> HttpResponseBase:
    """The person concerned stops the reset of their second factor that an administrator asked for."""
    user = person(request)
    reset = get_object_or_404(FactorReset.objects.open().select_related("actor"), person=user)

    def act() -> str:
        stop_reset(reset, actor=user)
        messages.success(request, _("Stopped. Your second factor stays as it is."))
        return reverse("people:profile")

    return confirm_page(
        request,
        act,
        title=_("Stop the reset of my second factor"),
        lead=_("%(name)s asked for it: %(reason)s. Stopping leaves the factor as it is.")
        % {"name": reset.actor, "reason": reset.reason},
        label=_("Stop it"),
        back=reverse("people:profile"),
    )


@access(ANYONE)
@never_cache
@require_http_methods(["GET", "POST"])
def stop_by_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Whoever was warned by text message stops what waits; the page says what that does, and until when."""
    found = read_stop_link(token)

    def act() -> str:
        stop(token)
        messages.success(request, _("Stopped, and signed out everywhere. Tell your colleagues of it."))
        return reverse("portal:home")

    until = timezone.localtime(found.until)
    sentences = [
        found.change
        and _("%(name)s changed the phone number. Stopping gives the account its number back.")
        % {"name": found.change.by},
        found.reset
        and _("%(name)s asks to reset the second factor. Stopping leaves the factor as it is.")
        % {"name": found.reset.actor},
        _("The account is signed out everywhere. This link works until %(time)s.")
        % {"time": f"{until:%Y-%m-%d %H:%M}"},
    ]
    return confirm_page(
        request,
        act,
        title=_("Stop the change of my account"),
        lead=format_html_join("", '<span class="d-block">{}</span>', ([one] for one in sentences if one)),
        label=_("Stop it"),
        back=reverse("portal:home"),
        context={"layout": "layouts/public.html"},
    )


@access(ANYONE)
@never_cache
def sms(request: HttpRequest) -> HttpResponse:
    """The text messages that development keeps, newest first. There is no such page with DEBUG off."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "people/sms.html", {"text_messages": TextMessage.objects.all()[:LATEST_MESSAGES]})
