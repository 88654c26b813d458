"""Which column holds what: titles and cells judged together."""

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import timezone

from donations.registers.reading.amounts import currency_of, is_foreign, names_yuan
from donations.registers.reading.cell_patterns import Column, is_tick, is_unit
from donations.registers.reading.choices import way_of
from donations.registers.reading.dates import Order, zone_of_title
from donations.registers.reading.payment_status import (
    is_about_undoing,
    is_pledge,
    names_direction,
    was_received,
)
from donations.registers.reading.results import Cell, Field
from donations.registers.reading.text import folded, shown
from donations.registers.reading.titles import coin_of, meanings_of_path, units_of_title

type Path = tuple[str, ...]

PATH_MARK = " · "  # between a group title and the title under it, where both are written as one

_ENOUGH = 40
# Cells that decide alone, where no title claims the field: least share, and the score it earns.
_BY_CELLS = {
    Field.PHONE: (0.6, 55),
    Field.ID_NUMBER: (0.6, 55),
    Field.DATE: (0.7, 50),
    Field.WAY: (0.8, 50),
    Field.KIND: (0.8, 45),
}
_MUST_LOOK_RIGHT = {Field.DATE, Field.AMOUNT, Field.PHONE, Field.ID_NUMBER, Field.WAY, Field.KIND}
# Titles with other meanings too (单位, 类别, 方向): only cells tell, whatever their number.
_CELLS_DECIDE = {Field.UNIT: 0.5, Field.CURRENCY: 0.5, Field.DIRECTION: 0.5}
# Cells that say it whatever stands above them, and the score with which they win over titles.
_CELLS_SUFFICE: Mapping[Field, Callable[[Cell], bool]] = {
    Field.CURRENCY: lambda cell: currency_of(shown(cell)) is not None,
    Field.UNIT: lambda cell: is_unit(shown(cell)),
    Field.DIRECTION: lambda cell: names_direction(shown(cell)),
}
_SURE = 120
_FIRST_HAND = {Field.AMOUNT, Field.DATE}
_OUR_REASONS = re.compile(r"\(not read\)|[(（](?:系统)?不读取")  # in the workbook of rows to mend
_BESIDE = re.compile("余额|手续费|balance|fee")  # figures beside the amount, with a currency of their own
_ASKS = re.compile(
    "状[态况]|status|是否|有否|有无|与否|结果|情况"
)  # other titles (审核) may stand over names
_ARRIVAL = re.compile("(?:到[账帐]|入[账帐]|收款|实收|兑现).*(?:日期|时间|日)$")
_WORDED = {Field.NOTE, Field.DONOR, Field.KIND, Field.WAY, Field.RECEIPT, Field.SERIAL, Field.HANDLER}
_LEAST_FILLED = 4


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known before the sheet is looked at.

    ``purposes`` are the fund's, ``known`` holds titles that the station confirmed (title → meaning, "" for
    none) and wins over any guess; ``year`` is the one the file's or the sheet's name tells, ``unit`` what
    amounts count in unless the sheet says otherwise (万元: 10,000); ``hidden`` columns give way to others.
    """

    purposes: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    unit: int = 1
    hidden: AbstractSet[int] = frozenset()


@dataclass(slots=True)
class Columns:
    """The meaning of a table's columns. Numbers are positions from 0."""

    titles: list[str]
    places: dict[Field, int] = field(default_factory=dict)
    ways: dict[int, str] = field(default_factory=dict)  # columns titled 现金, 微信 …, with amounts or ticks
    purposes: dict[int, str] = field(default_factory=dict)  # columns titled with a purpose of the fund
    coins: dict[int, int] = field(default_factory=dict)  # account-book columns …百 十 元 角 分: place → fen
    states: dict[int, bool] = field(
        default_factory=dict
    )  # columns that say whether money came: place → inverse
    marks_only: set[int] = field(default_factory=set)  # of these, those filled only where it did not come
    arrivals: list[int] = field(default_factory=list)  # more columns of dates, on which the money came
    rivals: list[int] = field(default_factory=list)  # more columns titled as the amount
    other_donors: list[int] = field(default_factory=list)  # more columns titled as the donor
    worded: list[int] = field(default_factory=list)  # columns in which words may take a gift back
    remarks: list[int] = field(default_factory=list)  # the note, and columns without a meaning
    unit: int = 1
    unit_unclear: bool = False  # titles give a unit in which no amounts are read (分), or several
    foreign: bool = False
    pledged: bool = False  # titles speak of what was promised
    zone: timezone | None = None  # of the times in the date column, where its title gives one
    order: Order | None = None  # what the whole column proves of 11/5/26

    @property
    def has_amount(self) -> bool:
        return bool(
            self.coins or self.ways or self.purposes or {Field.AMOUNT, Field.CAPITALS} & self.places.keys()
        )

    def meaning_of(self, place: int) -> str:
        """What a column holds, in a word to be kept and shown: ``amount``, ``way:cash``, ``purpose:助学``."""
        for meaning, at in self.places.items():
            if at == place:
                return meaning.value
        if place in self.states:
            return Field.STATUS.value
        for name, found in (("way", self.ways), ("purpose", self.purposes), ("coin", self.coins)):
            if place in found:
                return f"{name}:{found[place]}"
        return ""

    def give(self, place: int, meaning: str) -> None:
        """The reverse of ``meaning_of``; what it does not know is left without a meaning."""
        name, _colon, rest = meaning.partition(":")
        if name == "way" and rest:
            self.ways[place] = rest
        elif name == "purpose" and rest:
            self.purposes[place] = rest
        elif name == "coin" and rest.isdecimal():
            self.coins[place] = int(rest)
        elif name == Field.STATUS:
            self.states[place] = False
        elif name in list(Field):
            self.places.setdefault(Field(name), place)

    @property
    def amount_places(self) -> list[int]:
        """The columns in which amounts may stand."""
        named = (self.places.get(field) for field in (Field.AMOUNT, Field.CAPITALS))
        return [*self.ways, *self.purposes, *self.coins, *(place for place in named if place is not None)]

    @property
    def usable(self) -> bool:
        """Whether a gift can be read at all: an amount, and a donor or a date."""
        days = {Field.DATE, Field.DAY} & self.places.keys()
        return self.has_amount and bool(days or Field.DONOR in self.places)


