"""Middleware for every page: refusals become sentences; odd addresses and huge uploads are rejected early."""

import logging
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from allauth.core.exceptions import RateLimited
from allauth.core.ratelimit import respond_429
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from charity_hub.errors import Refused
from charity_hub.people.access import LEADS_TO_SIGN_IN, to_sign_in
from charity_hub.portal.interrupted_forms import keep_interrupted

logger = logging.getLogger(__name__)

type Answer = Callable[[HttpRequest], HttpResponseBase]

# The whole request; one file may have 20 MB.
MOST_BYTES: Final = 25 * 1024 * 1024


class RefusedMiddleware:
    """A ``Refused`` that no form caught becomes a 409 page (for htmx only the sentence), never a 500.

    A 404 from a view shows the portal's own page even with ``DEBUG``, because people look at the
    demo. Django's debug page with all addresses remains for unknown addresses.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404):
            return page_not_found(request, exception)
        if isinstance(exception, RateLimited):
            too_often: HttpResponse = respond_429(request)
            return too_often
        if not isinstance(exception, Refused):
            return None
        return refusal(request, str(exception), status=409)


class PrivateByDefaultMiddleware:
    """Pages of signed-in people are not cached anywhere, unless the view says otherwise."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if request.user.is_authenticated:
            answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer


class InterruptedMiddleware:
    """A person who sends a form after being signed out signs in and finds it filled in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        led_away = request.method == "POST" and hasattr(answer, LEADS_TO_SIGN_IN)
        back = keep_interrupted(request) if led_away else ""
        return to_sign_in(request, back) if back else answer


class FormOnlyAddressMiddleware:
    """An address that only accepts a form shows an explanation when it is opened as a page.

    People get there by switching the language on the page of a refusal, or from the browser's history.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if not isinstance(answer, HttpResponseNotAllowed) or request.headers.get("HX-Request"):
            return answer
        page = render(request, "405.html", status=answer.status_code)
        page["Allow"] = answer["Allow"]
        return page


class AddressGuardMiddleware:
    """PostgreSQL stores no NUL: a path with one is not found; in a query it becomes a space."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info:
            raise Http404
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "+")
        return self.get_response(request)


class UploadGuardMiddleware:
    """A request that announces more than ``MOST_BYTES`` is answered before its body is read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) <= MOST_BYTES:
            return self.get_response(request)
        logger.warning("refused a request of %s bytes to %s", announced[:20], request.path)
        sentence = _(
            "This upload is too large. One file may have at most 20 MB; split or shrink it and send it again."
        )
        answer = refusal(request, sentence, status=413)
        answer["Connection"] = "close"
        return answer


def refusal(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    """The page that shows this refusal; for htmx the sentence as a message on the present page."""
    if request.headers.get("HX-Request"):
        answer = render(request, "portal/parts/refused.html", {"sentence": sentence}, status=status)
        answer["HX-Retarget"] = "#messages"
        answer["HX-Reswap"] = "innerHTML"
        return answer
    template = "409.html" if status == 409 else "413.html"
    return render(request, template, {"sentence": sentence, "back": _before(request)}, status=status)


def _before(request: HttpRequest) -> str:
    """The page of the portal that this request came from, if it was another one."""
    came = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure())
    parts = urlsplit(came)
    if not ours or parts.path == request.path:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
