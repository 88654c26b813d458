"""A limit on guessing codes: after a number of wrong ones from one address, a pause.

Stored in the cache of public pages: while Redis is down nothing is counted, and codes are still checked.
"""

from django.core.cache import caches
from django.http import HttpRequest

from charity_hub.people.client_address import address_of

WRONG_CODES = 20
PAUSE_SECONDS = 600


def _key(request: HttpRequest) -> str:
    return f"verify:{address_of(request) or 'nowhere'}"


def is_paused(request: HttpRequest) -> bool:
    """Whether this address has recently tried too many wrong codes; right codes do not count."""
    return int(caches["pages"].get(_key(request), 0)) >= WRONG_CODES


def count_wrong(request: HttpRequest) -> None:
    """Count one more wrong code from this address."""
    if not caches["pages"].add(_key(request), 1, PAUSE_SECONDS):
        try:
            caches["pages"].incr(_key(request))
        except ValueError:  # the entry expired between the two calls
            caches["pages"].set(_key(request), 1, PAUSE_SECONDS)
