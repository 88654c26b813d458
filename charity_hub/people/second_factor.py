"""The second factor that staff must have and must have proven in this very session.

allauth asks for the factor at sign-in. This module closes what is left open: people who became staff after
they signed in, and staff who have not set up a factor yet.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from charity_hub.people.access import is_staff_member
from charity_hub.people.models import User

PROVEN = "second_factor_of"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# What somebody without a proven factor may still open: the way to prove one, and the way out.
OPEN_NAMES = {
    "account_logout",
    "account_reauthenticate",
    "account_inactive",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "people:sms",
    "portal:set_language",
    "portal:set_type_size",
    "portal:manifest",
    "portal:touch_icon",
    "portal:healthz",
}


def is_proven(session: SessionBase, user: User) -> bool:
    return bool(session.get(PROVEN) == user.pk)


def prove(session: SessionBase, user: User) -> None:
    """Remember that this session has shown the user's second factor."""
    session[PROVEN] = user.pk


@receiver([authenticator_used, authenticator_added])
def _factor_shown(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    prove(request.session, user)


@receiver(authenticator_removed)
def _factor_removed(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    if not is_mfa_enabled(user, FACTORS):
        request.session.pop(PROVEN, None)


def _led_to(request: HttpRequest, url_name: str) -> HttpResponse:
    url = reverse(url_name)
    if request.method == "GET" and not request.headers.get("HX-Request"):
        url = f"{url}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


class SecondFactorMiddleware:
    """Staff without a proven second factor get nothing but the pages that set one up or ask for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or is_proven(request.session, user):
            return None
        match = request.resolver_match
        if (match and match.view_name in OPEN_NAMES) or not is_staff_member(user):
            return None
        if is_mfa_enabled(user, FACTORS):
            return _led_to(request, "mfa_reauthenticate")
        messages.info(
            request,
            _("People who work here sign in with a second factor. Set one up now; it takes a minute."),
        )
        return _led_to(request, "mfa_activate_totp")
