"""Looking into an .xlsx before anything parses it: its true size, its rows, what it shows beside its values.

An .xlsx is a zip, and a zip can promise little and unfold to much. Every part that the reader would unfold is
unfolded here first, piece by piece and counted, so that a bomb costs a few megabytes.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from xml.parsers import expat

from donations.registers.reading.cell_styles import Marks, Styles, column_of, marks_of, styles_of
from donations.registers.reading.results import BadFile

MOST_ROWS = 50_000
MOST_COLUMNS = 256
MOST_PARTS = 2_000
MOST_BYTES = 400 * 1024 * 1024
MOST_FOLDED = 250  # times; real sheets fold 10 to 40 times, blank formatted ones somewhat more
_PIECE = 1 << 20
_MOST_CELLS = 4_000_000
_MOST_FORMULAS = 200_000

_ROW = re.compile(rb"<row[ >/]|<\w+:row[ >/]")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)[ >/]")
_FAR = re.compile(rb"""r=["'](?:[A-Za-z]{2,3}\d|[A-Za-z]?\d{6,})""")
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Za-z]{1,3})(\d{1,7})["'][^>]*?(/?)>""")


@dataclass(slots=True)
class Part:
    """What was seen in one worksheet: rows with values, how far it goes, what it shows beside its values."""

    rows: int = 0
    last_row: int = 0
    last_column: int = 0
    marks: Marks = field(default_factory=Marks)


def inspect(path: Path) -> dict[str, Part]:
    """Check an .xlsx whole and say what its worksheets (by sheet name) hold. Raises ``BadFile``."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_directory(members)
            names = {member.filename for member in members}
            if any(name.endswith("vbaProject.bin") for name in names):
                raise BadFile("macros")
            if "xl/workbook.xml" not in names:
                raise BadFile("not_a_workbook")
            for member in members:
                if member.filename.endswith((".xml", ".rels")) and "/worksheets/sheet" not in member.filename:
                    _measure(archive, member)
            styles = styles_of(archive, names)
            parts = _worksheets(archive, names)
            return {name: _part(archive, target, styles) for name, target in parts.items()}
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        UnicodeDecodeError,
        expat.ExpatError,
    ) as error:
        raise BadFile("damaged") from error


def _check_directory(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_PARTS:
        raise BadFile("unfolds_too_far")
    if any(member.flag_bits & 1 for member in members):
        raise BadFile("encrypted")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise BadFile("unfolds_too_far")
    # Excel packs by deflating alone; others unfold slowly, or into any amount of memory.
    if any(member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for member in members):
        raise BadFile("damaged")
    for member in members:
        if member.file_size > 20 * _PIECE and member.file_size > MOST_FOLDED * max(member.compress_size, 1):
            raise BadFile("unfolds_too_far")


def _measure(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unfold a part to its end: a part longer than it says fails its checksum here."""
    with archive.open(member) as stream:
        while stream.read(_PIECE):
            pass


def _worksheets(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Sheet name → the part that holds it."""
    book = archive.read("xl/workbook.xml").decode()
    links = (
        archive.read("xl/_rels/workbook.xml.rels").decode() if "xl/_rels/workbook.xml.rels" in names else ""
    )
    targets = {}
    for link in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", links):
        attributes = dict(re.findall(r"""(\w+)=["']([^"']*)["']""", link))
        target = attributes.get("Target", "")
        targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found = {}
    for sheet in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book):
        attributes = dict(re.findall(r"""([\w:]+)=["']([^"']*)["']""", sheet))
        target = next(
            (targets[value] for key, value in attributes.items() if key.endswith(":id") and value in targets),
            "",
        )
        if target in names:
            found[unescape(attributes.get("name", ""))] = target
    return found


def _part(archive: zipfile.ZipFile, target: str, styles: Styles) -> Part:
    part = Part()
    for piece in _pieces(archive, target):
        _count_rows(piece, part)
        _measure_extent(piece, part)
        if part.rows > MOST_ROWS:
            raise BadFile("too_many_rows", limit=MOST_ROWS)
    if part.last_column > MOST_COLUMNS or part.last_column * part.last_row > _MOST_CELLS:
        raise BadFile("too_wide", limit=MOST_COLUMNS)
    part.marks = marks_of(archive, target, styles)
    if len(part.marks.texts) > _MOST_FORMULAS:
        raise BadFile("formulas_without_values")
    return part


def _pieces(archive: zipfile.ZipFile, target: str) -> Iterator[bytes]:
    """A worksheet's XML in pieces that end where a row ends."""
    rest = b""
    with archive.open(target) as stream:
        while block := stream.read(_PIECE):
            rest += block
            end = rest.rfind(b"</row>") + len(b"</row>")
            if end > len(b"</row>"):
                yield rest[:end]
                rest = rest[end:]
            elif len(rest) > 16 * _PIECE:
                raise BadFile("too_wide", limit=MOST_COLUMNS)
    yield rest


def _count_rows(piece: bytes, part: Part) -> None:
    count = len(_ROW.findall(piece))
    if count + part.rows <= MOST_ROWS:
        part.rows += count
        return
    starts = [found.start() for found in _ROW.finditer(piece)]
    ends = [*starts[1:], len(piece)]  # formatted rows without a value do not count
    part.rows += sum(
        _VALUE.search(piece, start, end) is not None for start, end in zip(starts, ends, strict=True)
    )


def _measure_extent(piece: bytes, part: Part) -> None:
    """How far out the filled cells lie: for one at the far corner a parser lays out the whole rectangle."""
    if not _FAR.search(piece) and not part.last_column:
        return
    for letters, number, empty in _CELL.findall(piece):
        if not empty:
            part.last_column = max(part.last_column, column_of(letters.decode()) + 1)
            part.last_row = max(part.last_row, int(number))
