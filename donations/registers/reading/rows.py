"""Walking down a register, line by line, from its head to its end. Holds a few lines at a time."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from donations.registers.reading.amounts import amount_fen
from donations.registers.reading.columns import PATH_MARK, Hints
from donations.registers.reading.dates import whole
from donations.registers.reading.gifts import PreviousRow, read_gift
from donations.registers.reading.headers import Choice, Head, Span, find_head, is_repeated
from donations.registers.reading.lines import (
    Sums,
    about,
    amount_cells,
    declared_fen,
    heading,
    is_void,
    names_expenses,
    titles_say,
    total_in,
    why_no_gift,
)
from donations.registers.reading.results import Cell, Field, Problem, Row, Skipped, Terms, Unreadable
from donations.registers.reading.table_overview import scan_table
from donations.registers.reading.text import folded, is_blank, is_ditto, says_nothing, shown
from donations.registers.reading.titles import meanings, unit_of

_AHEAD = 3
_TOTAL_MARK = re.compile("[计合额页余结利total]")
_SUBTOTAL = re.compile("小计|[页月日季周]计|subtotal")
_FORMULAS_TOLD = {Field.SERIAL, Field.AMOUNT, Field.DATE}  # not read, or refused where they are read
_EPOCH_1904 = date(1904, 1, 1)
_SERIALS_1904 = range(35_064, 71_589)  # 2000-01-01 … 2100-01-01
_NOT_FILLED_DOWN = (Field.AMOUNT, Field.CAPITALS, Field.SERIAL, Field.RECEIPT)


def read_rows(choice: Choice, terms: Terms) -> Iterator[Row | Skipped]:
    """Every line of the register below its head, in order: gifts as ``Row``, other lines as ``Skipped``.

    Blank lines are left out. A second table further down with a head of its own is read by that head.
    """
    walk = _Walk(choice, terms)
    lines = enumerate(choice.sheet.lines())
    window = deque(islice(lines, _AHEAD))
    while window:
        index, line = window[0]
        if index > walk.head.last or walk.head.last < 0:
            yield from walk.lines(index, line, [each for _index, each in window])
        window.popleft()
        window.extend(islice(lines, 1))


class _Walk:
    """What must be remembered on the way: the head in force, the line above, the sums so far."""

    def __init__(self, choice: Choice, terms: Terms) -> None:
        self.head = choice.head
        self.unit = choice.head.columns.unit  # of the next table, if it does not say
        self.terms = terms
        self.sums = Sums()
        overview = scan_table(choice, terms)
        self.above = PreviousRow(year=choice.head.year, title_day=choice.head.day, overview=overview)
        self.spanned = _filled_down(choice.sheet.spans, choice.head)
        self.tops: dict[int, Cell] = {}
        self.head_until = -1
        self.subtotals = 0
        self.marks = choice.sheet.marks
        self.shift = 0  # columns between the first table and the one being read beside it
        self.out = about(folded(choice.head.above)) == "out"  # in a section of money that went out

    def lines(self, index: int, line: list[Cell], ahead: Sequence[Sequence[Cell]]) -> Iterator[Row | Skipped]:
        """What a line of the sheet holds: of tables side by side, the line of each."""
        for shift, part in self.head.tables_in(line):
            self.shift = shift
            yield from self.take(index, part, ahead)

    def take(self, index: int, line: list[Cell], ahead: Sequence[Sequence[Cell]]) -> Iterator[Row | Skipped]:
        if not any(not is_blank(cell) for cell in line):
            return
        before = self.head
        if index <= self.head_until or (
            self._may_be_head(line) and (is_repeated(line, before) or self._new_head(index, line, ahead))
        ):
            begun = None if self.head is before else self.head
            self._section(titles_say(line) if begun or self.out else None)
            yield Skipped(index + 1, "head", _text(line), head=begun)
            return
        self._fill_down(index, line)
        plain = self._is_plain(line)
        section = None if plain else heading(line, self.head.columns) or self._other_titles(line)
        self._section(section)
        if self.out or section:
            yield Skipped(index + 1, "paid_out" if self.out else "note", _text(line))
            return
        self._count_from_1904(line)
        why = None if plain else why_no_gift(line, self.head.columns, self.sums)
        if why:
            yield from self._skip(index, line, why)
            return
        yield self._read(index, line)

    def _is_plain(self, line: list[Cell]) -> bool:
        """Most lines are plain gifts; only the others are looked at closely."""
        places = self.head.columns.places
        donor = _at(line, places.get(Field.DONOR))
        if is_blank(donor) or says_nothing(shown(donor)) or _wordy_total(donor):
            return False
        day = _at(line, places.get(Field.DATE, places.get(Field.DAY)))
        return not is_blank(day) and not _wordy(day)

    def _section(self, kind: str | None) -> None:
        """A heading or another table's titles say of which money they tell; a balance ends nothing."""
        if kind in {"in", "out"}:
            self.out = kind == "out"

    def _other_titles(self, line: Sequence[Cell]) -> str | None:
        """What titles say of which nothing can be read: mostly those of a table of expenses."""
        filled = [cell for cell in line if not is_blank(cell)]
        if any(map(_has_figures, filled)):
            return None
        titles = [
            cell for cell in filled if isinstance(cell, str) and (meanings(cell) or names_expenses(cell))
        ]
        return titles_say(line) if len(titles) >= max(3, 0.75 * len(filled)) else None

    def _count_from_1904(self, line: list[Cell]) -> None:
        """Some workbooks count days from 1904; a cell that is formatted as a number has that number alone."""
        place = self.head.columns.places.get(Field.DATE)
        if not self.marks.from_1904 or place is None or place >= len(line):
            return
        number = whole(line[place])
        if number in _SERIALS_1904:
            line[place] = _EPOCH_1904 + timedelta(days=number or 0)

    def _skip(self, index: int, line: list[Cell], why: str) -> Iterator[Skipped]:
        if why == "blank":
            return
        fen = declared_fen(line, self.head.columns) if why == "total" else None
        if why == "total":
            fen = None if fen is None else self._declared(fen, total_in(line, self.head.columns) or "")
            self.sums.since_total = 0
        elif why == "note":
            self.unit = unit_of(_text(line)) or self.unit
        yield Skipped(index + 1, why, _text(line), fen)

    def _declared(self, fen: int, label: str) -> int:
        """What the register says that it comes to so far: a grand total, or its subtotals added up."""
        sums = self.sums
        part = fen == sums.since_total or _SUBTOTAL.search(folded(label))
        if not part or fen == sums.overall:
            self.subtotals = fen
        else:
            self.subtotals += fen
        return self.subtotals

    def _read(self, index: int, line: list[Cell]) -> Row | Skipped:
        row = read_gift(index + 1, line, self.head.columns, self.terms, self.above)
        if isinstance(row, Skipped):
            return row
        if is_void(line, self.head.columns):
            row.problems.insert(0, Problem(row.number, "note", "void"))
        self._point_out(index, row)
        self.sums.add(row.amount_fen)
        return row

    def _point_out(self, index: int, row: Row) -> None:
        """What the sheet shows beside the values: it may mean that they do not count, or not so."""
        if index in self.marks.struck:
            row.questions.append(Problem(row.number, "row", "struck_out"))
        if index in self.marks.hidden_rows:
            row.questions.append(Problem(row.number, "row", "hidden_row"))
        self._compare_shown(index, row)
        for place in self.head.columns.other_donors:
            name = shown(_at(row.cells, place))
            if row.name and not says_nothing(name) and folded(name) != folded(row.name):
                row.questions.append(Problem(row.number, "donor", "donor_elsewhere", name[:60]))
        for field, place in self.head.columns.places.items():
            if (index, self._at_sheet(place)) in self.marks.formulas and field not in _FORMULAS_TOLD:
                value = shown(_at(row.cells, place))[:60]
                row.problems.append(Problem(row.number, field.value, "formula", value))

    def _at_sheet(self, place: int) -> int:
        """The column of the sheet for one of the first table, while a table beside it is read."""
        beside = self.head.beside
        return place + (self.shift if beside and place >= beside.start else 0)

    def _compare_shown(self, index: int, row: Row) -> None:
        """An amount must be what people see in the sheet: a number format may make HK$1,000 of 1000."""
        for place in amount_cells(row.cells, self.head.columns):
            seen = self.marks.shown.get((index, self._at_sheet(place)))
            if seen is None or _fen_of(seen) == row.amount_fen:
                continue
            cells = list(row.cells)
            cells[place] = f"{seen} ≠ {cells[place]}"  # sent again, it is no amount until somebody mends it
            row.cells = tuple(cells)
            row.problems.append(Problem(row.number, "amount", "amount_shown_otherwise", seen[:60]))

    def _may_be_head(self, line: Sequence[Cell]) -> bool:
        """Titles have no figures where amounts and dates stand."""
        places = self.head.columns.places
        return not (
            _has_figures(_at(line, places.get(Field.AMOUNT)))
            or _has_figures(_at(line, places.get(Field.DATE, places.get(Field.DAY))))
        )

    def _new_head(self, index: int, line: Sequence[Cell], ahead: Sequence[Sequence[Cell]]) -> bool:
        """Another table begins: titles in another order, further down the same sheet."""
        titles = sum(bool(meanings(cell)) for cell in map(_own_title, line) if 0 < len(cell) <= 16)
        if titles < 3 or total_in(line, self.head.columns):
            return False
        hints = Hints(
            self.terms.purposes, self.terms.known_titles, self.head.year, self.unit, self.marks.hidden_columns
        )
        head = find_head(list(ahead), [], hints)
        if head is None or head.first != 0 or head.last < 0 or not head.columns.usable:
            return False
        self.head, self.head_until, self.unit = head, index + head.last, head.columns.unit
        head.last += index
        return True

    def _fill_down(self, index: int, line: list[Cell]) -> None:
        """A merged cell over several lines (one date for a whole day) counts for each of them."""
        for column, top in self.spanned.get(index, ()):
            if index == top:
                self.tops[column] = _at(line, column)
            elif column < len(line) and is_blank(line[column]):
                line[column] = self.tops.get(column)


