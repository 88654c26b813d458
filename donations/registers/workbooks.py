"""Workbooks for stations: an empty register, and the rows of a register that could not be taken."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from charity_hub.portal.exports import neutral
from donations.registers.models import Register
from donations.registers.reading.amounts import UNITS
from donations.registers.reading.heads import Head
from donations.registers.reading.results import Cell, Row
from donations.registers.sentences import reason, remedy
from donations.registers.sources import Source, open_register
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


def bad_rows(register: Register) -> IO[bytes]:
    """The rows of a register that cannot be taken, as they were, each with what is wrong and how to mend it.

    Mended, the workbook is sent like any register: its title tells which register it continues, and
    the column of reasons is not read.
    """
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response that sends it
    with (
        open_register(register) as source,
        xlsxwriter.Workbook(stream, {"constant_memory": True}) as book,
    ):
        _write_bad_rows(book, source, register)
    stream.seek(0)
    return stream


def _write_bad_rows(book: Any, source: Source, register: Register) -> None:
    sheet = book.add_worksheet(_("Rows to mend")[:31])
    head = book.add_format({"bold": True, "bg_color": "#E6F0EE", "border": 1, "text_wrap": True})
    wrong = book.add_format({"text_wrap": True, "font_color": "#96201B"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    titles = source.choice.head.columns.titles
    sheet.set_column(0, len(titles) - 1, 14)
    sheet.set_column(len(titles), len(titles), 70)
    sheet.write_string(0, 0, _("Rows to mend of register %(ref)s") % {"ref": register.reference})
    for place, words in enumerate(_from_above(source.choice.head), NOTES_FROM):
        sheet.write_string(0, place, words)
    for place, title in enumerate([*titles, _("What is wrong, and how to mend it (not read)")]):
        sheet.write_string(1, place, neutral(title), head)
    sheet.freeze_panes(2, 0)
    bad = (item for item in source.lines() if isinstance(item, Row) and not item.acceptable)
    for line, row in enumerate(bad, 2):
        for place, cell in enumerate(row.cells[: len(titles)]):
            _write(sheet, line, place, cell, day)
        sheet.write_string(line, len(titles), neutral(_what_to_do(row, source.terms.purposes)), wrong)


def _from_above(head: Head) -> list[str]:
    """What the titles over the head said and the rows below rely on, in words that are read again."""
    words = []
    if head.day:
        words.append(head.day.isoformat())
    elif head.year:
        words.append(f"{head.year}年")
    if (unit := head.columns.unit) != 1:
        words.append("单位：" + next(word for word, counts in UNITS.items() if counts == unit))
    return words


def _what_to_do(row: Row, purposes: tuple[str, ...]) -> str:
    sentences = [f"{reason(problem)} {remedy(problem, purposes)}" for problem in row.problems]
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
        sheet.write_string(line, place, neutral(str(cell)))
