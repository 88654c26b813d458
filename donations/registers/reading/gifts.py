"""One line of a register, read into clean values, warnings and problems."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from donations.registers.reading.amounts import amount_fen
from donations.registers.reading.choices import (
    ANONYMOUS,
    consent_of,
    is_nameless,
    kind_by_name,
    kind_of,
    purpose_of,
    way_of,
)  # fmt: skip
from donations.registers.reading.columns import Columns
from donations.registers.reading.contacts import identity_of, phone_of
from donations.registers.reading.dates import day_from_parts, day_of, whole
from donations.registers.reading.evidence import is_tick
from donations.registers.reading.results import Cell, Field, Problem, Row, Terms, Unreadable
from donations.registers.reading.text import is_blank, is_ditto, kept, says_nothing, shown

LONGEST_NAME, LONGEST_HANDLER, LONGEST_RECEIPT, LONGEST_NOTE = 120, 40, 40, 200
_NOT_REPEATABLE = {Field.SERIAL, Field.RECEIPT, Field.CAPITALS}


@dataclass(slots=True)
class Above:
    """What a line may borrow: the gift above it (for 同上), the year of the title or of the dates above."""

    year: int | None = None
    line: Sequence[Cell] = ()
    day: date | None = None
    title_day: date | None = None


def read_gift(number: int, line: list[Cell], columns: Columns, terms: Terms, above: Above) -> Row:
    """Read a line that means to be a gift. Every problem is kept, the row is never half believed."""
    _resolve_dittos(line, columns, above)
    _carry_on(line, columns, above)
    row = Row(number, tuple(line))
    reading = _Reading(row, line, columns, terms)
    reading.day(above)
    reading.amount()
    reading.donor()
    reading.purpose()
    reading.way()
    reading.contacts()
    reading.rest()
    if row.problems:
        row.cells = _standing_alone(row, columns, terms)
    above.line = line
    above.day = row.given_on or above.day
    return row


def _standing_alone(row: Row, columns: Columns, terms: Terms) -> tuple[Cell, ...]:
    """The row's cells with its day in full: sent again to be mended, it has other rows above it."""
    cells, place = list(row.cells), columns.places.get(Field.DATE)
    if row.given_on and place is not None and place < len(cells):
        try:
            told = day_of(cells[place], terms.today)
        except Unreadable:
            told = None
        if told != row.given_on:
            cells[place] = row.given_on
    return tuple(cells)


def _resolve_dittos(line: list[Cell], columns: Columns, above: Above) -> None:
    for field, place in columns.places.items():
        if place < len(line) and field not in _NOT_REPEATABLE and is_ditto(line[place]):
            line[place] = above.line[place] if place < len(above.line) else None


def _carry_on(line: list[Cell], columns: Columns, above: Above) -> None:
    """A year and a month of their own columns are written once and hold for the lines below.

    Not the year where the month leads back: that may be the next January.
    """
    year, month, day = (columns.places.get(field) for field in (Field.YEAR, Field.MONTH, Field.DAY))
    if month is None or day is None or _empty(line, day):
        return
    if _empty(line, month):
        _borrow(line, month, above)
    elif (at := whole(line[month])) is None or at < (_month_above(month, above) or 0):
        return
    if year is not None and _empty(line, year):
        _borrow(line, year, above)


def _borrow(line: list[Cell], place: int, above: Above) -> None:
    if place < len(line) and place < len(above.line):
        line[place] = above.line[place]


def _empty(line: Sequence[Cell], place: int) -> bool:
    return place >= len(line) or is_blank(line[place])


def _month_above(place: int, above: Above) -> int | None:
    return whole(above.line[place]) if place < len(above.line) else None


