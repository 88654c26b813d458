"""Which sheet is the register, and what its columns hold: by titles, by cells, by what was confirmed."""

from pathlib import Path

import openpyxl
import pytest

from donations.registers.reading.results import BadFile, Terms
from tests.donations.registers.workbooks import HEAD, PURPOSES, TODAY, Read, read, workbook


def test_a_register_of_one_event_takes_the_day_from_its_title(tmp_path: Path) -> None:
    found = read(
        tmp_path, [["义卖活动捐款表(2025年9月5日)"], ["姓名", "金额(元)", "备注"], ["陈示例", 100, ""]]
    )
    assert found.taken == [("2025-09-05", "陈示例", 10_000)]


def test_a_table_without_titles_is_told_by_its_cells(tmp_path: Path) -> None:
    rows = [
        [f"2025-03-0{day}", f"陈示例{name}", 100 * day, f"1380000123{day}"]
        for day, name in enumerate("甲乙丙丁", 1)
    ]
    assert len(read(tmp_path, rows).taken) == 4


def test_titles_that_say_nothing_are_told_by_the_cells(tmp_path: Path) -> None:
    rows = [["2025-03-05", "陈示例", 100], ["2025-03-06", "李示例", 200], ["2025-03-07", "王示例", 300]]
    found = read(tmp_path, [["甲", "乙", "丙"], *rows])
    assert found.meanings == {"甲": "date", "乙": "donor", "丙": "amount"}
    assert len(found.taken) == 3


def test_columns_that_only_resemble_others_are_left_out(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            [
                "联系人",
                "捐赠单位",
                "捐赠日期",
                "开票日期",
                "金额",
                "项目名称",
                "是否开票",
                "证件类型",
                "折合金额",
            ],
            ["李联系", "示例公司", "2025-03-01", "2025-03-05", 100, "助学", "是", "执照", 5],
        ],
    )
    left_out = {title for title, meaning in found.meanings.items() if not meaning}
    assert left_out == {"联系人", "开票日期", "是否开票", "证件类型", "折合金额"}


def test_a_confirmed_column_wins_over_any_guess(tmp_path: Path) -> None:
    terms = Terms(PURPOSES, "不限定", TODAY, known_titles={"姓名": "handler", "单位": "donor"})
    path = workbook(tmp_path, [["日期", "姓名", "单位", "金额"], ["2025-03-05", "李社工", "示例公司", 100]])
    row = Read(path, terms).rows[0]
    assert (row.name, row.handler) == ("示例公司", "李社工")


def test_the_sheet_that_looks_like_a_register_is_taken_and_others_are_named(tmp_path: Path) -> None:
    def months(book: openpyxl.Workbook) -> None:
        for month in (1, 2):
            sheet = book.create_sheet(f"{month}月")
            sheet.append(HEAD)
            sheet.append([f"2025-0{month}-05", "陈示例", 100])

    path = workbook(tmp_path, [["填表说明"], ["请按月填写"]], more=months)
    found = Read(path)
    assert (found.choice.sheet.name, found.choice.others) == ("1月", ["2月"])
    assert Read(path, name="2月").taken == [("2025-02-05", "陈示例", 10_000)]


def test_a_hidden_sheet_is_taken_only_when_no_other_is_a_register(tmp_path: Path) -> None:
    def hidden(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("隐藏")
        sheet.append(["日期", "姓名", "金额", "方式", "用途", "电话"])
        sheet.sheet_state = "hidden"

    path = workbook(tmp_path, [HEAD, ["2025-03-05", "陈示例", 100]], more=hidden)
    assert Read(path).choice.sheet.name == "Sheet"


def test_a_sheet_without_an_amount_is_no_register(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no_head"):
        read(tmp_path, [["姓名", "电话", "地址"], ["陈示例", "13800001234", "示例路"]])
