"""How much of anybody's file is read: bounds of our own, whatever the file says of itself."""

import time
from dataclasses import dataclass, field, replace

from donations.registers.reading.results import BadFile

MOST_SECONDS = 60  # for taking a file apart, and for finding the titles in it
MOST_MEMORY = 1 << 30  # bytes of the reading process
MOST_WRITTEN = 512 << 20  # bytes that it may hand over


class TooSlowForPage(Exception):  # noqa: N818 - a way out, not a failure
    """Reading this takes longer than somebody who waits for a page should; a job does it."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one reading may cost, and until when. Its clock runs from the moment it is made.

    ``seconds`` of the clock, ``cells`` and ``characters`` are counted as they are read. Beyond any of them:
    ``TooSlowForPage`` where somebody waits for a page (``at_once``), a refusal of the file elsewhere.
    """

    seconds: float
    cells: int
    characters: int
    at_once: bool = False
    _began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds that remain."""
        return self._began + self.seconds - time.monotonic()

    def at_most(self, seconds: float) -> "Allowance":
        """The same for a step that may take no longer than this, and no longer than what is left."""
        return replace(self, seconds=min(seconds, self.left), _began=time.monotonic())

    def check(self) -> None:
        """Raise when the time is over."""
        if self.left <= 0:
            raise self.exceeded()

    def exceeded(self) -> Exception:
        """What to raise when a bound is reached."""
        return TooSlowForPage() if self.at_once else BadFile("too_much")


def at_once(seconds: float) -> Allowance:
    """For a page that somebody waits for."""
    return Allowance(seconds, cells=60_000, characters=3_000_000, at_once=True)


def whole() -> Allowance:
    """For a job or a command: its hour is for recording what was read, too."""
    return Allowance(seconds=3_600, cells=2_000_000, characters=60_000_000)