def title_of(path: Path) -> str:
    return PATH_MARK.join(path)


def judge(paths: Sequence[Path], cells: Sequence[Column], hints: Hints, unit: int | None = None) -> Columns:
    """Give every column the meaning that its title and cells support best, each meaning once.

    ``unit`` is what the sheet says one counts for (万元: 10,000), unless the amount's own title says it.
    """
    columns = Columns(_unique([title_of(path) for path in paths]))
    taken = _confirmed(columns, hints.known)
    _special(columns, paths, cells, hints.purposes, taken)
    left_out = taken - {place for place in taken if columns.meaning_of(place)}
    candidates = sorted(
        _candidates(paths, cells, hints.purposes, taken),
        key=lambda found: (found[1] in hints.hidden, -found[0], found[1]),
    )
    for score, place, meaning in candidates:
        if score < _ENOUGH or place in taken:
            continue
        if meaning is Field.STATUS:
            columns.states[place] = False
        elif meaning not in columns.places:
            columns.places[meaning] = place
        else:
            continue
        taken.add(place)
    _by_cells_alone(columns, cells, taken)
    _conditions(columns, paths, cells, left_out | hints.hidden)
    titles = [title_of(paths[place]) for place in columns.amount_places if place not in columns.coins]
    units = set[int | None]().union(*map(units_of_title, titles))
    columns.unit_unclear = len(units) > 1 or None in units
    columns.unit = next(filter(None, units), None) or unit or hints.unit
    columns.foreign = any(map(is_foreign, titles))
    columns.pledged = any(map(is_pledge, titles))
    return columns


