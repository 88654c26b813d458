"""What the cells under a title look like: evidence for or against what the title says."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import pairwise

from donations.registers.reading.amounts import UNITS, amount_fen, currency_of
from donations.registers.reading.choices import consent_of, kind_of, way_of
from donations.registers.reading.dates import day_of
from donations.registers.reading.payment_status import direction_of, was_received
from donations.registers.reading.results import Cell, Field, Unreadable
from donations.registers.reading.text import folded, half_width, is_blank, shown

_TICKS = set("√✓✔☑vy●○")
_PHONE = re.compile(r"(?:\+?86)?1\d{9,10}")
_ID = re.compile(r"\d{17}[\dXx]|\d{15}|[0-9A-Z]{18}")
# A mobile or a landline with its area code anywhere in a text, perhaps with an extension.
PHONES_WITHIN = re.compile(
    r"(?<!\d)(?:1[3-9]\d(?:[\s-]?\d{4}){2}"
    r"|[(（]?0(?:10|2\d|[3-9]\d\d)[)）]?[\s—－-]*[2-9]\d{6,7}(?:(?:转|[\s—－-])\d{1,6})?)(?!\d)"
)
_FAR_FUTURE = date(2100, 1, 1)


def looks_like_day(cell: Cell) -> bool:
    if isinstance(cell, datetime | date):
        return True
    if isinstance(cell, bool) or (
        isinstance(cell, float | int) and not (36526 <= cell < 73051 or 19900101 <= cell <= 21001231)
    ):
        return False
    try:
        day_of(cell, _FAR_FUTURE, 2024)
    except Unreadable as unreadable:
        return unreadable.code in {"date_impossible", "date_too_old", "date_in_future", "date_day_or_month"}
    return True


def looks_like_amount(cell: Cell) -> bool:
    if looks_like_phone(cell) or looks_like_id(cell):
        return False
    try:
        amount_fen(cell)
    except Unreadable as unreadable:
        return unreadable.code in {"amount_not_positive", "amount_decimals", "amount_too_large"}
    return True


def looks_like_phone(cell: Cell) -> bool:
    return _PHONE.fullmatch(re.sub(r"[\s\-+]", "", half_width(cell))) is not None


def looks_like_id(cell: Cell) -> bool:
    text = half_width(cell).replace(" ", "")
    return _ID.fullmatch(text) is not None and any(character.isdigit() for character in text)


def looks_like_name(cell: Cell) -> bool:
    text = shown(cell)
    return (
        isinstance(cell, str) and 2 <= len(text) <= 60 and not any(character.isdigit() for character in text)
    )


def is_unit(text: str) -> bool:
    """Whether a text is a unit or a currency in which amounts may count: 元, 万元, 港元."""
    return folded(text).removeprefix("人民币") in UNITS or currency_of(text) is not None


def is_tick(cell: Cell) -> bool:
    return folded(shown(cell)) in _TICKS


_CHECKS: dict[Field, Callable[[Cell], bool]] = {
    Field.DATE: looks_like_day,
    Field.AMOUNT: looks_like_amount,
    Field.PHONE: looks_like_phone,
    Field.ID_NUMBER: looks_like_id,
    Field.DONOR: looks_like_name,
    Field.WAY: lambda cell: isinstance(cell, str) and way_of(shown(cell)) is not None,
    Field.KIND: lambda cell: (
        isinstance(cell, str) and len(shown(cell)) <= 8 and kind_of(shown(cell)) is not None
    ),
    Field.DIRECTION: lambda cell: isinstance(cell, str) and direction_of(shown(cell)) is not None,
    Field.STATUS: lambda cell: isinstance(cell, bool | str) and was_received(shown(cell)) is not None,
    Field.CURRENCY: lambda cell: isinstance(cell, str) and currency_of(shown(cell)) is not None,
    Field.UNIT: lambda cell: is_unit(shown(cell)),
    Field.PAID_OUT: looks_like_amount,
    Field.PUBLISH_NAME: lambda cell: consent_of(shown(cell)) is not None,
}


class Column:
    """A sample of the cells of one column, blanks left out."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.filled = [cell for cell in cells if not is_blank(cell)][:60]
        self.blank = not self.filled
        self._shares: dict[Field, float] = {}

    def share(self, field: Field) -> float | None:
        """The share of filled cells that look like ``field``; None where cells cannot tell."""
        check = _CHECKS.get(field)
        if check is None or self.blank:
            return None
        if field not in self._shares:
            self._shares[field] = sum(map(check, self.filled)) / len(self.filled)
        return self._shares[field]

    def share_of_words(self, words: frozenset[str]) -> float:
        """The share of filled cells that are one of these (folded) words."""
        if self.blank:
            return 0.0
        return sum(folded(shown(cell)) in words for cell in self.filled) / len(self.filled)

    @property
    def counts_up(self) -> bool:
        """1, 2, 3 …: a serial number, whatever else such numbers might be."""
        numbers = [int(text) for text in map(half_width, self.filled) if text.isdecimal() and len(text) < 7]
        steps = sum(after - before == 1 for before, after in pairwise(numbers))
        return (
            len(numbers) >= 3 and len(numbers) >= 0.6 * len(self.filled) and steps >= 0.8 * (len(numbers) - 1)
        )

    @property
    def different(self) -> float:
        """How many of the cells differ: names do, ways do not."""
        return len({shown(cell) for cell in self.filled}) / len(self.filled) if self.filled else 0.0

    @property
    def samples(self) -> list[str]:
        """Three different cells to show a person."""
        return list(dict.fromkeys(shown(cell)[:40] for cell in self.filled))[:3]
