from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from charity_hub.people.access import ANYONE, SIGNED_IN, access, person
from charity_hub.people.actions import rename
from charity_hub.people.models import TextMessage
from charity_hub.people.second_factor import FACTORS
from charity_hub.people.sign_in_forms import ProfileForm

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


@access(ANYONE)
@never_cache
def sms(request: HttpRequest) -> HttpResponse:
    """The text messages that development keeps, newest first. There is no such page with DEBUG off."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "people/sms.html", {"text_messages": TextMessage.objects.all()[:LATEST_MESSAGES]})
