"""Work that many ask for at once, done once for all who asked before it began.

It begins after each of them asked, so each gets an answer that is no older than the question. While it is
being done, those who ask anew gather for the next time; so a crowd waits for two rounds at most.
"""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock

_lock = Lock()
_rounds: dict[Hashable, "_Round"] = {}


class _Round:
    """One doing of the work. Whoever comes may join until it begins, after the round ``before`` it."""

    def __init__(self, before: "_Round | None") -> None:
        self.before = before
        self.open = True
        self.answer: Future[str] = Future()


def together(key: Hashable, make: Callable[[], str]) -> str:
    """What ``make()`` returns, called by one of those who wait for the same ``key``.

    ``make`` must depend on nothing but ``key`` and what everybody sees. Where it fails for the one who called
    it, the others call their own.
    """
    with _lock:
        newest = _rounds.get(key)
        joined = newest if newest is not None and newest.open else None
        if joined is None:
            begun = _rounds[key] = _Round(newest)
    if joined is None:
        return _done(key, begun, make)
    if joined.answer.exception() is not None:
        return make()
    return joined.answer.result()


def _done(key: Hashable, this: _Round, make: Callable[[], str]) -> str:
    if this.before is not None:
        this.before.answer.exception()  # waits for its end, good or bad
        this.before = None
    with _lock:
        this.open = False
    try:
        this.answer.set_result(make())
    except BaseException as error:
        this.answer.set_exception(error)
        raise
    finally:
        with _lock:
            if _rounds.get(key) is this:
                del _rounds[key]
    return this.answer.result()
