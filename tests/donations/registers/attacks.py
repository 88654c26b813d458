"""Files that say little of themselves and cost much to read, made for a test."""

import io
import struct
import zipfile
from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ROOT = (
    f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="r1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_RELS = (
    f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="r1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>"
)


def bare_workbook(
    path: Path, rows: str, *, after: str = "", strings: str = "", packing: int = zipfile.ZIP_DEFLATED
) -> Path:
    """A workbook of one sheet with just this XML as its rows, and after them."""
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("_rels/.rels", _ROOT)
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _RELS)
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>',
        )
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{strings}</sst>')
    return path


def columns_without_references(path: Path) -> Path:
    """16,384 columns × 61 rows in 30 kB; no cell says where it stands."""
    row = "<row>" + "<c><v>1</v></c>" * 16_384 + "</row>"
    return bare_workbook(path, row * 61)


def wordy_titles(path: Path) -> Path:
    """240 columns × 60 rows of words that might all be titles."""
    words = "捐赠人姓名金额日期电话用途方式备注证件票据经手公示"
    rows = []
    for row in range(60):
        cells = (words[(row * 7 + place) % 20 :] + words[: (place * 3 + row) % 19] for place in range(240))
        rows.append(
            "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"
        )
    return bare_workbook(path, "".join(rows))


def shared_strings(path: Path) -> Path:
    """A million shared strings, one of them used."""
    return bare_workbook(
        path,
        '<row><c t="s"><v>0</v></c></row>',
        strings="".join(f"<si><t>{number}</t></si>" for number in range(1_000_000)),
    )


def merged_cells(path: Path) -> Path:
    """Sixty thousand merged cells, each over nearly two thousand rows."""
    spans = "".join(f'<mergeCell ref="A{row}:A{row + 1_990}"/>' for row in range(2, 60_002))
    return bare_workbook(path, "<row><c><v>1</v></c></row>", after=f"<mergeCells>{spans}</mergeCells>")


def nested(path: Path) -> Path:
    """Elements within elements, a million deep."""
    return bare_workbook(path, "<row><c>" + "<is>" * 1_000_000 + "</c></row>")


def one_endless_cell(path: Path) -> Path:
    """Start tags that never end: a search for their end goes over the rest of the file each time."""
    return bare_workbook(path, "<row>" + '<c t="e" r="A1" <f' * 500_000 + "</row>")


def slowly_packed(path: Path) -> Path:
    """Packed in a way that Excel never uses and that unfolds slowly."""
    return bare_workbook(path, "<row><c><v>1</v></c></row>" + " " * (20 << 20), packing=zipfile.ZIP_BZIP2)


def long_line(path: Path) -> Path:
    """A csv of nearly 20 MB in one line."""
    path.write_bytes(b"\xe9\x87\x91" * 6_600_000)
    return path


def many_columns(path: Path) -> Path:
    """A csv of a hundred thousand columns."""
    path.write_text(",".join(map(str, range(100_000))) * 30)
    return path


def old_workbook(path: Path) -> Path:
    """An old .xls container whose chain of sectors runs in a circle, with the largest sizes."""
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", head, 44, 0x7FFFFFFF, 0, 0, 4096, 0, 0x7FFFFFFF, 0, 0x7FFFFFFF, 0)
    struct.pack_into("<109I", head, 76, *([0] * 109))
    path.write_bytes(bytes(head) + struct.pack("<128I", *([0] * 128)) * 2_000)
    return path


def binary_workbook(path: Path) -> Path:
    """An .xlsb: a workbook in another notation."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.bin", bytes(1 << 20))
        archive.writestr("xl/worksheets/sheet1.bin", bytes(1 << 20))
    path.write_bytes(out.getvalue())
    return path


ATTACKS = [
    columns_without_references,
    wordy_titles,
    shared_strings,
    merged_cells,
    nested,
    one_endless_cell,
    slowly_packed,
    long_line,
    many_columns,
    old_workbook,
    binary_workbook,
]
