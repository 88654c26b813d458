"""Public pages for people who have not signed in: Django's page cache, for ``PUBLIC_PAGE_SECONDS``.

    @access(ANYONE)
    @require_safe
    @cached_for_visitors
    def fund(request, code): ...

Docs/decisions/0060 says why, and what a page must not contain.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csp import get_nonce
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_page
from django.views.decorators.csrf import csrf_protect

from charity_hub.portal.context import LARGE_TYPE_COOKIE

type Page = Callable[..., HttpResponseBase]

# A visitor with any other cookie may have a session or waiting messages, and gets a page of their own.
HARMLESS = {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, LARGE_TYPE_COOKIE}


def cached_for_visitors(view: Page) -> Page:
    """Cache a public page by address, language and text size; it may not depend on anything else of the
    visitor.

    A page with a form token, a nonce, a message or a cookie is never cached.
    """
    unsigned = csrf_protect(view)  # inside the cache, so that the cookie of a form token is seen

    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = unsigned(request, *args, **kwargs)
        if answer.cookies or get_nonce(request) or len(get_messages(request)):
            patch_cache_control(answer, private=True)
        return answer

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        seconds = settings.PUBLIC_PAGE_SECONDS
        if not seconds or not request.COOKIES.keys() <= HARMLESS:
            return view(request, *args, **kwargs)
        size = "large" if request.COOKIES.get(LARGE_TYPE_COOKIE) == "large" else "normal"
        return cache_page(seconds, cache="pages", key_prefix=size)(checked)(request, *args, **kwargs)

    return page
