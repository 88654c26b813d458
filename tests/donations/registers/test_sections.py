"""Sheets of more than one table: sections of expenses, tables side by side; names like totals."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from donations.registers.source_file import batches
from tests.donations.registers.workbooks import HEAD, read

TITLES = ["日期", "姓名/单位", "金额", "备注"]
IN: list[list[Any]] = [["2025-03-05", "陈示例", 100, ""], ["2025-03-06", "王示例", 200, ""]]
OUT: list[list[Any]] = [["2025-03-10", "示例粮油店", 150, "购米油"], ["2025-03-11", "丙老人", 50, "慰问"]]


@pytest.mark.parametrize(
    "between",
    [
        [["二、支出"]],
        [["二、支出", None, 200]],
        [["（二）善款使用情况："]],
        [["支出明细"]],
        [["二、支出"], TITLES],
        [["日期", "支出项目", "支出金额", "领款人"]],
        [[], ["2025年善款支出明细表"], ["日期", "收款单位", "金额", "备注"]],
        [["Expenses"]],
        [["【支出】"]],
        [["三、善款支出情况（单位：元）"]],
    ],
)
def test_money_that_went_out_is_no_gift(tmp_path: Path, between: list[list[Any]]) -> None:
    gifts = [TITLES, ["一、捐赠收入"], *IN, [None, "小计", 300]]
    found = read(tmp_path, [*gifts, *between, *OUT, [None, "小计", 200], ["三、结余", None, 100]])
    assert [fen for _day, _name, fen in found.taken] == [10_000, 20_000]
    assert not found.problems
    assert [line.amount_fen for line in found.skipped if line.why == "total"] == [30_000]


def test_gifts_below_the_expenses_are_read_again(tmp_path: Path) -> None:
    rows = [TITLES, ["二、支出"], *OUT, ["一、捐赠收入"], *IN]
    assert [fen for _day, _name, fen in read(tmp_path, rows).taken] == [10_000, 20_000]


def test_a_sheet_of_expenses_is_not_preferred_to_one_of_gifts(tmp_path: Path) -> None:
    def more(book: openpyxl.Workbook) -> None:
        book.worksheets[0].title = "支出"
        other = book.create_sheet("收入")
        for row in [TITLES, *IN]:
            other.append(row)

    assert read(tmp_path, [TITLES, *OUT], more=more).choice.sheet.name == "收入"


@pytest.mark.parametrize(
    "note", ["以上善款全部用于困难老人慰问", "感谢各位爱心人士的支持", "资金使用由居委会监督，详见公告栏"]
)
def test_a_note_is_no_heading(tmp_path: Path, note: str) -> None:
    assert len(read(tmp_path, [TITLES, IN[0], [note], IN[1]]).taken) == 2


def test_a_class_with_a_number_gives_like_anybody(tmp_path: Path) -> None:
    found = read(tmp_path, [["姓名", "金额", "备注"], ["（一）班捐款", 500, ""], ["（二）班捐款", 300, ""]])
    assert [row.name for row in found.rows] == ["（一）班捐款", "（二）班捐款"]


SIDE = ["姓名", "金额", "日期"]


@pytest.mark.parametrize(
    "rows",
    [
        [SIDE * 2, ["甲", 1, "2025-03-01", "乙", 2, "2025-03-02"], ["丙", 3, "2025-03-03"]],
        [[*SIDE, "", *SIDE], ["甲", 1, "2025-03-01", "", "乙", 2, "2025-03-02"], ["丙", 3, "2025-03-03"]],
        [
            ["序号", *SIDE] * 2,
            [1, "甲", 1, "2025-03-01", 3, "乙", 2, "2025-03-02"],
            [2, "丙", 3, "2025-03-03"],
        ],
        [["日期", *["姓名", "金额"] * 3], ["2025-03-01", "甲", 1, "乙", 2, "丙", 3]],
    ],
)
def test_tables_side_by_side_are_read_side_by_side(tmp_path: Path, rows: list[list[Any]]) -> None:
    names = {"甲": "陈示例", "乙": "王示例", "丙": "李示例"}
    named = [[names.get(cell, cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    found = read(tmp_path, named)
    assert {name: fen for _day, name, fen in found.taken} == {"陈示例": 100, "王示例": 200, "李示例": 300}
    assert not found.problems


def test_expenses_beside_the_gifts_are_none(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["捐赠收入", None, None, "支出"],
        SIDE * 2,
        ["陈示例", 1, "2025-03-01", "示例粮油店", 2, "2025-03-02"],
    ]
    assert [name for _day, name, _fen in read(tmp_path, rows).taken] == ["陈示例"]


def test_rows_of_one_line_are_recorded_together(tmp_path: Path) -> None:
    """How far an import came is noted by line: a batch must not end in the middle of one."""
    found = read(tmp_path, [SIDE * 2, *[["陈示例", 1, "2025-03-01", "王示例", 2, "2025-03-02"]] * 5])
    made = list(batches(((row, "") for row in found.rows), 3))
    assert [len(batch) for batch in made] == [4, 4, 2]


@pytest.mark.parametrize(
    "name",
    [
        "Chan Wing Sum",
        "杨小计",
        "佛山合计科技有限公司",
        "第一页书店",
        "Total Energies (Foshan) Ltd",
        "结余超市",
        "Do",
        "Nil Perera",
    ],
)
def test_people_may_be_called_like_totals(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, [HEAD, ["2025-03-05", "陈示例", 100], ["2025-03-06", name, 200]])
    assert found.taken[1:] == [("2025-03-06", name, 20_000)]


@pytest.mark.parametrize(
    "label", ["小计", "合计", "3月小计", "微信合计", "本页合计：", "Total", "Grand total", "共2笔，合计"]
)
def test_totals_stay_totals_beside_a_day(tmp_path: Path, label: str) -> None:
    found = read(tmp_path, [HEAD, ["2025-03-05", "陈示例", 100], ["2025-03-06", label, 100]])
    assert len(found.taken) == 1
    assert not found.problems


def test_ditto_marks_are_written_small(tmp_path: Path) -> None:
    found = read(tmp_path, [HEAD, ["2025-03-05", "Chan Tai Man", 100], ["do", "do.", 200]])
    assert found.taken[1] == ("2025-03-05", "Chan Tai Man", 20_000)


@pytest.mark.parametrize(
    ("totals", "declared"),
    [
        (["小计", 300, "小计", 500], 80_000),
        (["合计", 300, "合计", 500], 80_000),
        (["小计", 300, "累计", 800], 80_000),
        (["小计", 300, "小计", 400], 70_000),
        (["小计", 300, "合计", 700], 70_000),
    ],
)
def test_subtotals_are_added_up_where_no_grand_total_stands(
    tmp_path: Path, totals: list[Any], declared: int
) -> None:
    first, a, last, b = totals
    days = [["2025-03-05", "陈示例", 100], ["2025-03-05", "王示例", 200]]
    more = [["2025-03-06", "李示例", 300], ["2025-03-06", "张示例", 200]]
    found = read(tmp_path, [HEAD, *days, [None, first, a], *more, [None, last, b]])
    assert found.skipped[-1].amount_fen == declared


def test_two_columns_with_different_donors_are_asked_about(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [*HEAD, "单位名称"],
        ["2025-03-05", "陈示例", 100, "示例公司"],
        ["2025-03-06", "王示例", 200, ""],
    ]
    found = read(tmp_path, rows)
    assert found.questions == [(2, "donor", "donor_elsewhere")]
    assert len(found.taken) == 1
