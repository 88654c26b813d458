"""Dates as people write them."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Literal

from donations.registers.reading.numerals import digits_of, number
from donations.registers.reading.results import Cell, Unreadable
from donations.registers.reading.text import half_width, says_nothing

type Order = Literal["ymd", "mdy", "dmy"]

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
_YEAR_FIRST = re.compile(
    rf"(?:(\d{{4}}){_SEPARATOR}|(\d{{2}})\s*年\s*)(\d{{1,2}}){_SEPARATOR}(\d{{1,2}})\s*[日号]?"
)
# Which part is which is not told by the cell: 11/5/26, 26.11.5, 05/11/2026.
_UNTOLD = re.compile(r"(\d{1,2})\s*([./\-_\\ ])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{1,2})")
_ORDERS: Mapping[Order, tuple[int, int, int]] = {"ymd": (0, 1, 2), "mdy": (2, 0, 1), "dmy": (2, 1, 0)}
# A time with its zone: 2025-12-31T16:30:00Z. A bare offset needs seconds: 10:00-11:00 is a span of time.
_CLOCK = r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:t|\s+)(\d{1,2}):(\d{2})"
_ZONED = re.compile(
    rf"{_CLOCK}(?:(?::(\d{{2}})(?:[.,]\d+)?)?\s*(?:z|utc|gmt)([+\-−]\d{{1,2}}(?::?\d{{2}})?)?"
    r"|:(\d{2})(?:[.,]\d+)?\s*([+\-−]\d{2}(?::?\d{2})?))"
)
_WITH_TIME = re.compile(rf"{_CLOCK}(?::\d{{2}}(?:[.,]\d+)?)?")
_HERE = timezone(timedelta(hours=8))
_NO_YEAR = re.compile(r"(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*[日号]?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PACKED_SHORT = re.compile(r"(\d{2})(\d{2})(\d{2})")  # 250305 under a title of 2025; 201112 is no day
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


def day_of(
    cell: Cell,
    today: date,
    year: int | None = None,
    *,
    order: Order | None = None,
    zone: timezone | None = None,
) -> date:
    """The day a cell names, in Shanghai. ``year`` fills in where the cell gives only month and day.

    ``order`` is what the whole column proves of 11/5/26; without it such a cell counts only where it can be
    read in one way. ``zone`` is the one that the column's title gives for its times.
    Raises ``Unreadable``: missing, unclear, impossible (February 30), no year, in the future, before 2000.
    """
    if zone is not None:
        cell = _moved_here(cell, zone)
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
    return _from_text(half_width(cell).lower(), today, year, order)


def _moved_here(cell: Cell, zone: timezone) -> Cell:
    """A time of another zone as one of ours. A day alone may be the next one here: that is not guessed."""
    if isinstance(cell, datetime) and cell.time() != time():
        return cell.replace(tzinfo=zone).astimezone(_HERE).replace(tzinfo=None)
    if isinstance(cell, str):
        text = half_width(cell).lower()
        if found := _WITH_TIME.fullmatch(text):
            return _here(found.groups(), zone)
        if _ZONED.fullmatch(text) or says_nothing(text):
            return cell
    elif cell is None:
        return cell
    raise Unreadable("date_zone")


def _here(parts: Sequence[str], zone: timezone) -> date:
    """The day in Shanghai of year, month, day, hour and minute elsewhere."""
    try:
        there = datetime(*map(int, parts), tzinfo=zone)  # type: ignore[misc, arg-type]
    except ValueError:
        raise Unreadable("date_impossible") from None
    return there.astimezone(_HERE).date()


def offset_of(text: str) -> timezone:
    """The zone of an offset: +08:00, -5, empty for UTC itself."""
    sign = -1 if text[:1] in {"-", "−"} else 1
    figures = re.sub(r"\D", "", text)
    hours, minutes = (figures[:-2], figures[-2:]) if len(figures) > 2 else (figures, "0")
    return timezone(sign * timedelta(hours=int(hours or 0), minutes=int(minutes))) if figures else UTC


def zone_of_title(title: str) -> timezone | None:
    """The time zone that a title gives for its times: created_at (UTC); None for none but ours."""
    found = re.search(
        r"(?<![a-z])(?:utc|gmt)(?![a-z])([+\-−]\d{1,2}(?::?\d{2})?)?", half_width(title).lower()
    )
    zone = offset_of(found[1] or "") if found else None
    return None if zone == _HERE else zone


def orders_of(cell: Cell, today: date) -> set[Order] | None:
    """In which orders a cell like 11/5/26 makes a day that may be; None for a cell that leaves no doubt."""
    found = _UNTOLD.fullmatch(half_width(cell).lower()) if isinstance(cell, str) else None
    if found is None:
        return None
    return set(_readings(found, today))


def _readings(found: re.Match[str], today: date) -> dict[Order, date]:
    parts = (found[1], found[3], found[4])
    days: dict[Order, date] = {}
    for order, (year, month, day) in _ORDERS.items():
        if len(parts[year]) in {2, 4} and len(parts[day]) <= 2:
            try:
                read = _built(int(parts[year]), int(parts[month]), int(parts[day]))
                days[order] = _plausible(read, today)
            except Unreadable:
                continue
    return days


def _untold(found: re.Match[str], today: date, year: int | None, order: Order | None) -> date:
    """The reading that the column proves, or the only one, or the only one of the title's year."""
    readings = _readings(found, today)
    if order is not None and order in readings:
        return readings[order]
    days = set(readings.values())
    if not days:
        raise Unreadable("date_impossible")
    of_year = {day for day in days if day.year == year}
    for likely in (days, of_year):
        if len(likely) == 1:
            return likely.pop()
    raise Unreadable("date_day_or_month")


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
def _from_text(text: str, today: date, year: int | None, order: Order | None) -> date:
    if says_nothing(text):
        raise Unreadable("date_missing")
    if zoned := _ZONED.fullmatch(text):
        return _plausible(_here(zoned.groups()[:5], _offset(zoned[7] or zoned[9] or "")), today)
    text = _WEEKDAY.sub("", text.strip("'\"“” .。,;")).strip()
    text = _TIME.sub("", text).strip() if ":" in text or "时" in text or "点" in text else text
    text = _PART_OF_DAY.sub("", text)
    if untold := _UNTOLD.fullmatch(text):
        return _untold(untold, today, year, order)
    return _plausible(_read(text, year), today)


def _offset(text: str) -> timezone:
    try:
        return offset_of(text)
    except ValueError:
        raise Unreadable("date_unclear") from None


def _read(text: str, year: int | None) -> date:
    if text.isdecimal() and len(text) == 5 and int(text) in _SERIALS:
        return _EPOCH + timedelta(days=int(text))
    if found := _YEAR_FIRST.fullmatch(text) or _PACKED.fullmatch(text):
        return _built(*(int(part) for part in found.groups() if part))
    if found := _CHARACTERS.fullmatch(text):
        month, day = (number(part.lstrip("〇零")) for part in found.groups()[1:])
        return _built(int(digits_of(found[1])), int(month or 0), int(day or 0))
    if found := _CHARACTERS_NO_YEAR.fullmatch(text):
        text = "/".join(str(int(number(part.lstrip("〇零")) or 0)) for part in found.groups())
    if found := _ENGLISH.fullmatch(text):
        return _english(found)
    if (found := _PACKED_SHORT.fullmatch(text)) and year and int(found[1]) == year % 100:
        return _built(*map(int, found.groups()))
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