def _conditions(
    columns: Columns, paths: Sequence[Path], cells: Sequence[Column], left_out: AbstractSet[int]
) -> None:
    """What the columns around the amount say about it, and which columns are left without a meaning."""
    for place in columns.states:
        columns.states[place] = is_about_undoing(title_of(paths[place]))
        columns.marks_only.update({place} if not any(map(_came, cells[place].filled)) else ())
    spare = [
        place
        for place, path in enumerate(paths)
        if not columns.meaning_of(place) and not _OUR_REASONS.search(title_of(path))
    ]
    columns.remarks = [*spare, *(at for meaning, at in columns.places.items() if meaning is Field.NOTE)]
    columns.worded = [*spare, *(at for meaning, at in columns.places.items() if meaning in _WORDED)]
    columns.arrivals = [
        place
        for place in spare
        if paths[place] and not cells[place].blank and _ARRIVAL.search(folded(title_of(paths[place])))
    ]
    claims = {
        place: meanings_of_path(paths[place]) for place in spare if place not in left_out and paths[place]
    }
    columns.rivals = [place for place, claim in claims.items() if claim.get(Field.AMOUNT, 0) >= 60]
    columns.other_donors = [place for place, claim in claims.items() if claim.get(Field.DONOR) == 100]
    day = columns.places.get(Field.DATE)
    columns.zone = zone_of_title(title_of(paths[day])) if day is not None else None


def _came(cell: Cell) -> bool:
    return was_received(shown(cell)) is True


def _unique(titles: list[str]) -> list[str]:
    """Titles by which a column can be named: blank ones get their letter, repeated ones a number."""
    named: list[str] = []
    for place, title in enumerate(titles):
        name = title or f"[{letters(place)}]"
        again = sum(name == each or each.startswith(f"{name} (") for each in named)
        named.append(f"{name} ({again + 1})" if again else name)
    return named


