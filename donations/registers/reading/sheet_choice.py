"""Which sheet of a workbook is the register, and where its head is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

from donations.registers.reading.columns import Hints
from donations.registers.reading.dates import year_in
from donations.registers.reading.files import Book, Sheet
from donations.registers.reading.headers import Head, find_head
from donations.registers.reading.results import BadFile
from donations.registers.reading.sections import about
from donations.registers.reading.text import folded

PREVIEW = 400


@dataclass(slots=True)
class Choice:
    """The sheet taken, its head, and the other sheets that look like registers too."""

    sheet: Sheet
    head: Head
    others: list[str]


def choose_sheet(
    book: Book,
    hints: Hints,
    *,
    name: str = "",
    file_name: str = "",
    check: Callable[[], None] = lambda: None,
) -> Choice:
    """The sheet called ``name``, or the visible one that looks most like a register (hidden ones last).

    ``check`` is called again and again on the way, and raises when this takes too long.
    Raises ``BadFile`` when no sheet looks like a register.
    """
    if name and name not in book.names:
        raise BadFile("no_such_sheet", name=name, names="、".join(book.names))
    best: Choice | None = None
    others: list[str] = []
    for each in [name] if name else sorted(book.names, key=lambda each: _place_in_line(book, each)):
        if each in book.hidden and best is not None:
            continue
        sheet = book.sheet(each)
        head = _usable_head(sheet, hints, file_name, check)
        if head is not None:
            others.append(each)
            if best is None or head.score > 1.15 * best.head.score:
                best = Choice(sheet, head, [])
    if best is None:
        raise BadFile("no_head")
    best.others = [each for each in others if each != best.sheet.name]
    return best


def _place_in_line(book: Book, name: str) -> tuple[bool, bool]:
    """Sheets that are hidden come last, and before them those that tell of money that went out."""
    return name in book.hidden, about(folded(name)) == "out"


def _usable_head(sheet: Sheet, hints: Hints, file_name: str, check: Callable[[], None]) -> Head | None:
    lines = list(islice(sheet.lines(), PREVIEW))
    year = year_in(sheet.name) or year_in(file_name)
    head = find_head(lines, sheet.spans, replace(hints, year=year, hidden=sheet.marks.hidden_columns), check)
    return head if head is not None and head.columns.usable else None