class _Reading:
    """The cells of one line, field by field."""

    def __init__(self, row: Row, line: Sequence[Cell], columns: Columns, terms: Terms) -> None:
        self.row, self.line, self.columns, self.terms = row, line, columns, terms
        width = len(line)
        self._cells = {field: line[place] for field, place in columns.places.items() if place < width}

    def cell(self, field: Field) -> Cell:
        return self._cells.get(field)

    def reject(self, column: str, code: str, cell: Cell = None) -> None:
        self.row.problems.append(Problem(self.row.number, column, code, shown(cell)[:60]))

    def warn(self, column: str, code: str, cell: Cell = None) -> None:
        self.row.warnings.append(Problem(self.row.number, column, code, shown(cell)[:60]))

    def day(self, above: Above) -> None:
        places = self.columns.places
        cell = self.cell(Field.DATE if Field.DATE in places else Field.DAY)
        try:
            self.row.given_on = self._day(above)
        except Unreadable as unreadable:
            self.reject("date", unreadable.code, cell)
            return
        if self.terms.closed_through and self.row.given_on <= self.terms.closed_through:
            self.reject("date", "date_in_closed_month", cell)

    def _day(self, above: Above) -> date:
        today = self.terms.today
        if Field.DATE in self.columns.places:
            return _day_with_year(self.cell(Field.DATE), today, above)
        if Field.DAY in self.columns.places:
            year = self.cell(Field.YEAR) if Field.YEAR in self.columns.places else above.year
            return day_from_parts(year, self.cell(Field.MONTH), self.cell(Field.DAY), today)
        if above.title_day:
            return day_of(above.title_day, today)
        raise Unreadable("date_missing")

    def amount(self) -> None:
        cell = self.cell(Field.AMOUNT)
        try:
            self.row.amount_fen = self._amount(cell)
        except Unreadable as unreadable:
            self.reject("amount", unreadable.code, cell)

    def _amount(self, cell: Cell) -> int:
        columns = self.columns
        if columns.foreign:
            raise Unreadable("amount_currency")
        if columns.coins:
            return self._coins()
        fen = self._from_answer_columns()
        if Field.AMOUNT in columns.places and (fen is None or not is_blank(cell)):
            if is_blank(cell) and Field.CAPITALS in columns.places:
                return amount_fen(self.cell(Field.CAPITALS))
            written = amount_fen(cell, columns.unit)
            self._compare_capitals(written)
            return written
        if fen is not None:
            return fen
        return amount_fen(self.cell(Field.CAPITALS))

    def _from_answer_columns(self) -> int | None:
        """The amount that stands under 现金, 微信 … or under a purpose; ticks there only say which."""
        columns = [*self.columns.ways, *self.columns.purposes]
        if not columns:
            return None
        filled = [place for place in columns if place < len(self.line) and not _nothing(self.line[place])]
        amounts = [self.line[place] for place in filled if not is_tick(self.line[place])]
        if not amounts:
            return None
        if len(amounts) > 1:
            raise Unreadable("amount_twice")
        return amount_fen(amounts[0], self.columns.unit)

    def _coins(self) -> int:
        """Account-book columns: one figure each for … 百 十 元 角 分."""
        total = 0
        for place, fen in self.columns.coins.items():
            text = shown(self.line[place]) if place < len(self.line) else ""
            if says_nothing(text):
                continue
            if not text.isdecimal():
                raise Unreadable("amount_unclear")
            total += int(text) * fen
        if not total:
            raise Unreadable("amount_missing")
        return amount_fen(f"{total // 100}.{total % 100:02}")

    def _compare_capitals(self, fen: int) -> None:
        cell = self.cell(Field.CAPITALS)
        if is_blank(cell):
            return
        try:
            in_words = amount_fen(cell)
        except Unreadable:
            return
        if in_words != fen:
            raise Unreadable("amount_differs_in_words")

    def donor(self) -> None:
        row, cell = self.row, self.cell(Field.DONOR)
        name = _without_text_mark(kept(cell))
        stated = kind_of(shown(self.cell(Field.KIND)))
        if stated == ANONYMOUS or is_nameless(name) or self._hides(name):
            row.donor_kind = ANONYMOUS
        elif says_nothing(name):
            self.reject("donor", "donor_missing", cell)
        elif len(name) > LONGEST_NAME:
            self.reject("donor", "donor_too_long", cell)
        elif isinstance(cell, bool) or not _has_letters(name):
            self.reject("donor", "donor_no_name", cell)
        else:
            row.name, row.donor_kind = name, stated or kind_by_name(name)

    def _hides(self, name: str) -> bool:
        """A line without a name whose “stay anonymous” column says yes."""
        return says_nothing(name) and consent_of(shown(self.cell(Field.STAY_ANONYMOUS))) is True

    def purpose(self) -> None:
        marked = [
            name
            for place, name in self.columns.purposes.items()
            if place < len(self.line) and not _nothing(self.line[place])
        ]
        cell = marked[0] if len(marked) == 1 else self.cell(Field.PURPOSE)
        found = purpose_of(shown(cell), self.terms.purposes, self.terms.unrestricted)
        if found is None:
            self.reject("purpose", "purpose_missing" if is_blank(cell) else "purpose_unknown", cell)
        self.row.purpose = found or ""

    def way(self) -> None:
        marked = [
            way
            for place, way in self.columns.ways.items()
            if place < len(self.line) and not _nothing(self.line[place])
        ]
        cell = self.cell(Field.WAY)
        found = marked[0] if len(marked) == 1 else way_of(shown(cell)) if not is_blank(cell) else None
        if found == "goods":
            self.reject("way", "way_goods", cell)
        elif found is None and (Field.WAY in self.columns.places or self.columns.ways):
            self.warn("way", "way_unclear", cell)
        self.row.way = found if found and found != "goods" else self.terms.default_way

    def contacts(self) -> None:
        row = self.row
        row.phone = self._checked("phone", Field.PHONE, phone_of)
        row.id_number = self._checked(
            "id_number", Field.ID_NUMBER, lambda cell: identity_of(cell, row.donor_kind)
        )
        if row.donor_kind == ANONYMOUS:
            row.phone = row.id_number = ""

    def _checked(self, column: str, field: Field, read: Callable[[Cell], str]) -> str:
        cell = self.cell(field)
        if is_blank(cell):
            return ""
        try:
            return read(cell)
        except Unreadable as unreadable:
            self.warn(column, unreadable.code, cell)
            return ""

    def rest(self) -> None:
        row = self.row
        row.publish_name = self._consent(Field.PUBLISH_NAME) or False
        row.publish_amount = self._consent(Field.PUBLISH_AMOUNT) is not False
        if row.donor_kind == ANONYMOUS or consent_of(shown(self.cell(Field.STAY_ANONYMOUS))):
            row.publish_name = False
        row.handler = kept(self.cell(Field.HANDLER))[:LONGEST_HANDLER]
        note = kept(self.cell(Field.NOTE))
        row.note = note if len(note) <= LONGEST_NOTE else note[: LONGEST_NOTE - 1] + "…"
        receipt = "" if says_nothing(shown(self.cell(Field.RECEIPT))) else shown(self.cell(Field.RECEIPT))
        if len(receipt) > LONGEST_RECEIPT:
            self.warn("receipt", "receipt_too_long", receipt)
            receipt = ""
        row.receipt = receipt

    def _consent(self, field: Field) -> bool | None:
        cell = self.cell(field)
        if is_blank(cell):
            return None
        answer = consent_of(shown(cell))
        if answer is None and not says_nothing(shown(cell)):
            self.warn(field.value, "consent_unclear", cell)
        return answer


def _day_with_year(cell: Cell, today: date, above: Above) -> date:
    """A date; one without a year takes the title's, or that of the gift above if it does not lead back."""
    try:
        return day_of(cell, today, above.year)
    except Unreadable as unreadable:
        if unreadable.code != "date_without_year" or above.day is None:
            raise
        day = day_of(cell, today, above.day.year)
        if day < above.day:
            raise Unreadable("date_without_year") from None
        return day


def _nothing(cell: Cell) -> bool:
    return is_blank(cell) or says_nothing(shown(cell))


def _without_text_mark(name: str) -> str:
    """A name without the apostrophe that marks text in Excel, which some programs write into the cell."""
    return name.removeprefix("'").lstrip() if name.startswith("'") and _has_letters(name) else name


def _has_letters(name: str) -> bool:
    """Letters of any script, or emoji: a name. Figures and punctuation alone: none."""
    return any(character.isalpha() or ord(character) > 0x1F000 for character in name)