def letters(place: int) -> str:
    """The column's letters in a spreadsheet: 0 → A, 26 → AA."""
    return (letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _confirmed(columns: Columns, known: Mapping[str, str]) -> set[int]:
    taken = set()
    for place, title in enumerate(columns.titles):
        if title in known:
            taken.add(place)
            columns.give(place, known[title])
    return taken


def _special(
    columns: Columns, paths: Sequence[Path], cells: Sequence[Column], purposes: Sequence[str], taken: set[int]
) -> None:
    """Columns whose title is itself an answer: 现金 | 微信, the fund's purposes, 元 | 角 | 分."""
    names = {folded(purpose): purpose for purpose in purposes}
    for place, path in enumerate(paths):
        leaf = folded(path[-1]) if path else ""
        if not leaf or place in taken:
            continue
        if leaf in names:
            columns.purposes[place] = names[leaf]
        elif leaf.endswith(
            ("现金", "微信", "支付宝", "转账", "支票", "汇款", "银行", "扫码", "对公")
        ) and _marked(cells[place]):
            columns.ways[place] = way_of(leaf) or "cash"
    _coins(columns, paths)
    taken.update(columns.ways, columns.purposes, columns.coins)


def _marked(column: Column) -> bool:
    """Whether cells are amounts or ticks (and the column is not one of words)."""
    ticks = sum(map(is_tick, column.filled))
    return column.blank or ticks + (column.share(Field.AMOUNT) or 0) * len(column.filled) >= 0.7 * len(
        column.filled
    )


def _coins(columns: Columns, paths: Sequence[Path]) -> None:
    leaves = [folded(path[-1]) if path else "" for path in paths]
    if not {"元", "角", "分"} <= set(leaves):
        return
    yuan = leaves.index("元")
    for place in (yuan, leaves.index("角"), leaves.index("分")):
        columns.coins[place] = coin_of(leaves[place]) or 1
    for steps, name in enumerate("十百千万十百千亿", 1):
        if yuan - steps >= 0 and leaves[yuan - steps] in {name, f"{name}万"}:
            columns.coins[yuan - steps] = 100 * 10**steps
        else:
            break


def _candidates(
    paths: Sequence[Path], cells: Sequence[Column], purposes: Sequence[str], taken: set[int]
) -> list[tuple[float, int, Field]]:
    found: list[tuple[float, int, Field]] = []
    words = frozenset(map(folded, purposes))
    for place, path in enumerate(paths):
        if place in taken:
            continue
        column, title = cells[place], title_of(path)
        for meaning, score in (meanings_of_path(path) if path else {}).items():
            less = 30 if meaning in _FIRST_HAND and _second_hand(title) else 0
            if meaning is Field.STATUS and not _ASKS.search(folded(title)):
                less = 100 if (column.share(meaning) or 0) < 0.5 else 0
            found.append((score - less + _weight(column, meaning, words), place, meaning))
        for meaning, says in _CELLS_SUFFICE.items():
            if (
                len(column.filled) > 1
                and not _BESIDE.search(folded(title))
                and sum(map(says, column.filled)) >= 0.8 * len(column.filled)
            ):
                found.append((_SURE, place, meaning))
        if column.share_of_words(words) >= 0.5:  # the fund's purposes, whatever stands above them
            found.append((110 * column.share_of_words(words), place, Field.PURPOSE))
    return found


def _second_hand(title: str) -> bool:
    """Titles of amounts and dates that give way to another one: what was promised, what is not in yuan."""
    return is_pledge(title) or (is_foreign(title) and not names_yuan(title))


def _weight(column: Column, meaning: Field, purposes: frozenset[str]) -> float:
    """What the cells add to a title's score, or take from it."""
    if meaning is Field.PURPOSE:
        return 30 * column.share_of_words(purposes)
    share = column.share(meaning)
    if share is None:
        return -100 if meaning in _CELLS_DECIDE else 0
    if meaning is Field.AMOUNT and column.counts_up:
        return -60
    if share < _CELLS_DECIDE.get(meaning, 0):
        return -100
    if share < 0.2 and len(column.filled) >= _LEAST_FILLED and meaning in _MUST_LOOK_RIGHT:
        return -70
    return 25 * share


def _by_cells_alone(columns: Columns, cells: Sequence[Column], taken: set[int]) -> None:
    """Columns whose titles say nothing we know, but whose cells are plain."""
    for meaning, (least, score) in _BY_CELLS.items():
        best = max(
            (
                (column.share(meaning) or 0, -place)
                for place, column in enumerate(cells)
                if place not in taken and len(column.filled) >= 3
            ),
            default=(0, 0),
        )
        if (
            meaning not in columns.places
            and score >= _ENOUGH
            and best[0] >= least
            and not _parts(columns, meaning)
        ):
            columns.places[meaning] = -best[1]
            taken.add(-best[1])
    _amount_by_cells(columns, cells, taken)
    _donor_by_cells(columns, cells, taken)


def _parts(columns: Columns, meaning: Field) -> bool:
    """Dates already read from year, month and day columns; ways already told by columns of their own."""
    if meaning is Field.DATE:
        return Field.DAY in columns.places
    return meaning is Field.WAY and bool(columns.ways)


def _amount_by_cells(columns: Columns, cells: Sequence[Column], taken: set[int]) -> None:
    if columns.has_amount:
        return
    free = [
        place
        for place, column in enumerate(cells)
        if place not in taken and not column.counts_up and len(column.filled) >= 3
    ]
    best = max(free, key=lambda place: (cells[place].share(Field.AMOUNT) or 0, -place), default=None)
    if best is not None and (cells[best].share(Field.AMOUNT) or 0) >= 0.7:
        columns.places[Field.AMOUNT] = best
        taken.add(best)


def _donor_by_cells(columns: Columns, cells: Sequence[Column], taken: set[int]) -> None:
    if Field.DONOR in columns.places:
        return
    free = [
        place
        for place, column in enumerate(cells)
        if place not in taken and column.different > 0.5 and len(column.filled) >= 3
    ]
    best = max(
        free,
        key=lambda place: ((cells[place].share(Field.DONOR) or 0), cells[place].different, -place),
        default=None,
    )
    if best is not None and (cells[best].share(Field.DONOR) or 0) >= 0.8:
        columns.places[Field.DONOR] = best
        taken.add(best)