def _fen_of(text: str) -> int | None:
    try:
        return amount_fen(text)
    except Unreadable:
        return None


def _filled_down(spans: Sequence[Span], head: Head) -> dict[int, list[tuple[int, int]]]:
    """Row → (column, first row) of merged cells below the head that run over several rows."""
    kept_apart = {head.columns.places.get(field) for field in _NOT_FILLED_DOWN}
    apart = kept_apart | head.columns.coins.keys() | head.columns.ways.keys() | head.columns.purposes.keys()
    found: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in spans:
        if top > head.last and left == right and bottom > top and left not in apart and bottom - top < 2000:
            for row in range(top, bottom + 1):
                found.setdefault(row, []).append((left, top))
    return found


def _own_title(cell: Cell) -> str:
    """The lowest title of a column that our own workbooks write as “A · B”."""
    return cell.rpartition(PATH_MARK)[2] if isinstance(cell, str) else ""


def _at(line: Sequence[Cell], place: int | None) -> Cell:
    return line[place] if place is not None and place < len(line) else None


def _has_figures(cell: Cell) -> bool:
    if isinstance(cell, str):
        return any(map(str.isdigit, cell))
    return cell is not None


def _wordy(cell: Cell) -> bool:
    """A text without a figure where a date should be (十一月五日 is rare enough to be looked at closely)."""
    return isinstance(cell, str) and not any(character.isdigit() for character in cell) and not is_ditto(cell)


def _wordy_total(cell: Cell) -> bool:
    return isinstance(cell, str) and _TOTAL_MARK.search(cell) is not None


def _text(line: Sequence[Cell]) -> str:
    return " ".join(shown(cell) for cell in line if not is_blank(cell))[:120]
