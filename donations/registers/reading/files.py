"""Opening what people send: .xlsx, old .xls, csv, a pasted table. Anything else is refused with a reason.

A text without a byte order mark is in UTF-8 or one of the Chinese encodings: found by evidence, or refused.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from donations.registers.reading.archive import MOST_COLUMNS, MOST_ROWS, Part, inspect
from donations.registers.reading.cell_styles import Marks
from donations.registers.reading.results import BadFile, Cell

MOST_BYTES = 20 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TABLES = {
    b"MZ": "program",
    b"\x7fELF": "program",
    b"#!": "program",
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"Rar!": "packed",
    b"7z\xbc\xaf": "packed",
    b"\x1f\x8b": "packed",
}

_GUARDS = {"=", "'", "＝"}
_GUARDED = re.compile(r"""[=＝]"(.*)"|'(?=[\d+])([\d+][\d\sXx-]*)""", re.DOTALL)
_SAMPLED = 64_000  # characters of a text that show how it is split

type Span = tuple[tuple[int, int], tuple[int, int]]


class Sheet(Protocol):
    """One table of a book. ``lines`` starts anew with the first line each time."""

    name: str
    hidden: bool
    height: int  # lines, at most
    spans: list[Span]
    marks: Marks

    def lines(self) -> Iterator[list[Cell]]: ...


