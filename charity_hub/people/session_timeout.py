"""Staff who step away are signed out: 等保 2.0 level 2 asks for a session time-out."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from charity_hub.people.access import is_staff_member, to_sign_in
from charity_hub.people.models import User

SEEN = "seen_at"
# Pages that watch long work ask for it with this header: nobody need be sitting before them.
UNATTENDED = "X-Unattended"
# The session is written at most this often, so that reading pages stays cheap.
STEP_SECONDS = 60


class IdleTimeOutMiddleware:
    """Sign staff out after ``STAFF_IDLE_MINUTES`` without a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User) and is_staff_member(request.user):
            away = time.time() - request.session.get(SEEN, time.time())
            if away > settings.STAFF_IDLE_MINUTES * 60:
                return self._sign_out(request)
            here = UNATTENDED not in request.headers
            if (here and away > STEP_SECONDS) or SEEN not in request.session:
                request.session[SEEN] = time.time()
        return self.get_response(request)

    def _sign_out(self, request: HttpRequest) -> HttpResponseBase:
        logout(request)
        messages.info(
            request,
            _("You were signed out after %(minutes)s minutes of inactivity. Sign in to continue.")
            % {"minutes": settings.STAFF_IDLE_MINUTES},
        )
        return to_sign_in(request)
