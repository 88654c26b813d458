"""A brake on trying out codes: so many wrong ones from one address, then a pause."""

from django.core.cache import cache
from django.http import HttpRequest

from charity_hub.people.client_address import address_of

WRONG_CODES = 20
PAUSE_SECONDS = 600


def _key(request: HttpRequest) -> str:
    return f"verify:{address_of(request) or 'nowhere'}"


def is_paused(request: HttpRequest) -> bool:
    """Whether this address has tried too many wrong codes lately; right ones do not count."""
    return int(cache.get(_key(request), 0)) >= WRONG_CODES


def count_wrong(request: HttpRequest) -> None:
    """Remember one more wrong code from this address."""
    if not cache.add(_key(request), 1, PAUSE_SECONDS):
        try:
            cache.incr(_key(request))
        except ValueError:  # it lapsed between the two calls
            cache.set(_key(request), 1, PAUSE_SECONDS)
