"""Registers: an import compared with reading its file and posting as many transfers; memory by rows."""

import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import batched
from pathlib import Path
from statistics import median

import xlsxwriter
from django.core.files.base import File
from python_calamine import CalamineWorkbook

from bench.scratch import GIFTS, migrated_database
from charity_hub.ledger.actions import Line, Posting, post_many
from donations.registers.actions import import_file
from funds.profile.accounts import bank_of
from funds.profile.models import Fund
from tests import cast
from tests.builders import active_fund, purpose_of, station

type Row = tuple[str, str, str, str, str]

ROWS, ROUNDS = 10_000, 5
TITLES = [
    "序号",
    "捐赠日期",
    "姓名",
    "类别",
    "联系电话",
    "捐赠金额(元)",
    "捐赠方式",
    "指定用途",
    "同意公示姓名",
    "票据号码",
    "经手人",
]
WAYS = ["现金", "银行转账", "微信", "支票"]
PURPOSES = ["", "助学", "困境儿童", "长者居家安全", "不限定"]
SURNAMES, GIVEN = "陈李张黄何梁吴刘", "志强国华美玲家明德海燕婷"
FIRST_DAY = date(2025, 1, 1)


def run() -> Iterator[Row]:
    """The registers' rows of the table: what, ours, reference, ratio, wanted."""
    with tempfile.TemporaryDirectory() as folder:
        ours, reference = zip(*(_both(Path(folder), number) for number in range(ROUNDS)), strict=True)
    yield (
        f"import of {ROWS:,} clean rows, to reading the file and posting as many transfers",
        f"{median(ours):.2f} s",
        f"{median(reference):.2f} s",
        f"{median(ours) / median(reference):.2f}",
        "≤ 2",
    )
    yield _memory()


def write_register(path: Path, rows: int, seed: int = 0) -> Path:
    """A register of fictional gifts without errors, all different, with a new donor about every second
    row.
    """
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, TITLES)
        for number in range(rows):
            sheet.write_row(number + 1, 0, _cells(number, seed))
    return path


def _cells(number: int, seed: int) -> list[object]:
    person = seed * 1_000_000 + number * 5 // 9
    name = SURNAMES[person % 8] + GIVEN[person // 8 % 12] + GIVEN[person // 96 % 12]
    day = FIRST_DAY + timedelta(days=number * 360 // max(ROWS, number + 1))
    return [
        number + 1,
        f"{day.year}年{day.month}月{day.day}日",
        name,
        "个人",
        f"138{person % 100_000_000:08}",
        10 + number % 990 + (number % 100) / 100,
        WAYS[number % 4],
        PURPOSES[number % 5],
        "同意" if number % 3 else "不同意",
        f"示例{seed}{number:07}",
        "文示例",
    ]


def _both(folder: Path, number: int) -> tuple[float, float]:
    """Seconds of an import, and of the reference: the same file, each on a fresh database."""
    path = write_register(folder / f"register-{number}.xlsx", ROWS, seed=2 * number)
    with migrated_database():
        _import(write_register(folder / "warm.xlsx", ROWS // 20, seed=1))
        ours = _import(path)
    with migrated_database():
        _reference(folder / "warm.xlsx")
        return ours, _reference(path)


def _import(path: Path) -> float:
    """Store the file, read it, record its rows, as the command does."""
    fund, place, actor = active_fund(), station(), cast.ada()
    start = time.perf_counter()
    with path.open("rb") as stream:
        register = import_file(File(stream, name=path.name), station=place, fund=fund, actor=actor)
    seconds = time.perf_counter() - start
    if register.summary["import"]["added"] != register.summary["rows"]:
        raise RuntimeError("the register was not imported whole")
    return seconds


def _reference(path: Path) -> float:
    """python-calamine reads the file; post_many posts as many transfers, a thousand at a time."""
    fund = active_fund()
    station()
    start = time.perf_counter()
    count = len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) - 1
    for batch in batched(_postings(fund, count), 1_000):
        post_many(batch)
    return time.perf_counter() - start


def _postings(fund: Fund, count: int) -> Iterator[Posting]:
    bank, net = bank_of(fund).pk, purpose_of(fund).accounts[0].pk
    for number in range(count):
        lines = [Line(bank, 1_000 + number), Line(net, -1_000 - number)]
        yield Posting(
            kind=GIFTS[0],
            lines=lines,
            key=uuid.uuid4().hex,
            occurred_on=FIRST_DAY + timedelta(days=number % 360),
        )


def _memory() -> Row:
    """How much more memory is needed to read four times the rows, each file in its own process."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = (
            _peak(write_register(Path(folder) / f"{rows}.xlsx", rows)) for rows in (ROWS, 4 * ROWS)
        )
    what = f"peak memory of reading {4 * ROWS:,} rows, to {ROWS:,}"
    return what, f"{large:.0f} MB", f"{small:.0f} MB", f"{large / small:.2f}", "flat: ≤ 1.25"


def _peak(path: Path) -> float:
    command = [sys.executable, "-m", "bench.reading_alone", str(path)]
    _rows, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(peak)
