"""Registers of other stations: other titles, orders and habits."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.donations.registers.workbooks import DATA, HEAD, Read, read


def test_a_village_ledger_with_old_words_and_a_year_in_its_title(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["示例村2025年度善款登记簿"],
            ["善长芳名", "捐资额(元)", "日期", "付款", "备注"],
            ["陈示例", "５００", "3月5日", "现金", "为母祈福"],
            ["善长仁翁", "1千", "3月6日", "微信", ""],
            ["李示例夫妇", "三百五", "3.8", "转账", ""],
            ["合  计", "", "", "", ""],
        ],
    )
    assert found.taken == [
        ("2025-03-05", "陈示例", 50_000),
        ("2025-03-06", "", 100_000),
        ("2025-03-08", "李示例夫妇", 35_000),
    ]
    assert [row.way for row in found.rows] == ["cash", "qr_transfer", "bank_transfer"]
    assert [row.donor_kind for row in found.rows] == ["person", "anonymous", "person"]


def test_english_titles_behind_blank_rows_and_columns(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            [],
            [None, "Donation register 2025"],
            [None, "No.", "Donor Name", "Date of gift", "Amount (RMB)", "Payment method", "Receipt No"],
            [None, 1, "Example Trading Co., Ltd.", datetime(2025, 3, 5), 1000.5, "Bank transfer", "A1"],  # noqa: DTZ001
            [None, 2, "Anonymous", "2025-03-06", "RMB 100", "WeChat", ""],
            [None, "", "Total", "", 1100.5],
        ],
    )
    assert found.taken == [
        ("2025-03-05", "Example Trading Co., Ltd.", 100_050),
        ("2025-03-06", "", 10_000),
    ]
    assert found.rows[0].donor_kind == "organization"
    assert found.skipped[-1].amount_fen == 110_050


def test_an_xls_of_excel_97() -> None:
    found = Read(DATA / "old-register.xls")
    assert found.taken == [
        ("2025-03-05", "示例甲", 10_050),
        ("2025-03-06", "示例乙", 100_000),
        ("2025-03-07", "示例公司", 50_000),
    ]
    assert [problem.code for problem in found.rows[-1].problems] == ["amount_not_positive"]
    assert found.rows[1].phone == "+8613800000002"
    assert found.skipped[-1].amount_fen == 160_050


def test_traditional_characters(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["編號", "捐贈日期", "捐贈者姓名", "聯絡電話", "捐贈金額", "捐贈方式", "用途", "是否公開姓名"],
            [1, "2025年3月5日", "陳示例", "13800001234", "壹萬貳仟圓整", "銀行轉賬", "長者居家安全", "同意"],
        ],
    )
    row = found.rows[0]
    assert (row.name, row.amount_fen, row.way, row.purpose, row.publish_name) == (
        "陳示例",
        1_200_000,
        "bank_transfer",
        "长者居家安全",
        True,
    )


def test_a_head_of_three_lines_with_titles_broken_over_them(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["桂城街道捐赠登记表"],
            ["", "", "捐赠方资料", "", "", "捐赠内容", ""],
            ["序号", "捐赠", "捐赠方", "", "", "金额", "用途"],
            ["", "日期", "名称", "性质", "手机", "(元)", ""],
            ["一", "2025/3/5", "示例商会", "社会组织", 13800001234.0, "100", "助学"],
        ],
        merged=["C2:E2", "F2:G2"],
    )
    assert found.taken == [("2025-03-05", "示例商会", 10_000)]
    assert (found.rows[0].donor_kind, found.rows[0].phone) == ("organization", "+8613800001234")


def test_names_and_phones_under_the_handler_are_not_the_donors(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["日期", "捐赠人", "", "是否同意公示", "", "金额", "经手人", ""],
            ["", "姓名", "电话", "姓名", "金额", "", "姓名", "电话"],
            ["2025-03-05", "陈示例", "13800001234", "是", "否", 100, "李社工", "13900001234"],
        ],
        merged=["B1:C1", "D1:E1", "G1:H1", "A1:A2", "F1:F2"],
    )
    row = found.rows[0]
    assert (row.name, row.phone, row.handler) == ("陈示例", "+8613800001234", "李社工")
    assert (row.publish_name, row.publish_amount) == (True, False)


def test_amounts_under_ways_of_giving(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["日期", "捐款人", "现金", "微信", "转账", "经手人", "合计"],
            ["2025.3.5", "陈示例", 100, None, None, "李", 100],
            ["2025.3.6", "王示例", None, 50.5, None, "李", 50.5],
            ["2025.3.7", "吴示例", 1, None, 2000, "李", 2001],
            ["", "合计", 101, 50.5, 2000, "", 2151.5],
        ],
    )
    assert found.taken == [("2025-03-05", "陈示例", 10_000), ("2025-03-06", "王示例", 5_050)]
    assert [row.way for row in found.rows[:2]] == ["cash", "qr_transfer"]
    assert found.problems == [(4, "amount", "amount_twice")]


def test_amounts_under_purposes(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["日期", "姓名", "助学", "困境儿童", "不限定", "方式"],
            ["2025-03-05", "陈示例", 100, None, None, "微信"],
            ["2025-03-05", "李示例", None, None, 200, "现金"],
        ],
    )
    assert [(row.purpose, row.amount_fen) for row in found.rows] == [("助学", 10_000), ("不限定", 20_000)]


def test_an_account_book_with_month_and_day_and_one_column_a_coin(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["2025年", "", "捐款人", "金额", "", "", "", "摘要"],
            ["月", "日", "", "十", "元", "角", "分", ""],
            [3, 5, "陈示例", 1, 2, 5, 0, ""],
            [3, 6, "王示例", None, 8, 0, 5, ""],
        ],
        merged=["A1:B1", "D1:G1"],
    )
    assert found.taken == [("2025-03-05", "陈示例", 1_250), ("2025-03-06", "王示例", 805)]


def test_one_date_merged_over_the_gifts_of_a_day(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["日期", "姓名", "金额"],
            ["2025/3/5", "陈示例", 100],
            [None, "李示例", 200],
            ["2025/3/6", "周示例", 50],
        ],
        merged=["A2:A3"],
    )
    assert [row.given_on for row in found.rows] == [date(2025, 3, 5), date(2025, 3, 5), date(2025, 3, 6)]


def test_a_blank_date_without_merged_cells_is_not_filled_in(tmp_path: Path) -> None:
    found = read(tmp_path, [HEAD, ["2025/3/5", "陈示例", 100], [None, "李示例", 200]])
    assert found.problems == [(3, "date", "date_missing")]


def test_ditto_marks_repeat_the_row_above(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["日期", "姓名", "金额", "方式", "经办"],
            ["2025-03-05", "陈示例", 100, "微信", "李社工"],
            ["〃", "王示例", "〃", "同上", '"'],
        ],
    )
    row = found.rows[1]
    assert (row.given_on, row.amount_fen, row.way, row.handler) == (
        date(2025, 3, 5),
        10_000,
        "qr_transfer",
        "李社工",
    )


def test_amounts_count_in_ten_thousands_where_the_head_says_so(tmp_path: Path) -> None:
    found = read(tmp_path, [["单位:万元"], HEAD, ["2025-03-05", "示例地产有限公司", 1.5]])
    assert found.rows[0].amount_fen == 1_500_000


def test_the_amounts_own_title_wins_over_the_unit_line(tmp_path: Path) -> None:
    found = read(tmp_path, [["单位:万元"], ["日期", "姓名", "金额(元)"], ["2025-03-05", "陈示例", 15]])
    assert found.rows[0].amount_fen == 1_500


@pytest.mark.parametrize(
    ("between", "title", "fen"),
    [
        ([], "金额", 150_000_000),
        ([], "金额(元)", 15_000),
        ([["单位:元"]], "金额", 15_000),
        ([["单位:千元"]], "金额", 15_000_000),
        ([["单位:千元"]], "金额(元)", 15_000),
    ],
)
def test_a_second_table_counts_in_what_it_says_itself_else_as_the_first(
    tmp_path: Path, between: list[list[str]], title: str, fen: int
) -> None:
    first: list[list[Any]] = [["单位:万元"], HEAD, ["2025-03-05", "示例地产有限公司", 1.5], []]
    second: list[list[Any]] = [["姓名", "日期", title], ["陈示例", "2025-03-06", 150]]
    found = read(tmp_path, [*first, *between, *second])
    assert [row.amount_fen for row in found.rows] == [1_500_000, fen]


def test_figures_that_differ_from_the_words_are_refused(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["日期", "姓名", "金额(小写)", "金额(大写)"],
            ["2025-03-05", "陈示例", 1000, "壹仟元整"],
            ["2025-03-05", "李示例", 1000, "壹万元整"],
            ["2025-03-05", "周示例", None, "人民币贰佰元整"],
        ],
    )
    assert [row.amount_fen for row in found.rows if row.acceptable] == [100_000, 20_000]
    assert found.problems == [(3, "amount", "amount_differs_in_words")]


def test_totals_carried_over_pages_repeated_heads_and_signatures_are_no_gifts(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["序号", "日期", "姓名", "金额", "经手人"],
            [1, "2025-03-05", "陈示例", 100, "李"],
            [2, None, None, None, None],
            [3, None, None, None, "李"],
            ["", "", "本页小计", 100, ""],
            ["第1页 共2页"],
            ["序号", "日期", "姓名", "金额", "经手人"],
            ["", "", "承前页", 100, ""],
            [4, "2025-03-06", "王示例", 200, "李"],
            ["", "上年结余", "", 5000, ""],
            ["", "", "", 300, ""],
            ["合计:叁佰元整", "", "", 300, ""],
            ["备注:以上款项已存入银行"],
            ["制表人:李", "", "审核:王", "", "2025-04-01"],
        ],
    )
    assert [row.number for row in found.rows] == [2, 9]
    assert [(line.number, line.why) for line in found.skipped] == [
        (5, "total"),
        (6, "note"),
        (7, "head"),
        (8, "total"),
        (10, "total"),
        (11, "total"),
        (12, "total"),
        (13, "note"),
        (14, "note"),
    ]


def test_an_amount_alone_that_repeats_no_sum_is_a_gift_that_lacks_the_rest(tmp_path: Path) -> None:
    found = read(tmp_path, [HEAD, ["2025-03-05", "陈示例", 100], ["", "", 77]])
    assert found.problems == [(3, "date", "date_missing"), (3, "donor", "donor_missing")]


def test_sections_between_the_gifts(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            ["2025年捐赠明细"],
            ["序号", "姓名", "金额", "日期"],
            ["一、个人捐赠"],
            [1, "陈示例", 100, "3月5日"],
            ["二、单位捐赠"],
            [1, "示例公司", "一万元", "四月二日"],
        ],
    )
    assert found.taken == [("2025-03-05", "陈示例", 10_000), ("2025-04-02", "示例公司", 1_000_000)]


def test_a_second_table_with_another_order_further_down(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            HEAD,
            ["2025-03-05", "陈示例", 100],
            [],
            ["续表"],
            ["姓名", "金额", "捐赠日期", "方式"],
            ["王示例", 200, "2025-03-06", "微信"],
        ],
    )
    assert found.taken == [("2025-03-05", "陈示例", 10_000), ("2025-03-06", "王示例", 20_000)]


PARTS = ["年", "月", "日", "姓名", "金额"]


def days(tmp_path: Path, *rows: list[object]) -> list[str]:
    found = read(tmp_path, [PARTS, *rows])
    return [str(row.given_on or row.problems[0].code) for row in found.rows]


def test_year_and_month_written_once_hold_for_the_lines_below(tmp_path: Path) -> None:
    read_days = days(
        tmp_path,
        [2024, 3, 5, "陈示例", 100],
        ["", "", 6, "李示例", 100],
        ["", "", "", "本页小计", 200],
        ["", 4, 1, "王示例", 100],
        ["", "", 2, "赵示例", 100],
    )
    assert read_days == ["2024-03-05", "2024-03-06", "2024-04-01", "2024-04-02"]


def test_a_month_that_leads_back_may_be_the_next_year_and_is_not_guessed(tmp_path: Path) -> None:
    assert days(tmp_path, [2024, 12, 30, "陈示例", 100], ["", 1, 2, "李示例", 100])[1] == "date_missing"


def test_a_line_without_a_day_borrows_none(tmp_path: Path) -> None:
    assert days(tmp_path, [2024, 3, 5, "陈示例", 100], ["", "", "", "李示例", 100])[1] == "date_missing"
