"""Work that need not be done again while nothing has changed in the database: nothing at all, by anybody.

PostgreSQL's snapshot names exactly which transactions are visible. Two readers with the same snapshot see
the same rows, so what the first one made of them is what the second one would make: a kept answer cannot lie,
whoever wrote what in the meantime, psql included.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import NamedTuple

from django.db import connection

from charity_hub.together import together

ROOM = 256


class _Kept(NamedTuple):
    snapshot: str
    text: str


_kept: OrderedDict[Hashable, _Kept] = OrderedDict()
_lock = Lock()


def while_unchanged(key: Hashable, make: Callable[[], str]) -> str:
    """What ``make()`` returns, made anew only when the database has changed since it was last made.

    Those who ask at once while it changes share one making, which begins after the last of them asked.
    ``key`` must name everything besides the database that the text depends on: language, day, parameters.
    ``make`` must depend on nothing that belongs to one visitor. Inside a transaction, whose own writes a
    snapshot does not name, it is made every time.
    """
    if connection.in_atomic_block:
        return make()
    found = _found(key, _snapshot())
    return found if found is not None else together(key, lambda: _made(key, make))


def _made(key: Hashable, make: Callable[[], str]) -> str:
    before = _snapshot()
    found = _found(key, before)  # by those who were first to ask, while we waited for them
    if found is not None:
        return found
    text = make()
    if _snapshot() == before:  # else somebody wrote while we read
        _keep(key, _Kept(before, text))
    return text


def _found(key: Hashable, snapshot: str) -> str | None:
    kept = _kept.get(key)
    return kept.text if kept is not None and kept.snapshot == snapshot else None


def forget() -> None:
    """Keep nothing any more."""
    with _lock:
        _kept.clear()


def _snapshot() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def _keep(key: Hashable, kept: _Kept) -> None:
    with _lock:
        _kept[key] = kept
        _kept.move_to_end(key)
        while len(_kept) > ROOM:
            _kept.popitem(last=False)
