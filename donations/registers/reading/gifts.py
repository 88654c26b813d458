"""One line of a register, read into clean values, warnings and problems."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from donations.registers.reading.amounts import UNITS, amount_fen, currency_of, is_foreign
from donations.registers.reading.cell_patterns import is_tick
from donations.registers.reading.choices import (
    ANONYMOUS,
    PERSON,
    consent_of,
    is_nameless,
    kind_by_name,
    kind_of,
    purpose_of,
    restricts,
    way_of,
)  # fmt: skip
from donations.registers.reading.columns import Columns
from donations.registers.reading.contacts import (
    hides_signs,
    identity_of,
    name_of,
    phone_and_rest,
    several_people,
)
from donations.registers.reading.dates import day_from_parts, day_of, whole
from donations.registers.reading.payment_status import direction_of, may_be_void, was_received
from donations.registers.reading.results import Cell, Field, Problem, Row, Skipped, Terms, Unreadable
from donations.registers.reading.table_overview import TableOverview, normal_id
from donations.registers.reading.text import folded, is_blank, is_ditto, kept, says_nothing, shown

LONGEST_NAME, LONGEST_HANDLER, LONGEST_RECEIPT, LONGEST_NOTE = 120, 40, 40, 200
_MOST_BACK, _HALF_A_YEAR = timedelta(days=150), timedelta(days=183)
_NOT_REPEATABLE = {Field.SERIAL, Field.RECEIPT, Field.CAPITALS}


@dataclass(slots=True)
class PreviousRow:
    """What a line may borrow: the gift above it (for 同上), the year of the title or of the dates above."""

    year: int | None = None
    turned: bool = False  # days without a year led back: since then the title's year counts no more
    line: Sequence[Cell] = ()
    day: date | None = None
    title_day: date | None = None
    overview: TableOverview = field(default_factory=TableOverview)


def read_gift(
    number: int, line: list[Cell], columns: Columns, terms: Terms, above: PreviousRow
) -> Row | Skipped:
    """Read a line that means to be a gift. Every problem is kept, the row is never half believed.

    A payment that went out, or moved between own accounts, is none: such a line is skipped.
    """
    _resolve_dittos(line, columns, above)
    _carry_on(line, columns, above)
    if _went_elsewhere(line, columns):
        above.line = line
        return Skipped(number, "paid_out", _told(line, columns))
    row = Row(number, tuple(line))
    reading = _Reading(row, line, columns, terms)
    reading.day(above)
    reading.amount()
    reading.donor()
    reading.purpose(above.overview)
    reading.way()
    reading.contacts(above.overview)
    reading.rest()
    reading.payment_status()
    if row.problems:
        row.cells = _standing_alone(row, columns, terms)
    above.line = line
    above.day = row.given_on or above.day
    return row


def _went_elsewhere(line: Sequence[Cell], columns: Columns) -> bool:
    """Whether a bank's or a shop's list says that this money was not received."""
    at = {meaning: line[place] for meaning, place in columns.places.items() if place < len(line)}
    if direction_of(shown(at.get(Field.DIRECTION))) in {"out", "neither"}:
        return True
    amounts = [line[place] for place in columns.amount_places if place < len(line)]
    return not _is_zero(at.get(Field.PAID_OUT)) and all(map(_is_zero, amounts))


def _is_zero(cell: Cell) -> bool:
    return _nothing(cell) or re.fullmatch(r"[¥￥]?\s*[+-]?0+(?:\.0*)?", shown(cell)) is not None


def _told(line: Sequence[Cell], columns: Columns) -> str:
    """Day, donor, amount and direction of a line: enough to know it again, and no phone or ID."""
    fields = (Field.DATE, Field.DONOR, Field.AMOUNT, Field.PAID_OUT, Field.DIRECTION)
    places = [columns.places[field] for field in fields if field in columns.places]
    return " ".join(shown(line[place]) for place in places if place < len(line))[:120]


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


def _resolve_dittos(line: list[Cell], columns: Columns, above: PreviousRow) -> None:
    for meaning, place in columns.places.items():
        if place < len(line) and meaning not in _NOT_REPEATABLE and is_ditto(line[place]):
            line[place] = above.line[place] if place < len(above.line) else None


def _carry_on(line: list[Cell], columns: Columns, above: PreviousRow) -> None:
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


def _borrow(line: list[Cell], place: int, above: PreviousRow) -> None:
    if place < len(line) and place < len(above.line):
        line[place] = above.line[place]


def _empty(line: Sequence[Cell], place: int) -> bool:
    return place >= len(line) or is_blank(line[place])


def _month_above(place: int, above: PreviousRow) -> int | None:
    return whole(above.line[place]) if place < len(above.line) else None


class _Reading:
    """The cells of one line, field by field."""

    def __init__(self, row: Row, line: Sequence[Cell], columns: Columns, terms: Terms) -> None:
        self.row, self.line, self.columns, self.terms = row, line, columns, terms
        self.more = ""  # for the note, out of other cells
        width = len(line)
        self._cells = {field: line[place] for field, place in columns.places.items() if place < width}

    def cell(self, field: Field) -> Cell:
        return self._cells.get(field)

    def reject(self, column: str, code: str, cell: Cell = None) -> None:
        self.row.problems.append(Problem(self.row.number, column, code, shown(cell)[:60]))

    def ask(self, column: str, code: str, cell: Cell = None) -> None:
        self.row.questions.append(Problem(self.row.number, column, code, shown(cell)[:60]))

    def warn(self, column: str, code: str, cell: Cell = None) -> None:
        self.row.warnings.append(Problem(self.row.number, column, code, shown(cell)[:60]))

    def day(self, above: PreviousRow) -> None:
        places = self.columns.places
        cell = self.cell(Field.DATE if Field.DATE in places else Field.DAY)
        try:
            self.row.given_on = self._day(above)
        except Unreadable as unreadable:
            self.reject("date", unreadable.code, cell)
            return
        if self.terms.closed_through and self.row.given_on <= self.terms.closed_through:
            self.reject("date", "date_in_closed_month", cell)

    def _day(self, above: PreviousRow) -> date:
        today = self.terms.today
        if Field.DATE in self.columns.places:
            return _day_with_year(self.cell(Field.DATE), today, above, self.columns)
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
        unit = self._unit()
        if columns.coins:
            return self._coins()
        fen = self._from_answer_columns(unit)
        if Field.AMOUNT in columns.places and (fen is None or not is_blank(cell)):
            if is_blank(cell) and Field.CAPITALS in columns.places:
                return amount_fen(self.cell(Field.CAPITALS))
            written = amount_fen(cell, unit)
            self._compare_capitals(written)
            return written
        if fen is not None:
            return fen
        return amount_fen(self.cell(Field.CAPITALS))

    def _unit(self) -> int:
        """What a bare number of this row counts in. Raises ``Unreadable`` where that is unknown."""
        currency, unit = self.cell(Field.CURRENCY), self.cell(Field.UNIT)
        if self.columns.foreign:
            raise Unreadable("amount_currency")
        if self.columns.unit_unclear:
            raise Unreadable("amount_unit")
        if Field.CURRENCY in self.columns.places and currency_of(shown(currency)) is not True:
            raise Unreadable("amount_currency_unknown" if _nothing(currency) else "amount_currency")
        if Field.UNIT not in self.columns.places:
            return self.columns.unit
        word = re.sub(r"^人民币|[()/]", "", folded(shown(unit)))
        if word not in UNITS and is_foreign(word):
            raise Unreadable("amount_currency")
        if word not in UNITS:
            raise Unreadable("amount_unit")
        return UNITS[word]

    def _from_answer_columns(self, unit: int) -> int | None:
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
        return amount_fen(amounts[0], unit)

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
        name = _without_text_mark(name_of(cell))
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
            if hides_signs(name):
                self.ask("donor", "name_hidden", cell)
            if row.donor_kind == PERSON and several_people(cell):
                self.ask("donor", "several_people", cell)

    def _hides(self, name: str) -> bool:
        """A line without a name whose “stay anonymous” column says yes."""
        return says_nothing(name) and consent_of(shown(self.cell(Field.STAY_ANONYMOUS))) is True

    def purpose(self, overview: TableOverview) -> None:
        marked = [
            name
            for place, name in self.columns.purposes.items()
            if place < len(self.line) and not _nothing(self.line[place])
        ]
        if len(marked) > 1:
            self.reject("purpose", "purpose_twice", "、".join(marked))
            return
        cell = marked[0] if marked else self.cell(Field.PURPOSE)
        found = purpose_of(shown(cell), self.terms.purposes, self.terms.unrestricted)
        if found is None:
            self.reject("purpose", "purpose_missing" if is_blank(cell) else "purpose_unknown", cell)
        elif is_blank(cell) and overview.purposes:
            self.ask("purpose", "purpose_in_title", "、".join(overview.purposes))
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

    def contacts(self, overview: TableOverview) -> None:
        row = self.row
        row.phone = self._phone()
        row.id_number = self._checked(
            "id_number", Field.ID_NUMBER, lambda cell: identity_of(cell, row.donor_kind)
        )
        if row.donor_kind == ANONYMOUS:
            row.phone = row.id_number = ""
        elif row.id_number and normal_id(self.cell(Field.ID_NUMBER)) in overview.contested:
            self.ask("id_number", "id_of_several", self.cell(Field.ID_NUMBER))

    def _phone(self) -> str:
        """The number; what else stands in the cell (a second number, whose it is) goes into the note."""
        cell = self.cell(Field.PHONE)
        if is_blank(cell):
            return ""
        try:
            phone, rest = phone_and_rest(cell)
        except Unreadable as unreadable:
            self.warn("phone", unreadable.code, cell)
            return ""
        self.more = rest
        return phone

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
        written = kept(self.cell(Field.NOTE))
        note = "；".join(filter(None, ["" if says_nothing(written) else written, self.more]))
        row.note = note if len(note) <= LONGEST_NOTE else note[: LONGEST_NOTE - 1] + "…"
        receipt = "" if says_nothing(shown(self.cell(Field.RECEIPT))) else shown(self.cell(Field.RECEIPT))
        if len(receipt) > LONGEST_RECEIPT:
            self.warn("receipt", "receipt_too_long", receipt)
            receipt = ""
        row.receipt = receipt

    def payment_status(self) -> None:
        """Whether the money came, stayed, and is all that the row says; else a reason or a question."""
        self._states()
        columns = self.columns
        for place in columns.arrivals:
            if place >= len(self.line) or _nothing(self.line[place]):
                self.ask("status", "status_missing")
        if Field.DIRECTION in columns.places and direction_of(shown(self.cell(Field.DIRECTION))) is None:
            self.ask("direction", "direction_unclear", self.cell(Field.DIRECTION))
        if not _is_zero(self.cell(Field.PAID_OUT)):
            self.ask("paid_out", "paid_out_too", self.cell(Field.PAID_OUT))
        if columns.pledged and not columns.states:
            self.ask("amount", "pledged", self.cell(Field.AMOUNT))
        for place in columns.rivals:
            if place < len(self.line) and self.row.amount_fen and not self._agrees(self.line[place]):
                self.ask("amount", "amount_elsewhere", self.line[place])
        self._words()

    def _states(self) -> None:
        for place, undoing in self.columns.states.items():
            cell = self.line[place] if place < len(self.line) else None
            if is_blank(cell):
                if not undoing and place not in self.columns.marks_only:
                    self.ask("status", "status_missing")
                continue
            answer = was_received(shown(cell), undoing=undoing)
            if answer is False:
                self.reject("status", "not_received", cell)
            elif answer is None:
                self.ask("status", "status_unclear", cell)

    def _agrees(self, cell: Cell) -> bool:
        """Whether another column titled as the amount has the same, or (a number of something else) none."""
        if _nothing(cell):
            return False
        try:
            return amount_fen(cell, self.columns.unit) == self.row.amount_fen
        except Unreadable as unreadable:
            return unreadable.code not in {"amount_not_positive", "amount_currency"}

    def _words(self) -> None:
        """Remarks that change what the row says: voided, refunded, in another currency, for a purpose."""
        texts = self._texts(self.columns.worded)
        if texts and may_be_void("\n".join(texts)):
            self.ask("note", "may_be_void", next(filter(may_be_void, texts), texts[0]))
        note = self.cell(Field.NOTE)
        if isinstance(note, str) and is_foreign(note):
            self.ask("note", "currency_in_note", note)
        row, terms = self.row, self.terms
        others = tuple(name for name in terms.purposes if name not in {terms.unrestricted, row.purpose})
        for text in self._texts(self.columns.remarks):
            if row.purpose and restricts(text, others, narrowed=row.purpose != terms.unrestricted):
                self.ask("purpose", "purpose_elsewhere", text)
                return

    def _texts(self, places: Sequence[int]) -> list[str]:
        found = (self.line[place] for place in places if place < len(self.line))
        return [cell for cell in found if isinstance(cell, str) and cell]

    def _consent(self, field: Field) -> bool | None:
        cell = self.cell(field)
        if is_blank(cell):
            return None
        answer = consent_of(shown(cell))
        if answer is None and not says_nothing(shown(cell)):
            self.warn(field.value, "consent_unclear", cell)
        return answer


def _day_with_year(cell: Cell, today: date, above: PreviousRow, columns: Columns) -> date:
    """A date; one without a year takes the title's, or that of the gift above if it does not lead back."""
    read = partial(day_of, cell, today, order=columns.order, zone=columns.zone)
    try:
        day = read()
    except Unreadable as unreadable:
        if unreadable.code == "date_day_or_month" and above.year is not None:
            return read(above.year)
        if unreadable.code != "date_without_year" or (above.year is None and above.day is None):
            raise
    else:
        above.turned = False
        return day
    return _in_year(read, above)


def _in_year(read: Callable[[int | None], date], above: PreviousRow) -> date:
    """The day in the title's year, or in that of the gift above.

    January below December is the next year's; then the title's year tells nothing of the rows below, either.
    """
    if above.year is None:
        last = above.day or date.min
        day = read(last.year)
        if day < last or day - last > _HALF_A_YEAR:
            raise Unreadable("date_without_year")
        return day
    day = read(above.year)
    if above.day is not None:
        back = above.day - day
        above.turned = above.turned or back > _MOST_BACK or -back > _HALF_A_YEAR
    if above.turned:
        raise Unreadable("date_year_turned")
    return day


def _nothing(cell: Cell) -> bool:
    return is_blank(cell) or says_nothing(shown(cell))


def _without_text_mark(name: str) -> str:
    """A name without the apostrophe that marks text in Excel, which some programs write into the cell."""
    return name.removeprefix("'").lstrip() if name.startswith("'") and _has_letters(name) else name


def _has_letters(name: str) -> bool:
    """Letters of any script, or emoji: a name. Figures and punctuation alone: none."""
    return any(character.isalpha() or ord(character) > 0x1F000 for character in name)
