"""What becomes of a row as a whole: names, ways, consents, doubles, and rows that are no gifts of money."""

from datetime import date
from pathlib import Path

from donations.registers.reading.results import Terms
from tests.donations.registers.workbooks import HEAD, PURPOSES, TODAY, read


def test_the_apostrophe_that_marks_text_is_no_part_of_a_name(tmp_path: Path) -> None:
    found = read(tmp_path, [HEAD, ["2025-03-05", "'陈示例", 1], ["2025-03-05", "'=1+A1", 1]])
    assert [row.name for row in found.rows] == ["陈示例", "=1+A1"]


def test_a_formula_as_a_name_stays_text(tmp_path: Path) -> None:
    found = read(tmp_path, [HEAD, ["2025-03-05", '=HYPERLINK("http://e.example","点我")', 100]])
    assert found.rows[0].name == '=HYPERLINK("http://e.example","点我")'


def test_errors_and_formulas_without_a_result_are_named(tmp_path: Path) -> None:
    found = read(tmp_path, [HEAD, ["2025-03-05", "陈示例", "=1/0"], ["2025-03-05", "王示例", "#REF!"]])
    assert [code for _row, _column, code in found.problems] == ["amount_formula", "amount_error"]


def test_rare_characters_and_emoji_are_kept(tmp_path: Path) -> None:
    found = read(tmp_path, [HEAD, ["2025-03-05", "𠮷田😀", 100], ["2025-03-05", "㙟琳", 100]])
    assert [row.name for row in found.rows] == ["𠮷田😀", "㙟琳"]


def test_goods_and_void_rows_are_not_taken(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["日期", "姓名", "金额", "捐赠方式", "备注"],
            ["2025-03-05", "陈示例", 100, "物资", ""],
            ["2025-03-05", "李示例", 100, "现金", "作废"],
        ],
    )
    assert found.problems == [(2, "way", "way_goods"), (3, "note", "void")]


def test_a_way_that_is_not_said_is_the_registers_usual_one_with_a_remark(tmp_path: Path) -> None:
    terms = Terms(PURPOSES, "不限定", TODAY, default_way="bank_transfer")
    found = read(tmp_path, [["日期", "姓名", "金额", "方式"], ["2025-03-05", "陈示例", 100, "其他"]], terms)
    assert found.rows[0].way == "bank_transfer"
    assert found.warnings == [(2, "way", "way_unclear")]


def test_nothing_is_published_unless_the_register_says_so(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["日期", "姓名", "金额", "是否同意公示"],
            ["2025-03-05", "陈示例", 100, "同意"],
            ["2025-03-05", "李示例", 100, ""],
            ["2025-03-05", "王示例", 100, "再说"],
            ["2025-03-05", "匿名", 100, "同意"],
        ],
    )
    assert [row.publish_name for row in found.rows] == [True, False, False, False]


def test_a_column_for_staying_anonymous_keeps_the_name_from_being_published(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["日期", "捐赠人", "金额", "是否匿名", "是否公示"],
            ["2025-03-05", "王示例", 100, "是", "是"],
            ["2025-03-05", "", 100, "是", ""],
        ],
    )
    assert [(row.name, row.donor_kind, row.publish_name) for row in found.rows] == [
        ("王示例", "person", False),
        ("", "anonymous", False),
    ]


def test_doubles_are_the_same_donor_day_and_amount_but_never_the_anonymous(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["日期", "姓名", "金额", "电话"],
            ["2025-03-05", "陈示例", 100, "13800001234"],
            ["2025.3.5", "陈 示例", "100元", ""],
            ["2025-03-05", "匿名", 100, ""],
            ["2025-03-05", "匿名", 100, ""],
            ["2025-03-05", "陈示例", 100, "13900001234"],
        ],
    )
    assert [(row.number, row.double_of) for row in found.rows if row.double_of] == [(3, 2)]


def test_a_date_in_a_closed_month_is_refused(tmp_path: Path) -> None:
    terms = Terms(PURPOSES, "不限定", TODAY, closed_through=date(2025, 3, 31))
    found = read(tmp_path, [HEAD, ["2025-03-31", "陈示例", 100], ["2025-04-01", "陈示例", 100]], terms)
    assert found.problems == [(2, "date", "date_in_closed_month")]


def test_a_fund_without_unrestricted_money_needs_a_purpose(tmp_path: Path) -> None:
    terms = Terms(("助学",), None, TODAY)
    found = read(
        tmp_path,
        [
            ["日期", "姓名", "金额", "用途"],
            ["2025-03-05", "陈示例", 100, ""],
            ["2025-03-05", "李示例", 5, "助学"],
        ],
        terms,
    )
    assert found.problems == [(2, "purpose", "purpose_missing")]
