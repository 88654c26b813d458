"""Registers as different stations might keep them, made for a test."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from donations.registers.reading.columns import Hints
from donations.registers.reading.duplicates import Doubles
from donations.registers.reading.files import open_book
from donations.registers.reading.headers import Choice, choose_sheet
from donations.registers.reading.results import Row, Skipped, Terms
from donations.registers.reading.rows import read_rows

PURPOSES = ("长者居家安全", "困境儿童", "助学", "不限定")
TODAY = date(2026, 6, 30)
TERMS = Terms(PURPOSES, "不限定", TODAY)
HEAD = ["日期", "姓名", "金额"]
DATA = Path(__file__).parent / "data"


def workbook(
    folder: Path,
    rows: Sequence[Sequence[Any]],
    *,
    merged: Sequence[str] = (),
    more: Callable[[openpyxl.Workbook], None] = lambda _book: None,
) -> Path:
    """A workbook with these rows in its first sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    more(book)
    path = folder / "register.xlsx"
    book.save(path)
    return path


class Read:
    """A file read through: the choice that was made, the rows, the lines that are no gifts."""

    def __init__(self, path: Path, terms: Terms = TERMS, **options: Any) -> None:
        with open_book(path) as book:
            hints = Hints(terms.purposes, terms.known_titles)
            self.choice: Choice = choose_sheet(book, hints, **options)
            doubles = Doubles()
            self.rows: list[Row] = []
            self.skipped: list[Skipped] = []
            for item in read_rows(self.choice, terms):
                if isinstance(item, Skipped):
                    self.skipped.append(item)
                else:
                    doubles.mark(item)
                    self.rows.append(item)

    @property
    def meanings(self) -> dict[str, str]:
        """Title → what its column holds."""
        columns = self.choice.head.columns
        return {title: columns.meaning_of(place) for place, title in enumerate(columns.titles)}

    @property
    def taken(self) -> list[tuple[str, str, int]]:
        """Day, name and fen of the acceptable rows."""
        return [(f"{row.given_on}", row.name, row.amount_fen) for row in self.rows if row.acceptable]

    @property
    def problems(self) -> list[tuple[int, str, str]]:
        return [(each.row, each.column, each.code) for row in self.rows for each in row.problems]

    @property
    def questions(self) -> list[tuple[int, str, str]]:
        return [(each.row, each.column, each.code) for row in self.rows for each in row.questions]

    @property
    def warnings(self) -> list[tuple[int, str, str]]:
        return [(each.row, each.column, each.code) for row in self.rows for each in row.warnings]


def read(folder: Path, rows: Sequence[Sequence[Any]], terms: Terms = TERMS, **options: Any) -> Read:
    """Make a workbook of these rows and read it."""
    return Read(workbook(folder, rows, **options), terms)
