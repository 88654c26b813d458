"""How long somebody waits who has tried too often, in words."""

import time
from math import ceil

from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

APP = "allauth.account"


def asked_too_often(request: HttpRequest, phone: str, action: str = "request_login_code") -> str:
    """A sentence that says when the next code can be asked for with this number (E.164)."""
    wait = seconds_to_wait(request, action, phone)
    return _("A code can be asked for again in %(wait)s. Wait so long, then try again.") % {
        "wait": in_words(wait)
    }


def seconds_to_wait(request: HttpRequest, action: str, key: str) -> float:
    """How long until every limit of ``ACCOUNT_RATE_LIMITS`` on this action allows one more try."""
    waits = [1.0]
    for rate in get_rates(app=APP, action=action):
        tried = cache.get(get_cache_key(request, app=APP, action=action, rate=rate, key=key), [])
        if len(tried) >= rate.amount:
            waits.append(tried[rate.amount - 1] + rate.duration - time.time())
    return max(waits)


def in_words(seconds: float) -> str:
    """Seconds up to a minute, then minutes, rounded up."""
    if seconds <= 60:
        number = ceil(seconds)
        return ngettext("%(number)d second", "%(number)d seconds", number) % {"number": number}
    number = ceil(seconds / 60)
    return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}
