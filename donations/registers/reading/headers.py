"""Finding a register's sheet and its head: one to three lines of titles, merged or not, near the top."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise

from donations.registers.reading.cell_patterns import (
    Column,
    looks_like_amount,
    looks_like_day,
    looks_like_phone,
)
from donations.registers.reading.columns import PATH_MARK, Columns, Hints, Path, judge
from donations.registers.reading.dates import day_of, year_in
from donations.registers.reading.files import Book, Sheet
from donations.registers.reading.lines import about
from donations.registers.reading.results import BadFile, Cell, Field, Unreadable
from donations.registers.reading.text import folded, half_width, is_blank, shown
from donations.registers.reading.titles import meanings_of_path, unit_of

type Lines = Sequence[Sequence[Cell]]
type Span = tuple[tuple[int, int], tuple[int, int]]  # first and last (row, column) of merged cells, from 0

_SEARCHED = 60  # lines of a sheet in which a head must begin
_MOST_LINES = 3
_LEAST_FIELDS = 3
_SAMPLED = 300  # lines below the head that are looked at to judge the columns


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The same titles several times side by side: from column ``start``, and further right by ``shifts``."""

    start: int
    width: int
    shifts: tuple[int, ...]

    def split(self, line: list[Cell]) -> list[tuple[int, list[Cell]]]:
        """One line for each table that has a cell in it; what stands left of them belongs to all."""
        shared = line[: self.start]
        parts = [(shift, line[self.start + shift : self.start + shift + self.width]) for shift in self.shifts]
        filled = [(shift, part) for shift, part in parts if not all(map(is_blank, part))]
        return [(shift, shared + part) for shift, part in filled or parts[:1]]


@dataclass(slots=True)
class Head:
    """Where the titles are, and what they mean. ``last`` is -1 when the sheet has no head."""

    first: int
    last: int
    columns: Columns
    lines: list[tuple[str, ...]]  # the titles as they stand, folded: to know them again at a page break
    cells: list[Column]
    above: str = ""  # the title lines over the head
    year: int | None = None
    day: date | None = None  # of a register of one event, that has no date column
    score: float = 0.0
    beside: SideBySide | None = None

    def tables_in(self, line: list[Cell]) -> list[tuple[int, list[Cell]]]:
        """The line's part of each of the tables that stand side by side, under the columns of the first;
        before it, how many columns further right it stands.
        """
        return self.beside.split(line) if self.beside else [(0, line)]


def find_head(
    lines: Lines, spans: Sequence[Span], hints: Hints, check: Callable[[], None] = lambda: None
) -> Head | None:
    """The best head among the first lines of a sheet, or None when nothing there looks like one.

    ``check`` is called for every line, and raises when this takes too long.
    """
    best: tuple[float, int, int] | None = None
    for first in range(min(_SEARCHED, len(lines))):
        check()
        for count in range(1, _MOST_LINES + 1):
            if first + count > len(lines) or not _may_be_titles(lines[first + count - 1]):
                break
            score = _score(lines, first, count, spans)
            if score and (best is None or score > _better(best, first)):
                best = (score, first, count)
    return _headless(lines, hints) if best is None else _head(lines, spans, hints, *best)


def _better(best: tuple[float, int, int], first: int) -> float:
    """What a head must score to be taken instead: one further down is mostly a second table's."""
    return best[0] if first < best[1] + best[2] else 1.5 * best[0]


def _head(lines: Lines, spans: Sequence[Span], hints: Hints, score: float, first: int, count: int) -> Head:
    paths = _paths(lines, first, count, spans)
    below = list(lines[first + count : first + count + _SAMPLED])
    beside = _side_by_side(paths, lines[max(0, first - 3) : first + count - 1])
    if beside:
        paths = paths[: beside.start + beside.width]
        below = [part for line in below for _shift, part in beside.split(list(line))]
    above = [shown(cell) for line in lines[max(0, first - 6) : first] for cell in line if not is_blank(cell)]
    unit = next((found for text in above if (found := unit_of(text))), None)
    cells = _columns_of(below, len(paths))
    titles = lines[first : first + count]
    written = " ".join(shown(cell) for line in titles for cell in line)
    return Head(
        first,
        first + count - 1,
        judge(paths, cells, hints, unit),
        [tuple(folded(shown(cell)) for cell in line) for line in titles],
        cells,
        " ".join(above),
        year_in(" ".join(above)) or year_in(written) or hints.year,
        _one_day(" ".join(above)),
        score,
        beside,
    )


