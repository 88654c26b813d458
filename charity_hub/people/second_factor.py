"""The second factor that staff must have and must have proven in this very session.

allauth asks for the factor at sign-in. This module closes what is left open: people who became staff after
they signed in, staff who have not set up a factor yet, and sessions that began with a code to a number which
somebody else has just given the account.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from charity_hub.people.access import is_staff_member
from charity_hub.people.models import PhoneChange, User

PROVEN = "second_factor_of"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# What somebody without a proven factor may still open: the way to prove one, and the way out.
OPEN_NAMES = {
    "account_logout",
    "account_reauthenticate",
    "account_inactive",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "people:sms",
    "people:stop",
    "portal:set_language",
    "portal:set_type_size",
    "portal:manifest",
    "portal:touch_icon",
    "portal:healthz",
}
# Only for who has no factor yet: who has one shows it before another is added.
SET_UP_NAMES = {"mfa_activate_totp", "mfa_add_webauthn"}


def is_proven(session: SessionBase, user: User) -> bool:
    return bool(session.get(PROVEN) == user.pk)


def prove(session: SessionBase, user: User) -> None:
    """Remember that this session has shown the user's second factor."""
    session[PROVEN] = user.pk


def held_back_by(request: HttpRequest, user: User) -> PhoneChange | None:
    """The change of number for which this session waits, if any: made by somebody else, within
    ``FACTOR_RESET_WAIT_HOURS``.

    The new number may be that of whoever changed it. So a session waits that began with a code sent to it,
    and any other, too, where no factor is older than the change: such a code also sets a password.
    """
    records = get_authentication_records(request, user)
    numbers = [record.get("phone") for record in records if record["method"] == "code"]
    factors = Authenticator.objects.filter(user=user, type__in=FACTORS)
    for change in PhoneChange.objects.by_another(user).still_awaited():
        if change.new in numbers or not factors.filter(created_at__lt=change.at).exists():
            return change
    return None


@receiver([authenticator_used, authenticator_added])
def _factor_shown(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    if held_back_by(request, user) is None:
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


def _held_back(change: PhoneChange) -> str:
    until = timezone.localtime(change.at + timedelta(hours=settings.FACTOR_RESET_WAIT_HOURS))
    words = _(
        "Somebody else changed the phone number of this account. For safety, the pages of people who work "
        "here open from %(time)s on. If you did not want this, call an administrator at once."
    )
    return words % {"time": f"{until:%Y-%m-%d %H:%M}"}


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
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN_NAMES or not is_staff_member(user):
            return None
        if change := held_back_by(request, user):
            raise PermissionDenied(_held_back(change))
        if is_mfa_enabled(user, FACTORS):
            return _led_to(request, "mfa_reauthenticate")
        if name in SET_UP_NAMES:
            return None
        messages.info(
            request,
            _("Staff sign in with a second factor. Set one up now; it takes a minute."),
        )
        return _led_to(request, "mfa_activate_totp")
