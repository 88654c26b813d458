"""The months that a page shows: the last 24, or one calendar year."""

from dataclasses import dataclass
from datetime import date

MONTHS_SHOWN = 24
FIRST_YEAR = 1990


@dataclass(frozen=True)
class Period:
    """A range of whole months, from the first day of ``start`` to the first day of ``last``."""

    start: date
    last: date
    year: int | None = None

    @property
    def months(self) -> list[date]:
        """The first day of each month, in order."""
        count = (self.last.year - self.start.year) * 12 + self.last.month - self.start.month + 1
        return [months_later(self.start, number) for number in range(count)]


def months_later(month: date, count: int) -> date:
    """The first day of the month ``count`` months after ``month`` (before it, if negative)."""
    year, zero_based = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, zero_based + 1, 1)


def latest_months(today: date) -> Period:
    """The present month and the 23 before it."""
    return Period(months_later(today, 1 - MONTHS_SHOWN), today.replace(day=1))


def one_year(year: int, today: date) -> Period:
    """January to December, or to the present month of the present year."""
    return Period(date(year, 1, 1), min(date(year, 12, 1), today.replace(day=1)), year)


def whole_life(first: date, today: date) -> Period:
    """From the first month with a movement to the present one."""
    return Period(first.replace(day=1), today.replace(day=1))


def asked_year(text: str, today: date) -> int | None:
    """The year in the address; None for the latest months or an invalid year."""
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    return year if FIRST_YEAR <= year <= today.year else None


def asked_period(text: str, today: date) -> Period:
    """The period in the address: a year, or the latest months."""
    year = asked_year(text, today)
    return one_year(year, today) if year else latest_months(today)
