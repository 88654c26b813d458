"""Excel files from rows, with constant memory and without anything that a spreadsheet would execute.

    return excel_response(
        workbook(rows, [Column(_("Number")), Column(_("Amount"))], title=_("Gifts")), "gifts-2025.xlsx"
    )

Cells are written by type: Decimal as money, int as a number, date and datetime as dates, anything else
as text. Text that a spreadsheet could read as a formula gets a leading apostrophe.
"""

import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Final

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from django.utils.functional import Promise

EXCEL_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 100_000
LONGEST_TEXT: Final = 32_767
_STARTS_FORMULA: Final = re.compile(r"^[\s\x00]*[=+\-@＝＋－＠\t\r\n]")
_PLAIN_NUMBER: Final = re.compile(r"^[+\-]?[\d][\d ,.\-]*$")


def escape_formula(text: str) -> str:
    """The text, with a leading apostrophe if a spreadsheet would read it as a formula.

    Signed numbers and phone numbers (``+86 138…``, ``-12.50``) stay as they are: they are harmless.
    """
    if _STARTS_FORMULA.match(text) and not _PLAIN_NUMBER.match(text):
        return "'" + text
    return text


@dataclass(frozen=True)
class Column:
    """The header of a column, and its width in characters (Chinese ones count twice)."""

    head: str | Promise
    width: int = 16


class _Sheet:
    """One worksheet, written row by row."""

    def __init__(self, book: Any, title: str) -> None:
        self.sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31] or None)
        self.head = book.add_format({"bold": True, "bg_color": "#E6F0EE", "bottom": 1, "text_wrap": True})
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def write_head(self, columns: Sequence[Column]) -> None:
        for place, column in enumerate(columns):
            self.sheet.set_column(place, place, column.width)
        for place, column in enumerate(columns):
            self.sheet.write_string(0, place, escape_formula(str(column.head)), self.head)
        self.sheet.freeze_panes(1, 0)

    def write(self, row: int, place: int, value: object) -> None:
        match value:
            case None | "":
                return
            case bool():
                self.sheet.write_boolean(row, place, value)
            case Decimal():
                self.sheet.write_number(row, place, value, self.money)
            case int():
                self.sheet.write_number(row, place, value)
            case datetime():
                local = timezone.localtime(value) if timezone.is_aware(value) else value
                self.sheet.write_datetime(row, place, local.replace(tzinfo=None), self.time)
            case date():
                self.sheet.write_datetime(row, place, value, self.day)
            case _:
                self.sheet.write_string(row, place, escape_formula(str(value))[:LONGEST_TEXT])


def workbook(rows: Iterable[Sequence[object]], columns: Sequence[Column], *, title: str = "") -> IO[bytes]:
    """An xlsx with one sheet, as an open temporary file at its start. Memory use is constant."""
    stream = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - FileResponse closes it
    with xlsxwriter.Workbook(stream, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = _Sheet(book, str(title))
        sheet.write_head(columns)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                sheet.write(number, place, value)
        sheet.sheet.autofilter(0, 0, 0, max(len(columns) - 1, 0))
    stream.seek(0)
    return stream


def excel_response(stream: IO[bytes], name: str) -> FileResponse:
    """The workbook as a download under this file name."""
    return FileResponse(stream, as_attachment=True, filename=name, content_type=EXCEL_TYPE)
