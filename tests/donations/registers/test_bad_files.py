"""What is no register, or too much of one: refused before it is parsed, in a sentence that helps on."""

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from donations.registers.messages import about_file
from donations.registers.reading.files import open_book, open_pasted
from donations.registers.reading.results import BadFile
from tests.donations.registers.workbooks import DATA, HEAD, Read, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GOOD: list[list[Any]] = [HEAD, ["2025-03-05", "陈示例", 100]]


def refused(path: Path) -> str:
    with pytest.raises(BadFile) as caught, open_book(path) as book:
        list(book.sheet(book.names[0]).lines())
    assert about_file(caught.value).endswith((".", "。"))
    return caught.value.code


def file_of(folder: Path, data: bytes, name: str = "register.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + b"\0" * 200, "program"),
        (b"\x7fELF" + b"\0" * 200, "program"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
        (b"Rar!\x1a\x07", "packed"),
        (b"<html><table><tr><td>\xe5\xa7\x93\xe5\x90\x8d</td></tr></table></html>", "web_page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "web_page"),
        (b"\x01\x02\x00\x03" * 50, "not_a_workbook"),
        (b"PK\x03\x04 this is not a zip at all", "damaged"),
        (OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "encrypted"),
        (OLE + b"\0" * 2000, "damaged"),
    ],
)
def test_other_things_under_a_workbooks_name(tmp_path: Path, data: bytes, code: str) -> None:
    assert refused(file_of(tmp_path, data)) == code


def test_a_workbook_that_excel_locked_with_a_password() -> None:
    assert refused(DATA / "encrypted-register.xlsx") == "encrypted"


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refused(path) == "not_a_workbook"


def test_a_workbook_with_macros(tmp_path: Path) -> None:
    path = workbook(tmp_path, GOOD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0")
    assert refused(path) == "macros"


def test_a_file_of_more_than_20_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    with path.open("wb") as stream:
        stream.truncate(20 * 1024 * 1024 + 1)
    assert refused(path) == "too_large"


def test_a_bomb_that_says_how_far_it_unfolds(tmp_path: Path) -> None:
    path = workbook(tmp_path, GOOD)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.xml", b"\0" * (25 << 20))
    assert path.stat().st_size < 2 * 1024 * 1024
    assert refused(path) == "unfolds_too_far"


def test_a_bomb_that_lies_about_how_far_it_unfolds(tmp_path: Path) -> None:
    source = io.BytesIO(workbook(tmp_path, GOOD).read_bytes())
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            text = old.read(member)
            new.writestr(member.filename, text + b" " * (30 << 20) if "styles" in member.filename else text)
    data = bytearray(out.getvalue())
    with zipfile.ZipFile(out) as written:
        true_size = struct.pack("<L", written.getinfo("xl/styles.xml").file_size)
    at = data.rindex(true_size)
    data[at : at + 4] = struct.pack("<L", 2_000)
    assert refused(file_of(tmp_path, bytes(data), "lying.xlsx")) == "damaged"


def test_200_000_rows(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number in range(200_000):
            sheet.write_number(number, 0, number)
    assert refused(path) == "too_many_rows"


def test_blank_formatted_rows_do_not_count_as_rows(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet, border = book.add_worksheet(), book.add_format({"border": 1})
        for number, row in enumerate(GOOD):
            sheet.write_row(number, 0, row)
        for number in range(2, 60_000):
            sheet.write_blank(number, 0, None, border)
    assert len(Read(path).rows) == 1


def test_a_cell_at_the_far_corner_does_not_make_the_reader_lay_out_the_whole_sheet(tmp_path: Path) -> None:
    def far(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["XFD1048576"] = "x"

    assert refused(workbook(tmp_path, GOOD, more=far)) == "too_wide"


def test_a_sheet_of_300_columns(tmp_path: Path) -> None:
    assert refused(workbook(tmp_path, [[f"列{place}" for place in range(300)]])) == "too_wide"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_in_any_usual_coding(tmp_path: Path, coding: str) -> None:
    text = "日期,姓名,金额\n2025-03-05,陈示例,100\n"
    assert Read(file_of(tmp_path, text.encode(coding), "register.csv")).taken == [
        ("2025-03-05", "陈示例", 10_000)
    ]


def test_a_csv_of_too_many_rows(tmp_path: Path) -> None:
    assert refused(file_of(tmp_path, b"1,2\n" * 50_001, "register.csv")) == "too_many_rows"


def test_a_pasted_table_keeps_its_cells_apart_at_tabs() -> None:
    with open_pasted("日期\t姓名\t金额\r\n2025-03-05\t陈示例\t1,000.00\r\n") as book:
        assert list(book.sheet("").lines()) == [HEAD, ["2025-03-05", "陈示例", "1,000.00"]]


def test_nothing_pasted_is_refused() -> None:
    with pytest.raises(BadFile, match="empty"), open_pasted("  \n "):
        pass


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as caught:
        Read(workbook(tmp_path, GOOD), name="三月")
    assert "Sheet" in about_file(caught.value)
