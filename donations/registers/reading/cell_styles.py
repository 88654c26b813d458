"""What an .xlsx shows or hides beside its values: struck out and hidden cells, odd number formats, formulas
without a stored result, days counted from 1904.

The library that reads the cells drops all of this. Runs where files are taken apart, within its bounds.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from donations.registers.reading.number_formats import BUILT_IN, shown_otherwise

type Place = tuple[int, int]  # row, column, from 0

_PIECE = 1 << 20
_MOST_COLUMNS = 256  # wider sheets are not read
# Without any of these, and without odd styles, there is nothing to look for in a sheet.
_TELLING = re.compile(
    rb"""<(?:\w+:)?(?:f|strike)[ >/]|\bt=["']e["']|\bhidden=["'](?:1|true)|\b(?:ht|width)=["']0["']"""
)
_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")


@dataclass(slots=True)
class Marks:
    """What is seen of one sheet beside its values. Rows and columns count from 0."""

    texts: dict[Place, str] = field(default_factory=dict)  # errors, and formulas without a result
    formulas: set[Place] = field(default_factory=set)  # without a stored result
    shown: dict[Place, str] = field(default_factory=dict)  # numbers that are shown as something else
    struck: set[int] = field(default_factory=set)  # rows with a value that is struck out
    hidden_rows: set[int] = field(default_factory=set)  # with a value
    hidden_columns: set[int] = field(default_factory=set)
    from_1904: bool = False

    def __len__(self) -> int:
        return sum(map(len, (self.texts, self.shown, self.struck, self.hidden_rows, self.hidden_columns)))

    def as_json(self) -> dict[str, Any]:
        """Without the texts, which stand in the cells by then."""
        return {
            "formulas": sorted(self.formulas),
            "shown": [[*place, text] for place, text in self.shown.items()],
            "struck": sorted(self.struck),
            "hidden_rows": sorted(self.hidden_rows),
            "hidden_columns": sorted(self.hidden_columns),
            "from_1904": self.from_1904,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Marks":
        """What ``as_json`` wrote."""
        return cls(
            formulas={(row, column) for row, column in kept["formulas"]},
            shown={(row, column): text for row, column, text in kept["shown"]},
            struck=set(kept["struck"]),
            hidden_rows=set(kept["hidden_rows"]),
            hidden_columns=set(kept["hidden_columns"]),
            from_1904=kept["from_1904"],
        )


@dataclass(slots=True)
class Styles:
    """What a workbook's styles and strings say of cells: by style number, and by number of the string."""

    struck: set[int] = field(default_factory=set)
    formats: dict[int, str] = field(default_factory=dict)
    struck_strings: set[int] = field(default_factory=set)
    from_1904: bool = False


def styles_of(archive: zipfile.ZipFile, names: set[str]) -> Styles:
    """The styles of a workbook. Raises ``expat.ExpatError`` for what is no XML."""
    styles = Styles()
    if "xl/styles.xml" in names:
        _Styles(styles).read(archive, "xl/styles.xml")
    if "xl/sharedStrings.xml" in names and any(
        b"strike" in piece for piece in _pieces(archive, "xl/sharedStrings.xml")
    ):
        _Strings(styles).read(archive, "xl/sharedStrings.xml")
    _Book(styles).read(archive, "xl/workbook.xml")
    return styles


def marks_of(archive: zipfile.ZipFile, part: str, styles: Styles) -> Marks:
    """What is to be seen in the worksheet of this part beside its values."""
    marks = Marks(from_1904=styles.from_1904)
    plain = not (styles.struck or styles.formats or styles.struck_strings)
    if plain and not any(_TELLING.search(piece) for piece in _pieces(archive, part)):
        return marks
    _Cells(marks, styles).read(archive, part)
    return marks


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part in pieces; each begins with the end of the one before, so that no tag is cut unseen."""
    with archive.open(part) as stream:
        end = b""
        while piece := stream.read(_PIECE):
            yield end + piece
            end = piece[-64:]


class _Reader:
    """Goes through a part of the workbook, element by element."""

    def read(self, archive: zipfile.ZipFile, part: str) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, found: self.start(name.rpartition(":")[2], found)
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self.text
        with archive.open(part) as stream:
            parser.ParseFile(stream)

    def start(self, name: str, found: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        """Nothing to do by default."""

    def text(self, data: str) -> None:
        """Nothing to do by default."""


def _yes(found: dict[str, str], name: str = "val") -> bool:
    """Whether an attribute says yes; ``<strike/>`` alone does."""
    return found.get(name, "1" if name == "val" else "0") in {"1", "true", "on"}


class _Book(_Reader):
    def __init__(self, styles: Styles) -> None:
        self.styles = styles

    def start(self, name: str, found: dict[str, str]) -> None:
        if name == "workbookPr":
            self.styles.from_1904 = _yes(found, "date1904")


class _Styles(_Reader):
    """Fonts with a line through them, number formats, and which styles use them."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.group = ""
        self.codes: dict[str, str] = {str(number): code for number, code in BUILT_IN.items()}
        self.fonts = self.style = -1
        self.struck_fonts: set[str] = set()

    def start(self, name: str, found: dict[str, str]) -> None:
        if name in {"fonts", "cellXfs", "cellStyleXfs", "dxfs"}:
            self.group = name
        elif name == "numFmt":
            self.codes[found.get("numFmtId", "")] = found.get("formatCode", "")
        elif name == "font" and self.group == "fonts":
            self.fonts += 1
        elif name == "strike" and self.group == "fonts" and _yes(found):
            self.struck_fonts.add(str(self.fonts))
        elif name == "xf" and self.group == "cellXfs":
            self.style += 1
            if found.get("fontId") in self.struck_fonts:
                self.styles.struck.add(self.style)
            if code := self.codes.get(found.get("numFmtId", "")):
                self.styles.formats[self.style] = code


class _Strings(_Reader):
    """Shared strings of which a part is struck out."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.number = -1

    def start(self, name: str, found: dict[str, str]) -> None:
        if name == "si":
            self.number += 1
        elif name == "strike" and _yes(found):
            self.styles.struck_strings.add(self.number)


class _Cells(_Reader):
    """The rows, columns and cells of a worksheet."""

    def __init__(self, marks: Marks, styles: Styles) -> None:
        self.marks, self.styles = marks, styles
        self.row = self.column = -1
        self.hidden = False
        self.cell: dict[str, str] = {}
        self.formula: str | None = None
        self.value: str | None = None
        self.into = ""

    def start(self, name: str, found: dict[str, str]) -> None:
        match name:
            case "c":
                self._place(found.get("r", ""))
                self.cell, self.formula, self.value = found, None, None
            case "v" | "t":
                self.into, self.value = "value", self.value or ""
            case "f":
                self.into, self.formula = "formula", ""
            case "row":
                self._row(found)
            case "col" if _yes(found, "hidden") or found.get("width") == "0":
                first, last = int(found.get("min", "1")) - 1, int(found.get("max", "1"))
                self.marks.hidden_columns.update(range(first, min(last, _MOST_COLUMNS)))
            case "strike" if _yes(found):
                self.marks.struck.add(self.row)

    def text(self, data: str) -> None:
        if self.into == "value":
            self.value = (self.value or "") + data
        elif self.into == "formula":
            self.formula = (self.formula or "") + data

    def end(self, name: str) -> None:
        self.into = ""
        if name == "c":
            self._cell(self.cell.get("t", "n"), self.cell.get("s", "0"))

    def _row(self, found: dict[str, str]) -> None:
        self.row = int(found["r"]) - 1 if found.get("r", "").isdecimal() else self.row + 1
        self.column = -1
        self.hidden = _yes(found, "hidden") or found.get("ht") in {"0", "0.0"}

    def _place(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference)
        self.column = column_of(found[1]) if found else self.column + 1

    def _cell(self, kind: str, style: str) -> None:
        place, value = (self.row, self.column), self.value or ""
        if self.formula is not None and not value and (kind != "str" or self.value is None):
            self.marks.texts[place] = "=" + (self.formula or "…")
            self.marks.formulas.add(place)
        elif kind == "e":
            self.marks.texts[place] = value
        number = int(style) if style.isdecimal() else 0
        if not value:
            return
        if self.hidden:
            self.marks.hidden_rows.add(self.row)
        if number in self.styles.struck or (kind == "s" and _is_in(value, self.styles.struck_strings)):
            self.marks.struck.add(self.row)
        if kind == "n" and number in self.styles.formats:
            shown = shown_otherwise(self.styles.formats[number], value)
            if shown:
                self.marks.shown[place] = shown


def _is_in(number: str, numbers: Iterable[int]) -> bool:
    return number.isdecimal() and int(number) in numbers


def column_of(letters: str) -> int:
    """The column that letters name, from 0."""
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1
