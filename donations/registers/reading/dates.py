"""Dates as people write them."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from donations.registers.reading.numerals import digits_of, number
from donations.registers.reading.results import Cell, Unreadable
from donations.registers.reading.text import half_width, says_nothing

EARLIEST = date(2000, 1, 1)
_SERIALS = range(36526, 73051)  # Excel's numbers for 2000-01-01 … 2100-01-01
_EPOCH = date(1899, 12, 30)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_WEEKDAY = re.compile(r"[(\[]?(?:星期|周|礼拜)[一二三四五六日天][)\]]?")
_TIME = re.compile(
    r"[ t,]*(?:上午|下午|早上|中午|晚上|凌晨|am|pm)?\s*\d{1,2}\s*(?::|时|点)\s*(?:\d{1,2}|半)?"
    r"\s*(?:[:分]\s*\d{0,2}(?:\.\d+)?)?\s*秒?\s*(?:am|pm|z|\+08:?00)?$"
)
_PART_OF_DAY = re.compile(r"\s*[(\[]?(?:上午|下午|早上|中午|晚上|凌晨)[)\]]?$")
_SEPARATOR = r"\s*[年./\-_,、\\~ 月]\s*"
_YEAR_FIRST = re.compile(rf"(\d{{4}}|\d{{2}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,2}})\s*[日号]?")
_YEAR_LAST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_NO_YEAR = re.compile(r"(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*[日号]?")
_PACKED = re.compile(r"(\d{4}|\d{2})(\d{2})(\d{2})")
_CHARACTERS = re.compile(
    r"([〇零○◯一二三四五六七八九]{2,4})年([一二三四五六七八九十〇零]{1,3})月([一二三四五六七八九十廿卅〇零]{1,3})[日号]?"
)
_CHARACTERS_NO_YEAR = re.compile(
    r"([一二三四五六七八九十〇零]{1,3})月([一二三四五六七八九十廿卅〇零]{1,3})[日号]?"
)
_ENGLISH = re.compile(
    r"(\d{1,2})[ \-/]([a-z]{3})[a-z]*\.?[ \-/,]+(\d{4}|\d{2})"
    r"|([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})"
)


def day_of(cell: Cell, today: date, year: int | None = None) -> date:
    """The day a cell names. ``year`` fills in where the cell gives only month and day.

    Raises ``Unreadable``: missing, unclear, impossible (February 30), no year, in the future, before 2000.
    """
    if isinstance(cell, datetime):
        return _plausible(cell.date(), today)
    if isinstance(cell, date):
        return _plausible(cell, today)
    if isinstance(cell, (bool, time, timedelta)):
        raise Unreadable("date_unclear")
    if isinstance(cell, float) and not cell.is_integer() and cell < 13:
        return _plausible(_point_for_month(cell, year), today)
    if isinstance(cell, float):
        cell = int(cell)
    return _from_text(half_width(cell).lower(), today, year)


def year_in(text: str) -> int | None:
    """The one year that a title names (2025年捐赠登记表, 二〇二五年度); None for none or several."""
    plain = digits_of(half_width(text))
    years = set(re.findall(r"(?<!\d)(20\d\d)(?=\s*[年.\-/度]|$|\D)", plain))
    return int(years.pop()) if len(years) == 1 else None


def day_from_parts(year: Cell, month: Cell, day: Cell, today: date) -> date:
    """The day of separate year, month and day columns."""
    numbers = [whole(part) for part in (year, month, day)]
    if any(part is None for part in numbers):
        raise Unreadable("date_missing")
    return _plausible(_built(*(part or 0 for part in numbers)), today)


def whole(cell: Cell) -> int | None:
    """The number of a year, month or day in a cell of its own; None if there is none."""
    if isinstance(cell, date):
        return None
    value = number(re.sub(r"[年月日号]$", "", half_width(cell)))
    return int(value) if value is not None and value == int(value) else None


@lru_cache(maxsize=8192)
def _from_text(text: str, today: date, year: int | None) -> date:
    if says_nothing(text):
        raise Unreadable("date_missing")
    text = _WEEKDAY.sub("", text.strip("'\"“” .。,;")).strip()
    text = _TIME.sub("", text).strip() if ":" in text or "时" in text or "点" in text else text
    text = _PART_OF_DAY.sub("", text)
    found = _read(text, year)
    return _plausible(found, today)


def _read(text: str, year: int | None) -> date:
    if text.isdecimal() and len(text) == 5 and int(text) in _SERIALS:
        return _EPOCH + timedelta(days=int(text))
    if found := _YEAR_FIRST.fullmatch(text) or _PACKED.fullmatch(text):
        return _built(*map(int, found.groups()))
    if found := _CHARACTERS.fullmatch(text):
        month, day = (number(part.lstrip("〇零")) for part in found.groups()[1:])
        return _built(int(digits_of(found[1])), int(month or 0), int(day or 0))
    if found := _CHARACTERS_NO_YEAR.fullmatch(text):
        text = "/".join(str(int(number(part.lstrip("〇零")) or 0)) for part in found.groups())
    if found := _YEAR_LAST.fullmatch(text):
        return _year_last(*map(int, found.groups()))
    if found := _ENGLISH.fullmatch(text):
        return _english(found)
    if found := _NO_YEAR.fullmatch(text):
        if year is None:
            raise Unreadable("date_without_year")
        return _built(year, int(found[1]), int(found[2]))
    raise Unreadable("date_unclear")


def _point_for_month(cell: float, year: int | None) -> date:
    """3.15 typed for March 15. Excel drops the zero of 3.10, so 3.1 may be either and is not guessed."""
    month, _point, day = format(cell, ".15g").partition(".")
    if year is None:
        raise Unreadable("date_without_year")
    if len(day) == 1 and day in "123":
        raise Unreadable("date_unclear")
    return _built(year, int(month), int(day))


def _year_last(first: int, second: int, year: int) -> date:
    if first <= 12 and second <= 12 and first != second:
        raise Unreadable("date_day_or_month")
    return _built(year, second, first) if first > 12 else _built(year, first, second)


def _english(found: re.Match[str]) -> date:
    day, name, year, name_first, day_after, year_after = found.groups()
    if (name or name_first) not in _MONTH_NAMES:
        raise Unreadable("date_unclear")
    month = _MONTH_NAMES.index(name or name_first) + 1
    return _built(int(year or year_after), month, int(day or day_after))


def _built(year: int, month: int, day: int) -> date:
    if year < 100:
        if year < 10:
            raise Unreadable("date_unclear")
        year += 2000
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("date_impossible") from None


def _plausible(day: date, today: date) -> date:
    if day > today:
        raise Unreadable("date_in_future")
    if day < EARLIEST:
        raise Unreadable("date_too_old")
    return day
