"""What a sheet shows or hides beside its values: it is read, or asked about."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from donations.registers.reading.number_formats import shown_otherwise
from donations.registers.reading.results import Terms
from tests.donations.registers.workbooks import HEAD, PURPOSES, Read, read, workbook

GIFTS: list[list[Any]] = [HEAD, ["2025-03-05", "陈示例", 100], ["2025-03-06", "王示例", 200]]


def sheet_of(book: openpyxl.Workbook) -> Any:
    return book.worksheets[0]


def strike_a_cell(book: openpyxl.Workbook) -> None:
    sheet_of(book)["C3"].font = Font(strike=True)


def strike_words(book: openpyxl.Workbook) -> None:
    sheet_of(book)["B3"] = CellRichText("王", TextBlock(InlineFont(strike=True), "示例"))


def hide_a_row(book: openpyxl.Workbook) -> None:
    sheet_of(book).row_dimensions[3].hidden = True


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (strike_a_cell, "struck_out"),
        (strike_words, "struck_out"),
        (hide_a_row, "hidden_row"),
    ],
)
def test_rows_struck_out_or_hidden_are_asked_about(tmp_path: Path, change: Any, code: str) -> None:
    found = read(tmp_path, GIFTS, more=change)
    assert found.questions == [(3, "row", code)]
    assert len(found.taken) == 1


def test_an_empty_hidden_row_asks_nothing(tmp_path: Path) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        sheet_of(book).row_dimensions[9].hidden = True

    assert len(read(tmp_path, GIFTS, more=hide).taken) == 2


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (1000, "[$HK$-C04]#,##0.00"),
        (500, '"US$"0'),
        (5, '0"万元"'),
        (5000, "#,##0,"),
        (99.6, "0"),
        (1, ";;;"),
    ],
)
def test_an_amount_shown_as_something_else_is_refused(tmp_path: Path, stored: float, code: str) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet_of(book)["C3"] = stored
        sheet_of(book)["C3"].number_format = code

    found = read(tmp_path, GIFTS, more=change)
    assert found.problems == [(3, "amount", "amount_shown_otherwise")]


def test_what_is_shown_otherwise_is_refused_again_when_it_comes_back_unmended(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet_of(book)["C3"].number_format = '0"万元"'

    row = read(tmp_path, GIFTS, more=change).rows[1]
    assert read(tmp_path, [HEAD, row.cells]).problems == [(2, "amount", "amount_unclear")]


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ("¥#,##0.00", "88", ""),
        ('#,##0.00"元"', "20", ""),
        ("General", "5", ""),
        ("@", "5", ""),
        ("yyyy-mm-dd", "45000", ""),
        ("_ * #,##0.00_ ;_ * -#,##0.00_ ", "100.5", ""),
        ('0!.0,"万"', "50000", "5.0万"),
        ('[>=10000]0!.0,"万";0', "50000", "5.0万"),
        ('[>=10000]0!.0,"万";0', "500", ""),
        ('G/通用格式"万"', "5", "5万"),
        ("0%", "0.5", "50%"),
        ("#,##0", "1234.5", "1235"),
        ("0.00E+00", "13800001234", ""),
    ],
)
def test_a_number_format_is_rendered_where_it_says_more(code: str, stored: str, shown: str) -> None:
    assert shown_otherwise(code, stored) == shown


def test_an_amount_in_ten_thousands_that_shows_the_same_sum_is_taken(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet_of(book)["C3"] = 50_000
        sheet_of(book)["C3"].number_format = '0!.0,"万"'

    assert read(tmp_path, GIFTS, more=change).taken[1][2] == 5_000_000


@pytest.mark.parametrize("number", [44869, "44869"])
def test_days_are_counted_from_1904_where_the_workbook_does(tmp_path: Path, number: Any) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        sheet_of(book)["A2"] = number
        sheet_of(book)["A3"] = date(2025, 3, 6)

    path = workbook(tmp_path, GIFTS, more=change)
    assert [row.given_on for row in Read(path, Terms(PURPOSES, "不限定", date(2026, 12, 1))).rows] == [
        date(2026, 11, 5),
        date(2025, 3, 6),
    ]


@pytest.mark.parametrize(
    ("place", "formula", "column"),
    [("B3", '=CONCATENATE("王","示例")', "donor"), ("D3", "=D2", "phone"), ("E3", "=E2", "note")],
)
def test_a_formula_without_a_result_is_no_value(
    tmp_path: Path, place: str, formula: str, column: str
) -> None:
    rows = [
        [*line, more, note]
        for line, more, note in zip(GIFTS, ["电话", "13800001234", ""], ["备注", "谢谢", ""], strict=True)
    ]

    def change(book: openpyxl.Workbook) -> None:
        sheet_of(book)[place] = formula

    assert (3, column, "formula") in read(tmp_path, rows, more=change).problems


def test_a_text_that_looks_like_a_formula_is_a_text(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet_of(book)["B3"].value = '=HYPERLINK("http://example.org","张")'
        sheet_of(book)["B3"].data_type = "s"

    assert len(read(tmp_path, GIFTS, more=change).taken) == 2


def with_a_formula(folder: Path, cell: str) -> Path:
    """The register with this XML in place of its last cell."""
    path = workbook(folder, GIFTS)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(folder / "formula.xlsx", "w") as new:
        for member in old.infolist():
            text = old.read(member)
            if member.filename.endswith("sheet1.xml"):
                at = text.index(b'<c r="C3"')
                text = text[:at] + cell.encode() + text[text.index(b"</c>", at) + 4 :]
            new.writestr(member, text)
    return folder / "formula.xlsx"


@pytest.mark.parametrize(
    ("cell", "problems"),
    [
        ('<c r="C3"><f t="shared" si="0"/></c>', [(3, "amount", "amount_formula")]),
        ('<c r="C3"><f>C2*2</f><v></v></c>', [(3, "amount", "amount_formula")]),
        ('<c r="C3"><f>C2*2</f><v>200</v></c>', []),
        ('<c r="C3" t="str"><f>IF(A3="","",1)</f><v></v></c>', [(3, "amount", "amount_missing")]),
        ('<c r="C3" t="e"><f>C2/0</f><v>#DIV/0!</v></c>', [(3, "amount", "amount_error")]),
    ],
)
def test_formulas_are_known_by_whether_a_result_is_stored(
    tmp_path: Path, cell: str, problems: list[Any]
) -> None:
    assert Read(with_a_formula(tmp_path, cell)).problems == problems


def test_a_hidden_column_gives_way_to_one_that_is_seen(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [*HEAD, "捐赠金额"],
        ["2025-03-05", "陈示例", 999, 100],
        ["2025-03-06", "王示例", 888, 200],
    ]

    def hide(book: openpyxl.Workbook) -> None:
        sheet_of(book).column_dimensions["C"].hidden = True

    assert [fen for _day, _name, fen in read(tmp_path, rows, more=hide).taken] == [10_000, 20_000]