@dataclass(slots=True)
class Book:
    """An opened file. ``sheet(name)`` loads one sheet; keep no more than you need."""

    names: list[str]
    hidden: set[str]
    _load: Callable[[str], Sheet]

    def sheet(self, name: str) -> Sheet:
        return self._load(name)


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """Open a register file. Raises ``BadFile`` for what is no readable table, or too large a one."""
    size = path.stat().st_size
    if size == 0:
        raise BadFile("empty")
    if size > MOST_BYTES:
        raise BadFile("too_large", limit=MOST_BYTES // 1024 // 1024)
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(b"PK"):
        yield from _workbook(path, inspect(path))
    elif start.startswith(_OLE):
        _refuse_encrypted_package(path)
        yield from _workbook(path, {})
    else:
        _refuse_other_kinds(start)
        yield _single(TextSheet("", _text_of(path)))


@contextmanager
def open_pasted(text: str) -> Iterator[Book]:
    """A table pasted from a spreadsheet: cells between tabs."""
    if not text.strip():
        raise BadFile("empty")
    if len(text) > MOST_BYTES // 4:
        raise BadFile("too_large", limit=MOST_BYTES // 1024 // 1024 // 4)
    yield _single(TextSheet("", text))


def _single(sheet: Sheet) -> Book:
    return Book([sheet.name], set(), lambda _name: sheet)


def _workbook(path: Path, parts: dict[str, Part]) -> Iterator[Book]:
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            tables = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            hidden = {sheet.name for sheet in tables if sheet.visible != SheetVisibleEnum.Visible}

            def load(name: str) -> Sheet:
                return WorkbookSheet(workbook.get_sheet_by_name(name), parts.get(name), hidden=name in hidden)

            yield Book([sheet.name for sheet in tables], hidden, load)
    except PasswordError as error:
        raise BadFile("encrypted") from error
    except CalamineError as error:
        raise BadFile("encrypted" if "password" in str(error).lower() else "damaged") from error


class WorkbookSheet:
    """A sheet of an Excel workbook, with the text of formulas that carry no value put back."""

    def __init__(self, sheet: CalamineSheet, part: Part | None, *, hidden: bool) -> None:
        self.name = sheet.name
        self.hidden = hidden
        self.height = sheet.total_height
        self.spans: list[Span] = sheet.merged_cell_ranges or []
        self.marks = part.marks if part else Marks()
        self._sheet = sheet
        self._dropped: dict[int, list[tuple[int, str]]] = {}
        for (row, column), text in self.marks.texts.items():
            self._dropped.setdefault(row, []).append((column, text))
        if sheet.total_height > 2 * MOST_ROWS:
            raise BadFile("too_many_rows", limit=MOST_ROWS)
        if sheet.total_width > MOST_COLUMNS:
            raise BadFile("too_wide", limit=MOST_COLUMNS)

    def lines(self) -> Iterator[list[Cell]]:
        if self._sheet.start is None:
            return
        indent: list[Cell] = [""] * self._sheet.start[1]
        for index, line in enumerate(self._sheet.iter_rows()):
            cells: list[Cell] = [*indent, *line] if indent else list(line)
            for column, text in self._dropped.get(index, ()):
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = cells[column] or text
            yield list(map(_unguarded, cells))


class TextSheet:
    """A csv file or a pasted table."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.hidden = False
        self.height = text.count("\n") + 1
        self.spans: list[Span] = []
        self.marks = Marks()
        self._text = text
        self._delimiter = _delimiter(text)

    def lines(self) -> Iterator[list[Cell]]:
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._delimiter)
        try:
            for count, line in enumerate(reader, 1):
                if count > MOST_ROWS:
                    raise BadFile("too_many_rows", limit=MOST_ROWS)
                if len(line) > MOST_COLUMNS:
                    raise BadFile("too_wide", limit=MOST_COLUMNS)
                yield list(map(_unguarded, line))
        except csv.Error as error:
            raise BadFile("damaged") from error


def _unguarded(cell: Cell) -> Cell:
    """A cell without what programs put around long numbers to keep them from Excel: ="138…", '138…."""
    if (
        not isinstance(cell, str)
        or cell[:1] not in _GUARDS
        or not (found := _GUARDED.fullmatch(cell.strip()))
    ):
        return cell
    return found[1] or found[2]


def _delimiter(text: str) -> str:
    """The mark that splits most lines into the same number of cells, and rather into many than into few."""

    def evenness(mark: str) -> tuple[float, int]:
        widths = Counter(len(line) for line in _sample(text, mark))
        lines, width = max(((lines, width) for width, lines in widths.items() if width > 1), default=(0, 0))
        return lines / max(widths.total(), 1), width

    return max(",\t;|", key=evenness)


def _sample(text: str, mark: str) -> Iterator[list[str]]:
    """The first lines that hold anything, split at a mark."""
    reader = csv.reader(io.StringIO(text[:_SAMPLED], newline=""), delimiter=mark)
    try:
        yield from islice((line for line in reader if any(line)), 200)
    except csv.Error:
        return


def _refuse_encrypted_package(path: Path) -> None:
    """A modern workbook with a password is an old container around an encrypted part."""
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        raise BadFile("encrypted")


def _refuse_other_kinds(start: bytes) -> None:
    for mark, kind in _NOT_TABLES.items():
        if start.startswith(mark):
            raise BadFile(kind)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise BadFile("web_page")
    if b"\0" in start and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadFile("not_a_workbook")


def _text_of(path: Path) -> str:
    data = path.read_bytes()
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        return chinese(data)


# Words of registers' heads, as the mainland and as Hong Kong, Macau and Taiwan write them.
_TITLES = re.compile(
    "姓名|名[称稱]|金[额額]|日期|捐[赠贈款]|[备備][注註]|[电電][话話]|手[机機]|方式|用途|[类類][别別]|[证證]件|[收票][据據]"
    "|序[号號]|[单單]位|[项項]目|[经經]手|[编編][号號]|[时時][间間]|善款|合[计計]"
)
_SAMPLED_BYTES = 40_000  # characters
_ENOUGH, _CLEARLY = 0.85, 0.1


def chinese(data: bytes) -> str:
    """The text of bytes in GB 18030 or Big5. Raises ``BadFile`` when neither reads well, or both do."""
    read = {coding: text for coding in _common if (text := _decoded(data, coding))}
    titled = [coding for coding, text in read.items() if _TITLES.search(text[:4_000])]
    if len(titled) == 1:
        return read[titled[0]]
    scores = sorted((_share_of_common(text, coding), coding) for coding, text in read.items())
    second = scores[-2][0] if len(scores) > 1 else 0
    if not scores or scores[-1][0] < max(_ENOUGH, second + _CLEARLY):
        raise BadFile("coding_unclear")
    return read[scores[-1][1]]


def _decoded(data: bytes, coding: str) -> str:
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        return ""


def _share_of_common(text: str, coding: str) -> float:
    """How many of the characters beyond ASCII are everyday ones: of either standard's first level, or signs.

    A text read in the wrong coding is full of rare characters.
    """
    signs = [sign for sign in text[:_SAMPLED_BYTES] if not sign.isascii()]
    return sum(map(_common[coding], signs)) / len(signs) if signs else 0.0


def _common_in_gb(sign: str) -> bool:
    """Signs, or one of the 3,755 characters of the first level of GB 2312."""
    code = _code(sign, "gb2312")
    return 0xB0 <= code[0] <= 0xD7 or code[0] in {0xA1, 0xA3}


def _common_in_big5(sign: str) -> bool:
    """Signs, or one of the 5,401 characters of the first level of Big5."""
    code = _code(sign, "big5")
    return 0xA4 <= code[0] <= 0xC6 or code[0] in {0xA1, 0xA2}


def _code(sign: str, coding: str) -> bytes:
    try:
        return sign.encode(coding)
    except UnicodeEncodeError:
        return b"\0"


_common = {"gb18030": _common_in_gb, "big5hkscs": _common_in_big5}
