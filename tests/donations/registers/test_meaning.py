"""Rows that look like gifts and are none, figures that count in something else: asked about, or refused."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from donations.registers.reading.contacts import phone_and_rest
from donations.registers.reading.payment_status import may_be_void, was_received
from donations.registers.reading.results import Cell, Row, Terms
from tests.donations.registers.workbooks import HEAD, PURPOSES, TERMS, Read, read

DAY = "2025-03-05"


def taken(folder: Path, rows: list[list[Any]], terms: Terms = TERMS) -> list[int]:
    """Yuan of the rows that are taken without a question."""
    return [row.amount_fen // 100 for row in read(folder, rows, terms).rows if row.acceptable]


def one(folder: Path, head: list[str], cells: list[Any]) -> Row:
    """The row of a register with this row alone."""
    return read(folder, [head, cells]).rows[0]


def codes(row: Row) -> list[str]:
    return [each.code for each in (row.problems or row.questions)]


@pytest.mark.parametrize(
    "cell",
    [
        "50\n100",
        "50 100",
        "100\n200",
        "100元\n200元",
        "100元 5",
        "1 200",
        "12 500",
        "壹佰元\n贰佰元",
        "10²",
        "½",
        "①00",
    ],
)
def test_two_amounts_or_raised_figures_in_a_cell_are_no_amount(tmp_path: Path, cell: str) -> None:
    assert codes(one(tmp_path, HEAD, [DAY, "陈示例", cell])) == ["amount_unclear"]


@pytest.mark.parametrize(
    ("cell", "yuan"), [("10 000", 10_000), ("+200.00", 200), ("100元\n(现金)", 100), ("100 元 5角", 100)]
)
def test_one_amount_with_a_blank_or_a_remark_is_read(tmp_path: Path, cell: str, yuan: int) -> None:
    assert one(tmp_path, HEAD, [DAY, "陈示例", cell]).amount_fen // 100 == yuan


@pytest.mark.parametrize(
    ("title", "came_in", "went_out"),
    [
        ("收/支", "收入", "支出"),
        ("借贷", "贷 Cr", "借 Dr"),
        ("收支類型", "收入", "支出"),
        ("Direction", "in", "out"),
        ("Dr/Cr", "CR", "DR"),
        ("类别", "收入", "支出"),
        ("收/支", "收入", "/"),
        ("收/支", "收入", "不计收支"),
    ],
)
def test_money_that_went_out_or_round_is_no_gift(
    tmp_path: Path, title: str, came_in: str, went_out: str
) -> None:
    found = read(
        tmp_path,
        [
            ["交易时间", title, "对方户名", "金额"],
            [DAY, came_in, "陈示例", 200],
            [DAY, went_out, "示例打印店", 88],
            [DAY, came_in, "李示例", 100],
        ],
    )
    assert [row.amount_fen for row in found.rows if row.acceptable] == [20_000, 10_000]
    assert [line.why for line in found.skipped] == ["paid_out"]


@pytest.mark.parametrize(
    "titles", [("贷方金额", "借方金额"), ("收入", "支出"), ("Credit", "Debit"), ("存入金额", "支取金额")]
)
def test_of_two_columns_of_amounts_only_the_one_that_came_in_counts(
    tmp_path: Path, titles: tuple[str, str]
) -> None:
    rows: list[list[Any]] = [
        ["日期", "户名", *titles, "余额"],
        [DAY, "陈示例", 500, None, 1500],
        [DAY, "示例广告部", 0, 120, 1380],
        [DAY, "李示例", 300, "", 1680],
    ]
    assert taken(tmp_path, rows) == [500, 300]


def test_an_amount_that_was_partly_refunded_is_asked_about(tmp_path: Path) -> None:
    row = one(tmp_path, [*HEAD, "退款金额"], [DAY, "陈示例", 100, 40])
    assert codes(row) == ["paid_out_too"]


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("状态", "已退款"),
        ("交易状态", "待支付"),
        ("当前状态", "已全额退款"),
        ("审核结果", "不通过"),
        ("審核結果", "駁回"),
        ("是否到账", "否"),
        ("是否到帳", "未到帳"),
        ("Status", "Pending"),
        ("Payment status", "refunded"),
        ("state", "voided"),
        ("是否作废", "是"),
        ("是否退款", "√"),
        ("订单状态", "交易关闭"),
        ("Paid", "No"),
    ],
)
def test_money_that_did_not_come_or_stay_is_no_gift(tmp_path: Path, title: str, word: str) -> None:
    assert codes(one(tmp_path, [*HEAD, title], [DAY, "陈示例", 100, word])) == ["not_received"]


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("状态", "已到账"),
        ("当前状态", "已收钱"),
        ("审核结果", "通过"),
        ("是否到账", "是"),
        ("Status", "Paid"),
        ("是否作废", "否"),
        ("是否作废", ""),
    ],
)
def test_money_that_came_is_a_gift(tmp_path: Path, title: str, word: str) -> None:
    assert one(tmp_path, [*HEAD, title], [DAY, "陈示例", 100, word]).acceptable


@pytest.mark.parametrize(
    ("title", "word"), [("状态", "部分退款"), ("状态", "B7"), ("交易状态", "已到账待核实")]
)
def test_a_state_that_is_not_clear_is_asked_about(tmp_path: Path, title: str, word: str) -> None:
    assert codes(one(tmp_path, [*HEAD, title], [DAY, "陈示例", 100, word]))[0] == "status_unclear"


def test_an_empty_state_is_asked_about_where_others_say_that_money_came(tmp_path: Path) -> None:
    head = [*HEAD, "是否到账"]
    found = read(tmp_path, [head, [DAY, "陈示例", 100, "是"], [DAY, "李示例", 200, ""]])
    assert found.questions == [(3, "status", "status_missing")]
    marked = read(tmp_path, [[*HEAD, "状态"], [DAY, "陈示例", 100, "作废"], [DAY, "李示例", 200, ""]])
    assert [row.number for row in marked.rows if row.acceptable] == [3]


def test_a_column_of_names_is_no_column_of_states(tmp_path: Path) -> None:
    assert one(tmp_path, [*HEAD, "审核"], [DAY, "陈示例", 100, "李会计"]).acceptable


@pytest.mark.parametrize("head", [["日期", "姓名", "认捐金额"], ["Date", "Donor", "Pledged amount"]])
def test_what_was_promised_is_asked_about(tmp_path: Path, head: list[str]) -> None:
    assert codes(one(tmp_path, head, [DAY, "陈示例", 100])) == ["pledged"]


def test_what_came_counts_and_not_what_was_promised(tmp_path: Path) -> None:
    head = ["日期", "姓名", "认捐金额", "实收金额"]
    assert one(tmp_path, head, [DAY, "陈示例", 1000, 400]).amount_fen == 40_000


def test_two_amounts_that_differ_are_asked_about(tmp_path: Path) -> None:
    head = ["日期", "姓名", "捐赠金额", "到账金额"]
    assert codes(one(tmp_path, head, [DAY, "陈示例", 1000, 400])) == ["amount_elsewhere"]
    assert codes(one(tmp_path, head, [DAY, "陈示例", 1000, None])) == ["amount_elsewhere"]
    assert one(tmp_path, head, [DAY, "陈示例", 1000, "1,000.00"]).acceptable


@pytest.mark.parametrize(
    "words",
    [
        "此笔已退款给本人",
        "已退",
        "退款 2026-11-20",
        "重复，不计",
        "错账冲回",
        "已全额退款",
        "退回善款",
        "此條作廢",
        "未到帳",
        "误登",
        "登记错误，取消",
        "refunded on 5 March",
        "chargeback",
        "DUPLICATE entry",
        "退",
    ],
)
def test_words_that_take_a_gift_back_are_found(words: str) -> None:
    assert may_be_void(words)


@pytest.mark.parametrize(
    "words", ["退休教师", "退役军人", "取消公示", "不计名", "多谢", "消防队", "已收据", "进退之间", "无"]
)
def test_words_that_only_look_like_it_are_not(words: str) -> None:
    assert not may_be_void(words)


@pytest.mark.parametrize(
    ("place", "cells"),
    [
        ("备注", ["陈示例", "已退款给本人"]),
        ("爱好", ["陈示例", "已冲销"]),
        ("备注", ["陈示例（已退款）", ""]),
    ],
)
def test_a_row_that_may_be_void_is_asked_about_wherever_it_says_so(
    tmp_path: Path, place: str, cells: list[str]
) -> None:
    assert codes(one(tmp_path, [*HEAD, place], [DAY, cells[0], 100, cells[1]])) == ["may_be_void"]


def test_a_state_is_read_in_either_sense() -> None:
    assert [
        was_received("未退款"),
        was_received("是"),
        was_received("是", undoing=True),
        was_received("已作废", undoing=True),
    ] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "title",
    [
        "金额(HK$)",
        "金额(US$)",
        "金额（港元）",
        "Amount (USD)",
        "金額(港幣)",
        "捐款 HKD",
        "Amount ($)",
        "金额/澳门元",
        "€",
    ],
)
def test_amounts_of_another_currency_in_the_title_are_refused(tmp_path: Path, title: str) -> None:
    head = [*HEAD[:2], f"金额 {title}" if title == "€" else title]
    assert codes(one(tmp_path, head, [DAY, "陈示例", 100])) == ["amount_currency"]


def test_a_currency_above_the_titles_counts_too(tmp_path: Path) -> None:
    assert taken(tmp_path, [["币种：港币"], HEAD, [DAY, "陈示例", 100]]) == []
    assert taken(tmp_path, [["香港元朗街坊"], HEAD, [DAY, "陈示例", 100]]) == [100]


def test_of_two_amounts_the_one_in_yuan_counts(tmp_path: Path) -> None:
    head = ["日期", "姓名", "金额(HKD)", "金额(人民币)"]
    assert one(tmp_path, head, [DAY, "陈示例", 100, 92]).amount_fen == 9_200


@pytest.mark.parametrize("title", ["币种", "幣別", "Currency", "Billing currency", "Ccy"])
def test_a_column_of_currencies_is_read(tmp_path: Path, title: str) -> None:
    rows: list[list[Any]] = [
        ["Date", "Donor", "Amount", title],
        [DAY, "Chan", 500, "HKD"],
        [DAY, "Ho", 300, "CNY"],
        [DAY, "Li", 9, ""],
    ]
    found = read(tmp_path, rows)
    assert [row.amount_fen for row in found.rows if row.acceptable] == [30_000]
    assert [code for _row, _column, code in found.problems] == ["amount_currency", "amount_currency_unknown"]


def test_a_note_about_another_currency_is_asked_about(tmp_path: Path) -> None:
    assert codes(one(tmp_path, [*HEAD, "备注"], [DAY, "陈示例", 500, "港币现金"])) == ["currency_in_note"]


@pytest.mark.parametrize(
    "title",
    [
        "金额/万元",
        "捐赠金额,万元",
        "金额 万元",
        "金额万元",
        "金额-万元",
        "金额（单位：万）",
        "金額（萬元）",
        "万元",
        "捐款数万元",
        "金额(W)",
        "Amount (10,000 yuan)",
    ],
)
def test_a_unit_in_the_title_counts_however_it_is_set_off(tmp_path: Path, title: str) -> None:
    assert one(tmp_path, [*HEAD[:2], title], [DAY, "陈示例", 1.5]).amount_fen == 1_500_000


@pytest.mark.parametrize(
    ("title", "fen"),
    [("金额(千元)", 150_000), ("金额/百万元", 150_000_000), ("金额（元）", 150), ("1万元以上捐款金额", 150)],
)
def test_other_units_and_figures_that_are_no_unit(tmp_path: Path, title: str, fen: int) -> None:
    assert one(tmp_path, [*HEAD[:2], title], [DAY, "陈示例", 1.5]).amount_fen == fen


@pytest.mark.parametrize("title", ["金额(分)", "金额(元/万元)", "Amount (cents)"])
def test_a_unit_in_which_nothing_is_read_is_refused(tmp_path: Path, title: str) -> None:
    assert codes(one(tmp_path, [*HEAD[:2], title], [DAY, "陈示例", 1.5])) == ["amount_unit"]


def test_a_column_of_units_is_read(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [*HEAD, "单位"],
        [DAY, "甲示例", 100, "元"],
        [DAY, "乙示例", 5, "万元"],
        [DAY, "丙示例", 100, "港元"],
        [DAY, "丁示例", 3, "箱"],
    ]
    found = read(tmp_path, rows)
    assert [row.amount_fen for row in found.rows if row.acceptable] == [10_000, 5_000_000]
    assert [code for _row, _column, code in found.problems] == ["amount_currency", "amount_unit"]


TODAY = Terms(PURPOSES, "不限定", date(2026, 12, 1))


def days(folder: Path, cells: list[Cell], title: str = "日期") -> list[str]:
    rows: list[list[Any]] = [
        [title, "姓名", "金额"],
        *([cell, f"示例{chr(0x7532 + at)}", 100] for at, cell in enumerate(cells)),
    ]
    return [
        f"{row.given_on}"[5:] if row.given_on else row.problems[0].code
        for row in read(folder, rows, TODAY).rows
    ]


def test_the_whole_column_proves_which_part_is_which(tmp_path: Path) -> None:
    assert days(tmp_path, ["11/5/26", "11/15/26"]) == ["11-05", "11-15"]
    assert days(tmp_path, ["26-11-05", "26-11-28"]) == ["11-05", "11-28"]
    assert days(tmp_path, ["05/11/2026", "25/11/2026"]) == ["11-05", "11-25"]


def test_a_column_that_proves_nothing_or_contradicts_itself_is_not_guessed(tmp_path: Path) -> None:
    assert days(tmp_path, ["11/5/26", "11/6/26"]) == ["date_day_or_month"] * 2
    assert days(tmp_path, ["11/5/26", "11/15/26", "15/11/26"])[0] == "date_day_or_month"
    assert days(tmp_path, ["201112", "5-Nov-26", "26年11月5日"]) == ["date_unclear", "11-05", "11-05"]


def test_a_proof_far_below_the_sampled_rows_counts_too(tmp_path: Path) -> None:
    assert days(tmp_path, [*["11/5/26"] * 400, "11/15/26"])[0] == "11-05"


def test_times_of_other_zones_are_days_in_shanghai(tmp_path: Path) -> None:
    cells: list[Cell] = [
        "2025-12-31T16:30:00Z",
        "2026-11-05T15:59:59.000Z",
        "2026-11-06T00:30:00+08:00",
        "2026-11-05 20:00 UTC",
    ]
    assert days(tmp_path, cells) == ["01-01", "11-05", "11-06", "11-06"]
    assert days(tmp_path, ["2026-11-05 10:00-11:00"]) == ["date_unclear"]


def test_a_zone_in_the_title_counts_for_the_cells(tmp_path: Path) -> None:
    cells: list[Cell] = [
        "2026-11-05 16:30:00",
        datetime(2026, 11, 5, 20),  # noqa: DTZ001 - as a workbook has it
        "2026-11-05",
    ]
    assert days(tmp_path, cells, "Date (UTC)") == ["11-06", "11-06", "date_zone"]


def test_january_below_december_is_not_of_the_titles_year(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2025年捐赠登记表"],
        HEAD,
        ["12月30日", "甲", 1],
        ["1月2日", "乙示例", 2],
        ["1月9日", "丙示例", 3],
        ["2026-01-10", "丁示例", 4],
    ]
    found = read(tmp_path, rows, TODAY)
    assert [code for _row, _column, code in found.problems] == ["date_year_turned"] * 2
    assert [f"{row.given_on}" for row in found.rows if row.acceptable] == ["2025-12-30", "2026-01-10"]


@pytest.mark.parametrize("title", ["用于", "捐给", "去处", "备注", "For", ""])
def test_a_column_of_the_funds_purposes_is_the_purpose_whatever_its_title(tmp_path: Path, title: str) -> None:
    rows: list[list[Any]] = [
        [*HEAD, title],
        *([DAY, f"示例{at}", 100, name] for at, name in enumerate(PURPOSES)),
    ]
    assert [row.purpose for row in read(tmp_path, rows).rows] == list(PURPOSES)


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ([*HEAD, "备注"], [DAY, "陈示例", 100, "指定用于助学"]),
        ([*HEAD, "备注"], [DAY, "陈示例", 100, "專款給李老伯"]),
        ([*HEAD, "用途", "去处"], [DAY, "陈示例", 100, "", "用于助学"]),
        ([*HEAD, "用途", "备注"], [DAY, "陈示例", 100, "困境儿童", "改为助学"]),
    ],
)
def test_a_restriction_elsewhere_in_the_row_is_asked_about(
    tmp_path: Path, head: list[str], cells: list[Any]
) -> None:
    assert codes(one(tmp_path, head, cells)) == ["purpose_elsewhere"]


def test_a_restriction_in_the_title_is_asked_about_where_the_row_names_none(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [["助学专项捐款登记表"], [*HEAD, "用途"], [DAY, "陈示例", 100, ""], [DAY, "李示例", 100, "助学"]],
    )
    assert found.questions == [(3, "purpose", "purpose_in_title")]
    assert taken(tmp_path, [["助学基金捐款登记表"], HEAD, [DAY, "陈示例", 100]]) == [100]


def test_two_purposes_ticked_are_refused(tmp_path: Path) -> None:
    assert codes(one(tmp_path, [*HEAD, "助学", "困境儿童"], [DAY, "陈示例", 100, "√", "√"])) == [
        "purpose_twice"
    ]


def test_one_id_beside_several_names_is_asked_about(tmp_path: Path) -> None:
    number = "11010519491231002X"
    rows: list[list[Any]] = [
        [*HEAD, "证件号码"],
        [DAY, "甲示例", 1, number],
        [DAY, "乙示例", 2, number],
        [DAY, "甲 示例", 3, ""],
    ]
    found = read(tmp_path, rows)
    assert found.questions == [(row, "id_number", "id_of_several") for row in (2, 3)]
    assert [(row.name, row.id_number) for row in found.rows[:2]] == [("甲示例", number), ("乙示例", number)]


@pytest.mark.parametrize("name", ["*勇", "李**", "J*o", "李某", "李某某", "😊", "王○○"])
def test_a_masked_name_and_a_sign_are_asked_about(tmp_path: Path, name: str) -> None:
    row = one(tmp_path, HEAD, [DAY, name, 100])
    assert (codes(row), row.name) == (["name_hidden"], name)


@pytest.mark.parametrize(
    "name", ["张三 李四", "张三、李四", "张三\n李四", "張三/李四", "张三和李四", "张三等3人", "John & Mary"]
)
def test_several_people_in_a_cell_are_asked_about_and_not_glued(tmp_path: Path, name: str) -> None:
    row = one(tmp_path, HEAD, [DAY, name, 100])
    assert (codes(row), row.name) == (["several_people"], " ".join(name.split()))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("张  三", "张三"),
        ("李和平", "李和平"),
        ("张三 先生", "张三先生"),
        ("O'Brien, Seán", "O'Brien, Seán"),
        ("陈大文 Chan Tai Man", "陈大文 Chan Tai Man"),
        ("佛山市 示例有限公司", "佛山市示例有限公司"),
        ("张三 夫妇", "张三夫妇"),
    ],
)
def test_one_persons_name_is_not_asked_about(tmp_path: Path, written: str, kept: str) -> None:
    row = one(tmp_path, HEAD, [DAY, written, 100])
    assert (codes(row), row.name) == ([], kept)


@pytest.mark.parametrize(
    ("written", "phone", "rest"),
    [
        ("(0757) 8888 1234", "(0757) 8888 1234", ""),
        ("0757-88881234转801", "0757-88881234转801", ""),
        ("6123 4567", "6123 4567", ""),
        ("4008001234", "4008001234", ""),
        ("852 6123 4567", "+85261234567", ""),
        ("13800001234/13900005678", "+8613800001234", "电话：13900005678"),
        ("0757-88881234、13800001234", "+8613800001234", "电话：0757-88881234"),
        ("138 0000 1234（女儿）", "+8613800001234", "电话：女儿"),
        ("微信同号13800001234", "+8613800001234", "电话：微信同号"),
    ],
)
def test_phones_are_kept_as_on_the_form_and_a_second_one_is_not_lost(
    written: str, phone: str, rest: str
) -> None:
    assert phone_and_rest(written) == (phone, rest)


def test_a_second_phone_goes_into_the_note(tmp_path: Path) -> None:
    row = one(tmp_path, [*HEAD, "电话", "备注"], [DAY, "陈示例", 100, "13800001234\n13900005678", "老街坊"])
    assert (row.phone, row.note) == ("+8613800001234", "老街坊；电话：13900005678")


def test_a_shops_bill_yields_what_was_received(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text(
        "微信支付账单明细,,,,,,\n交易时间,交易类型,交易对方,收/支,金额(元),支付方式,当前状态\n"
        "2025-03-03 10:10:11,二维码收款,甲示例,收入,¥200.00,零钱,已收钱\n"
        "2025-03-04 12:45:27,商户消费,示例打印店,支出,¥88.00,零钱,支付成功\n"
        "2025-03-06 09:00:00,二维码收款,丙示例,收入,¥300.00,零钱,已全额退款\n"
        "2025-03-07 10:00:00,零钱提现,示例银行,/,¥100.10,示例银行,提现已到账\n",
        encoding="utf-8",
    )
    found = Read(path)
    assert [(row.name, row.way, row.amount_fen) for row in found.rows if row.acceptable] == [
        ("甲示例", "qr_transfer", 20_000)
    ]