def _side_by_side(paths: Sequence[Path], above: Lines) -> SideBySide | None:
    """Where the last columns have the same titles again and again, with an amount and a donor or day each.

    A table over which ``above`` says that it tells of expenses is left out.
    """
    leaves = [folded(path[-1]) if path else "" for path in paths]
    while leaves and not leaves[-1]:
        leaves.pop()
    for width in range(2, (len(leaves) + 1) // 2 + 1):
        for start in range(len(leaves) + 2 - 2 * width):
            block = leaves[start : start + width]
            count, rest = divmod(len(leaves) - start, width)
            if rest == width - 1 and not block[-1]:  # an empty column between them, none after the last
                count, rest = count + 1, 0
            repeated = (block * count)[: len(leaves) - start]
            if (
                not rest
                and count > 1
                and repeated == leaves[start:]
                and _makes_a_table(paths[start : start + width])
            ):
                shifts = [number * width for number in range(count)]
                gifts = [at for at in shifts if not _of_expenses(above, start + at, start + at + width)]
                return SideBySide(start, width, tuple(gifts or shifts))
    return None


def _of_expenses(above: Lines, first: int, end: int) -> bool:
    cells = (cell for line in above for cell in line[first:end] if isinstance(cell, str))
    return any(about(folded(cell)) == "out" for cell in cells)


def _makes_a_table(paths: Sequence[Path]) -> bool:
    fields = {field for path in paths if path for field in meanings_of_path(path)}
    return Field.AMOUNT in fields and bool(fields & {Field.DONOR, Field.DATE})


def _columns_of(lines: Lines, width: int) -> list[Column]:
    return [Column([line[place] for line in lines if place < len(line)]) for place in range(width)]


def _headless(lines: Lines, hints: Hints) -> Head | None:
    """A bare table without titles, when its cells alone tell date, donor and amount."""
    width = max((len(line) for line in lines), default=0)
    first = next((index for index, line in enumerate(lines) if len(_filled(line)) > 1), 0)
    titled = bool(lines) and _may_be_titles(lines[first])  # words, though none that we know
    paths = _paths(lines, first, 1, []) if titled else [()] * width
    paths += [()] * (width - len(paths))
    cells = _columns_of(lines[first + titled :], width)
    columns = judge(paths, cells, hints)
    if not {Field.DATE, Field.DONOR, Field.AMOUNT} <= columns.places.keys():
        return None
    return Head(first, first if titled else -1, columns, [], cells, year=hints.year)


def _one_day(text: str) -> date | None:
    """The day that the title lines name, when they name exactly one."""
    found = set(re.findall(r"20\d\d[年./-]\d{1,2}[月./-]\d{1,2}", half_width(text)))
    try:
        return day_of(found.pop(), date.max) if len(found) == 1 else None
    except Unreadable:
        return None


def _may_be_titles(line: Sequence[Cell]) -> bool:
    """Titles are words: a line with a number, a date or a phone in it is none."""
    filled = [cell for cell in line if not is_blank(cell)]
    if any(isinstance(cell, int | float | date | datetime | time | timedelta) for cell in filled):
        return False
    return not any(_is_value(shown(cell)) for cell in filled)


def _is_value(text: str) -> bool:
    if not any(character.isdigit() for character in text):
        return False
    return looks_like_day(text) or looks_like_phone(text) or looks_like_amount(text)


def _score(lines: Lines, first: int, count: int, spans: Sequence[Span]) -> float:
    """How well these lines read as a head; 0 when they do not."""
    if not any(not is_blank(cell) for cell in lines[first]):
        return 0
    fields: dict[Field, float] = {}
    unknown = 0
    for path in _paths(lines, first, count, spans):
        found = meanings_of_path(path) if path and len(path[-1]) <= 40 else {}
        unknown += bool(path) and not found
        for field, score in found.items():
            fields[field] = max(fields.get(field, 0), score)
    anchors = {
        Field.AMOUNT,
        Field.CAPITALS,
        Field.DONOR,
        Field.DATE,
        Field.DAY,
        Field.PHONE,
        Field.WAY,
    } & fields.keys()
    if len(fields) < _LEAST_FIELDS or len(anchors) < 2 or len(_filled(lines[first + count - 1])) < 2:
        return 0
    return sum(fields.values()) - 12 * unknown - 5 * (count - 1)


def _filled(line: Sequence[Cell]) -> list[str]:
    return [shown(cell) for cell in line if not is_blank(cell)]


def _paths(lines: Lines, first: int, count: int, spans: Sequence[Span]) -> list[Path]:
    """The titles over each column, outermost first, merged cells spread over what they cover."""
    block = [list(map(shown, line)) for line in lines[first : first + count]]
    width = max(len(line) for line in block)
    for line in block:
        line.extend([""] * (width - len(line)))
    merged = [span for span in spans if first <= span[0][0] < first + count]
    for (top, left), (bottom, right) in merged:
        text = block[top - first][left] if left < width else ""
        for row in range(top, min(bottom, first + count - 1) + 1):
            block[row - first][left : right + 1] = [text] * (min(right + 1, width) - left)
    if not merged:
        _spread(block)
    return [_path(column) for column in zip(*block, strict=True)]


def _path(column: Sequence[str]) -> Path:
    """The titles of one column, each once; “A · B” in one cell is B under A (our own workbooks)."""
    return tuple(dict.fromkeys(part for text in column if text for part in text.split(PATH_MARK)))


def _spread(block: list[list[str]]) -> None:
    """Without merged cells: an upper title covers the empty places to its right that have a title below."""
    for upper, lower in pairwise(block):
        for place in range(1, len(upper)):
            if not upper[place] and lower[place]:
                upper[place] = upper[place - 1]


def is_repeated(line: Sequence[Cell], head: Head) -> bool:
    """Whether a line is one of the head's lines again, as at a page break."""
    filled = [
        (place, folded(shown(cell)))
        for place, cell in enumerate(line)
        if isinstance(cell, str) and not is_blank(cell)
    ]
    if len(filled) < 2:
        return False
    for titles in head.lines:
        same = sum(place < len(titles) and titles[place] == text for place, text in filled)
        if same >= 2 and same >= 0.6 * len(filled):
            return True
    return False


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
