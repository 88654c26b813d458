"""What only the whole table tells, looked over once before its rows are read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from charity_hub.plain_text import name_key
from donations.registers.reading.amounts import is_foreign, names_yuan
from donations.registers.reading.columns import Columns
from donations.registers.reading.dates import Order, orders_of
from donations.registers.reading.headers import Choice
from donations.registers.reading.payment_status import is_pledge
from donations.registers.reading.results import Cell, Field, Terms
from donations.registers.reading.text import folded, half_width, is_blank, is_ditto, shown

_ORDERS: tuple[Order, ...] = ("ymd", "mdy", "dmy")


@dataclass(slots=True)
class TableOverview:
    """``contested`` are the ID numbers that stand beside different names, ``purposes`` the restricted ones
    that the lines above the titles speak of.
    """

    contested: frozenset[str] = frozenset()
    purposes: tuple[str, ...] = ()


def scan_table(choice: Choice, terms: Terms) -> TableOverview:
    """Complete what the head says by what stands above it and by all the cells of a column."""
    columns, above = choice.head.columns, f"{choice.head.above} {choice.sheet.name}"
    titles = [columns.titles[place] for place in columns.amount_places]
    columns.foreign = columns.foreign or (is_foreign(above) and not any(map(names_yuan, titles)))
    columns.pledged = columns.pledged or is_pledge(above)
    day, identity = columns.places.get(Field.DATE), columns.places.get(Field.ID_NUMBER)
    if day is not None and any(orders_of(cell, terms.today) for cell in choice.head.cells[day].filled):
        columns.order = _order(_cells(choice, day), terms.today)
    contested = _contested(choice, columns, identity) if identity is not None else frozenset()
    return TableOverview(contested, _purposes_in(above, terms))


def _lines(choice: Choice) -> Iterator[list[Cell]]:
    """The lines below the head; of tables side by side, those of each."""
    for line in islice(choice.sheet.lines(), choice.head.last + 1, None):
        yield from (part for _shift, part in choice.head.tables_in(line))


def _cells(choice: Choice, place: int) -> Iterator[Cell]:
    return (line[place] for line in _lines(choice) if place < len(line))


def _order(cells: Iterator[Cell], today: date) -> Order | None:
    """The one order in which every cell like 11/5/26 makes a day; None where none or several do."""
    left = set(_ORDERS)
    for cell in cells:
        found = orders_of(cell, today)
        if found:
            left &= found
    return left.pop() if len(left) == 1 else None


def normal_id(cell: Cell) -> str:
    """An ID number for comparison."""
    return re.sub(r"[\s\-'’‘.]", "", half_width(cell)).upper().replace("Χ", "X").replace("×", "X")


def _contested(choice: Choice, columns: Columns, identity: int) -> frozenset[str]:
    donor = columns.places.get(Field.DONOR)
    if donor is None:
        return frozenset()
    names: dict[str, set[str]] = {}
    for line in _lines(choice):
        if max(identity, donor) < len(line) and not any(map(_says_none, (line[identity], line[donor]))):
            names.setdefault(normal_id(line[identity]), set()).add(name_key(shown(line[donor])))
    return frozenset(number for number, found in names.items() if len(found) > 1 and len(number) >= 15)


def _says_none(cell: Cell) -> bool:
    return is_blank(cell) or is_ditto(cell)


def _purposes_in(text: str, terms: Terms) -> tuple[str, ...]:
    """Restricted purposes that a title names: 助学专项捐款登记表. Not as part of a fund's name."""
    plain = folded(text)
    named: Sequence[str] = [name for name in terms.purposes if name != terms.unrestricted]
    return tuple(name for name in named if re.search(rf"{re.escape(folded(name))}(?!.{{0,4}}基金)", plain))
