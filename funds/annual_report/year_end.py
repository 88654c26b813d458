"""Closing a fund's year together with its annual report."""

from datetime import date

from charity_hub.people.models import User
from funds.books.closing import close_books, is_closed
from funds.books.open_items import open_items
from funds.profile.models import Fund


def year_is_closed(code: str, year: int) -> bool:
    """Whether the year is closed for postings."""
    return is_closed(_fund(code).book, _last_day(year))


def open_items_of_year(code: str, year: int) -> list[str]:
    """What is not finished in the year, in sentences."""
    return open_items(_fund(code), _last_day(year))


def close_year(code: str, year: int, actor: User) -> None:
    """Close the fund's book through the year. Raises ``Refused`` before the year is over."""
    close_books(_fund(code), _last_day(year), actor=actor)


def _fund(code: str) -> Fund:
    return Fund.objects.select_related("book").get(code=code)


def _last_day(year: int) -> date:
    return date(year, 12, 31)
