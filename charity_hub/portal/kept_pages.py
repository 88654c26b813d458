"""Public pages for a crowd: made once, and handed to every visitor while nothing in the database changes.

    @access(ANYONE)
    @require_safe
    @kept_for_visitors
    def fund(request, code): ...

Only whole pages for people who have not signed in, in their language and type size; each gets a form token of
their own. ``charity_hub.unchanged`` says why such a page cannot be out of date.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language

from charity_hub.portal.context import LARGE_TYPE_COOKIE
from charity_hub.unchanged import while_unchanged

type Page = Callable[..., HttpResponse]

# What a visitor may bring along and still get the page that others get; anything else may be a session.
HARMLESS = {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, LARGE_TYPE_COOKIE}
TOKEN = re.compile(r'(?:name="csrfmiddlewaretoken" value="|"X-CSRFToken": ")(\w+)"')
PLACE = "\x00token\x00"


class _NotKept(Exception):  # noqa: N818 - a way out, not a failure
    """This answer is for one visitor alone."""


def kept_for_visitors(view: Page) -> Page:
    """Keep a public page; the view must depend on nothing but its address, the language and the database."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_for_everybody(request):
            return view(request, *args, **kwargs)
        made: list[HttpResponse] = []

        def make() -> str:
            made.append(view(request, *args, **kwargs))
            return _without_token(made[0])

        try:
            text = while_unchanged(_key(request), make)
        except _NotKept:
            return made[0] if made else view(request, *args, **kwargs)
        return made[0] if made else HttpResponse(text.replace(PLACE, get_token(request)))

    return kept


def _is_for_everybody(request: HttpRequest) -> bool:
    whole = request.method == "GET" and "HX-Request" not in request.headers
    return whole and request.COOKIES.keys() <= HARMLESS


def _key(request: HttpRequest) -> tuple[object, ...]:
    return (
        request.get_full_path(),
        request.build_absolute_uri("/"),
        get_language(),
        request.COOKIES.get(LARGE_TYPE_COOKIE),
        timezone.localdate(),
    )


def _without_token(answer: HttpResponse) -> str:
    """The page with its visitor's form token taken out."""
    if answer.status_code != 200 or answer.streaming or answer.cookies:
        raise _NotKept
    text = answer.content.decode()
    tokens = set(TOKEN.findall(text))
    if len(tokens) > 1 or " nonce=" in text:
        raise _NotKept
    return text.replace(tokens.pop(), PLACE) if tokens else text
