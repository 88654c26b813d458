"""Workbooks for stations: an empty register, and the rows of a register that could not be taken."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from charity_hub.documents.models import Document
from charity_hub.documents.uploads import documents_of, store_made
from charity_hub.people.models import User
from charity_hub.portal.exports import EXCEL_TYPE, escape_formula
from donations.registers.messages import reasons, remedies
from donations.registers.models import Register
from donations.registers.reading.amounts import UNITS
from donations.registers.reading.headers import Head
from donations.registers.reading.limits import Allowance
from donations.registers.reading.results import Cell, Row, Skipped
from donations.registers.source_file import Source, open_register
from funds.profile.models import Fund

# The titles of our own register, in the language of the paper ones.
TITLES = [
    ("序号", 6),
    ("捐赠日期", 13),
    ("姓名/单位名称", 26),
    ("类别", 8),
    ("联系电话", 15),
    ("证件号码", 22),
    ("捐赠金额(元)", 14),
    ("捐赠方式", 12),
    ("指定用途", 16),
    ("同意公示姓名", 13),
    ("票据号码", 16),
    ("经手人", 10),
    ("备注", 24),
]
WAYS = ["现金", "银行转账", "微信", "支付宝", "支票"]
KINDS = ["个人", "单位", "匿名"]
LAST_ROW = 1_000
NOTES_FROM = 4  # the column in which notes begin, beside a title that runs over the first ones


def template(fund: Fund | None) -> IO[bytes]:
    """An empty register with lists to choose from; of a fund, with its purposes."""
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response that sends it
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("捐赠登记表")
        head = book.add_format({"bold": True, "bg_color": "#E6F0EE", "border": 1, "text_wrap": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        text = book.add_format({"num_format": "@"})
        money = book.add_format({"num_format": "#,##0.00"})
        for place, (title, width) in enumerate(TITLES):
            kind = {"捐赠日期": day, "捐赠金额(元)": money}.get(title, text if title != "序号" else None)
            sheet.set_column(place, place, width, kind)
            sheet.write_string(0, place, title, head)
        sheet.freeze_panes(1, 0)
        purposes = [each.name for each in fund.purposes.all() if not each.retired_on] if fund else []
        for title, words in (
            ("类别", KINDS),
            ("捐赠方式", WAYS),
            ("指定用途", purposes),
            ("同意公示姓名", ["同意", "不同意"]),
        ):
            _offer(sheet, title, words)
    stream.seek(0)
    return stream


def _offer(sheet: Any, title: str, words: Sequence[str]) -> None:
    """A list to choose from; Excel takes at most 255 characters of it."""
    place = next(index for index, (each, _width) in enumerate(TITLES) if each == title)
    if words and len(",".join(words)) <= 255:
        sheet.data_validation(
            1, place, LAST_ROW, place, {"validate": "list", "source": list(words), "error_type": "warning"}
        )


def keep_bad_rows(register: Register, *, actor: User | None) -> Document:
    """Store the rows to mend with the register: of a large one nobody waits for them."""
    data = bad_rows(register).read()
    return store_made(bad_rows_name(register), data, EXCEL_TYPE, owner=register, actor=actor)


def kept_bad_rows(register: Register) -> Document | None:
    """The rows to mend as they were stored last."""
    return documents_of(register).filter(name=bad_rows_name(register)).last()


def bad_rows_name(register: Register) -> str:
    return f"{register.reference}-bad-rows.xlsx"


def bad_rows(register: Register, allowance: Allowance | None = None) -> IO[bytes]:
    """The rows of a register that cannot be taken, as they were, each with what is wrong and how to mend it.

    Mended, the workbook is sent like any register: its title tells which register it continues, and
    the column of reasons is not read.
    """
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response that sends it
    with (
        open_register(register, allowance) as source,
        xlsxwriter.Workbook(stream, {"constant_memory": True}) as book,
    ):
        _write_bad_rows(book, source, register)
    stream.seek(0)
    return stream


def _write_bad_rows(book: Any, source: Source, register: Register) -> None:
    paper = _Paper(book, source.terms.purposes)
    paper.sheet.write_string(0, 0, _("Rows to fix in register %(ref)s") % {"ref": register.reference})
    head = source.choice.head
    for item in source.lines():
        if isinstance(item, Skipped):
            head = item.head or head
        elif item.problems:
            paper.under(head, source.choice.head)
            paper.row(item)
    paper.under(head, source.choice.head)


class _Paper:
    """The sheet of rows to mend. Each table of the register that has such rows stands under its own titles,
    the reasons to the right of them.
    """

    def __init__(self, book: Any, purposes: tuple[str, ...]) -> None:
        self.sheet = book.add_worksheet(_("Rows to fix")[:31])
        self.titled = book.add_format({"bold": True, "bg_color": "#E6F0EE", "border": 1, "text_wrap": True})
        self.wrong = book.add_format({"text_wrap": True, "font_color": "#96201B"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.purposes = purposes
        self.head: Head | None = None
        self.line = 1
        self.width = self.reasons = 0

    def under(self, head: Head, first: Head) -> None:
        """Go on below the titles of ``head``; what stood over the ``first`` table counts for all of them."""
        if head is self.head:
            return
        if self.head is None:
            for place, words in enumerate(_from_above(first, head.columns.unit), NOTES_FROM):
                self.sheet.write_string(0, place, words)
            self.sheet.freeze_panes(2, 0)
        else:
            self.line += 1
            if head.columns.unit != self.head.columns.unit:
                self.sheet.write_string(self.line, 0, _unit_words(head.columns.unit))
                self.line += 1
        self.head, self.width = head, len(head.columns.titles)
        self.reasons = max(self.reasons, self.width)
        self.sheet.set_column(0, self.reasons - 1, 14)
        self.sheet.set_column(self.reasons, self.reasons, 70)
        for place, title in enumerate(head.columns.titles):
            self.sheet.write_string(self.line, place, escape_formula(title), self.titled)
        note = _("What is wrong, and how to fix it (not read)")
        self.sheet.write_string(self.line, self.reasons, note, self.titled)
        self.line += 1

    def row(self, row: Row) -> None:
        for place, cell in enumerate(row.cells[: self.width]):
            _write(self.sheet, self.line, place, cell, self.day)
        self.sheet.write_string(
            self.line, self.reasons, escape_formula(_what_to_do(row, self.purposes)), self.wrong
        )
        self.line += 1


def _from_above(head: Head, unit: int) -> list[str]:
    """What the titles over the head said and the rows below rely on, in words that are read again."""
    words = []
    if head.day:
        words.append(head.day.isoformat())
    elif head.year:
        words.append(f"{head.year}年")
    if unit != 1:
        words.append(_unit_words(unit))
    return words


def _unit_words(unit: int) -> str:
    """What amounts count in, as it is read again: “单位：万元”."""
    return "单位：" + next(word for word, counts in UNITS.items() if counts == unit)


def _what_to_do(row: Row, purposes: tuple[str, ...]) -> str:
    found = [[(problem.code, problem.value)] for problem in row.problems]
    sentences = [f"{reasons(one)} {remedies(one, purposes)}" for one in found]
    return " ".join([_("Row %(row)d:") % {"row": row.number}, *sentences])


def _write(sheet: Any, line: int, place: int, cell: Cell, day: Any) -> None:
    """A cell as it was. Texts stay texts: nothing becomes a formula."""
    if isinstance(cell, bool):
        sheet.write_boolean(line, place, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(line, place, cell)
    elif isinstance(cell, datetime | date):
        sheet.write_datetime(line, place, cell, day)
    elif cell not in (None, ""):
        sheet.write_string(line, place, escape_formula(str(cell)))
