"""Single cells: amounts, dates, choices, phones and IDs as people write them."""

from datetime import date, datetime

import pytest

from donations.registers.reading.amounts import amount_fen
from donations.registers.reading.choices import (
    consent_of,
    is_nameless,
    kind_by_name,
    kind_of,
    purpose_of,
    way_of,
)
from donations.registers.reading.contacts import identity_of, phone_and_rest
from donations.registers.reading.dates import day_from_parts, day_of, year_in
from donations.registers.reading.results import Cell, Unreadable
from donations.registers.reading.text import kept, shown
from tests.donations.registers.workbooks import PURPOSES, TODAY


def code_of(work: object, *arguments: object) -> str:
    with pytest.raises(Unreadable) as caught:
        work(*arguments)  # type: ignore[operator]
    return caught.value.code


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        (1000.0, 100_000),
        (1234.56, 123_456),
        (0.1 + 0.2, 30),
        (200, 20_000),
        ("1,000.00元", 100_000),
        ("￥1678.25", 167_825),
        (" 300 元 ", 30_000),
        ("３９２８．６１", 392_861),
        ("１，０００", 100_000),
        ("10 000", 1_000_000),
        ("1,0000", 1_000_000),
        ("5百", 50_000),
        ("1百5十", 15_000),
        ("1.5万", 1_500_000),
        ("1万2千", 1_200_000),
        ("3千5", 350_000),
        ("三百五", 35_000),
        ("一万二", 1_200_000),
        ("1.5w", 1_500_000),
        ("2k", 200_000),
        ("1亿", 10_000_000_000),
        ("壹仟元整", 100_000),
        ("人民币(大写)叁仟元整", 300_000),
        ("壹萬貳仟圓整", 1_200_000),
        ("壹仟零伍元", 100_500),
        ("一百二十元五角", 12_050),
        ("一百元零五分", 10_005),
        ("陆拾捌元捌角捌分", 6_888),
        ("二〇〇", 20_000),
        ("廿五元", 2_500),
        ("两千", 200_000),
        ("十元", 1_000),
        ("100块5", 10_050),
        ("5毛", 50),
        ("RMB 100", 10_000),
        ("100元(现金)", 10_000),
        ("500元正", 50_000),
        (".5", 50),
    ],
)
def test_amounts_are_read_to_the_fen(written: Cell, fen: int) -> None:
    assert amount_fen(written) == fen


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "amount_missing"),
        (None, "amount_missing"),
        ("无", "amount_missing"),
        ("若干", "amount_unclear"),
        ("100/200", "amount_unclear"),
        ("100+200", "amount_unclear"),
        ("约100", "amount_unclear"),
        ("1 00", "amount_unclear"),
        ("100,50", "amount_unclear"),
        ("百元", "amount_unclear"),
        ("壹仟伍元", "amount_unclear"),
        ("#REF!", "amount_error"),
        ("=SUM(A1:A9)", "amount_formula"),
        ("100美元", "amount_currency"),
        ("HK$500", "amount_currency"),
        ("12.345", "amount_decimals"),
        (12.345, "amount_decimals"),
        ("100.000", "amount_decimals"),
        (0.0, "amount_not_positive"),
        (-50.0, "amount_not_positive"),
        ("-50", "amount_not_positive"),
        ("(100)", "amount_not_positive"),
        (200_000_000.0, "amount_too_large"),
        ("100000000.01", "amount_too_large"),
        (True, "amount_is_no_number"),
        (date(2025, 3, 5), "amount_is_no_number"),
    ],
)
def test_amounts_that_are_not_one_clear_sum_are_refused(written: Cell, code: str) -> None:
    assert code_of(amount_fen, written) == code


def test_bare_numbers_count_in_the_unit_of_the_head_and_written_units_in_their_own() -> None:
    assert [amount_fen(cell, 10_000) for cell in (1.5, "1.5", "5000元", "2万")] == [
        1_500_000,
        1_500_000,
        500_000,
        2_000_000,
    ]


@pytest.mark.parametrize(
    "written",
    [
        date(2025, 3, 5),
        datetime(2025, 3, 5, 14, 30),  # noqa: DTZ001 - Excel knows no zones
        45721.0,
        45721.6,
        20250305.0,
        "20250305",
        "250305",
        "2025年3月5日",
        "2025年 3月 5日",
        "2025年3月5日 上午",
        "2025年3月5日（下午）",
        "2025年3月5号(周三)",
        "2025.3.5",
        "2025/03/05",
        "2025-3-5",
        "２０２５．３．５",
        "２０２５/３/５",
        "2025-03-05 14:30:00",
        "2025/3/5 下午3点",
        "2025-03-05T14:30",
        "二〇二五年三月五日",
        "二零二五年三月五日",
        "25.3.5",
        "25年3月5日",
        "Mar 5, 2025",
        "5-Mar-25",
        "3月5日",
        "3/5",
        "三月五日",
    ],
)
def test_days_are_read_however_they_are_written(written: Cell) -> None:
    assert day_of(written, TODAY, 2025) == date(2025, 3, 5)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "date_missing"),
        ("去年", "date_unclear"),
        ("2025年3月", "date_unclear"),
        ("2025-03-05~03-07", "date_unclear"),
        ("2025.2.30", "date_impossible"),
        ("2031-01-01", "date_in_future"),
        ("1925-03-05", "date_too_old"),
        ("5/3/2025", "date_day_or_month"),
        ("3月5日", "date_without_year"),
        (3.15, "date_without_year"),
    ],
)
def test_days_that_are_not_certain_are_refused(written: Cell, code: str) -> None:
    assert code_of(day_of, written, TODAY) == code


def test_a_point_between_month_and_day_is_not_guessed_where_excel_dropped_a_zero() -> None:
    assert day_of(3.15, TODAY, 2025) == date(2025, 3, 15)
    assert code_of(day_of, 3.1, TODAY, 2025) == "date_unclear"


def test_year_month_and_day_columns_make_a_day() -> None:
    assert day_from_parts(2025, "3月", 5.0, TODAY) == date(2025, 3, 5)
    assert code_of(day_from_parts, 2025, "", 5, TODAY) == "date_missing"


def test_a_title_tells_the_year_only_when_it_tells_one() -> None:
    assert year_in("桂城街道2025年捐赠登记表") == year_in("二〇二五年度") == 2025
    assert year_in("2024-2025年登记表") is None


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("现金", "cash"),
        ("银行转账", "bank_transfer"),
        ("對公轉賬", "bank_transfer"),
        ("POS刷卡", "bank_transfer"),
        ("微信", "qr_transfer"),
        ("微信转账", "qr_transfer"),
        ("支付宝", "qr_transfer"),
        ("云闪付扫码", "qr_transfer"),
        # Our own exports and templates, as they say it and as they said it before.
        ("扫码支付", "qr_transfer"),
        ("扫码转账", "qr_transfer"),
        ("QR payment", "qr_transfer"),
        ("qr transfer", "qr_transfer"),
        ("支票", "cheque"),
        ("物资", "goods"),
        ("其他", None),
    ],
)
def test_ways_of_giving(written: str, way: str | None) -> None:
    assert way_of(written) == way


@pytest.mark.parametrize(
    "name",
    [
        "匿名",
        "Anonymous donor",
        "爱心人士",
        "热心人士",
        "热心街坊",
        "善长仁翁",
        "无名氏",
        "無名氏",
        "好心人",
        "一位市民",
        "一位不愿透露姓名的街坊",
        "不留名",
        "隐名",
        "某先生",
        "匿名(微信)",
        "爱心人士1",
        "Anonymous",
        "爱心企业",
    ],
)
def test_words_that_stand_for_no_name(name: str) -> None:
    assert is_nameless(name)


@pytest.mark.parametrize(
    "name", ["陈示例", "陈先生", "爱心餐饮有限公司", "何善", "热心示例", "无锡示例公司", "善长示例"]
)
def test_names_that_only_resemble_such_words(name: str) -> None:
    assert not is_nameless(name)


@pytest.mark.parametrize(
    "name",
    [
        "桂城某某餐饮管理有限公司",
        "千灯湖志愿服务队",
        "灯湖社区商户联合会",
        "示例小学",
        "示例幼儿园",
        "示例酒楼",
        "Example Ltd",
        "示例村经济社",
        "示例大药房",
        "示例公司全体员工",
    ],
)
def test_organizations_are_known_by_their_names(name: str) -> None:
    assert kind_by_name(name) == "organization"


@pytest.mark.parametrize(
    "name", ["陈示例", "李社", "张行", "陈示例全家", "王示例夫妇", "Wang Example", "欧阳示例"]
)
def test_people_are_not_taken_for_organizations(name: str) -> None:
    assert kind_by_name(name) == "person"


def test_kinds_as_registers_name_them() -> None:
    words = ("个人", "单位", "企业", "社会组织", "匿名", "自然人", "")
    assert [kind_of(word) for word in words] == [
        "person", "organization", "organization", "organization", "anonymous", "person", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["是", "同意", "√", "Y", "可", "公开", "愿意", "☑同意□不同意", "√同意 □不同意"]
)
def test_consent_given(text: str) -> None:
    assert consent_of(text) is True


@pytest.mark.parametrize("text", ["否", "不同意", "×", "N", "不公开", "匿名", "□同意☑不同意", "无"])
def test_consent_refused(text: str) -> None:
    assert consent_of(text) is False


@pytest.mark.parametrize("text", ["", "待定", "—"])
def test_consent_left_open(text: str) -> None:
    assert consent_of(text) is None


@pytest.mark.parametrize("text", ["助学", " 助 学 ", "「助学」", "助學"])
def test_purposes_are_found_but_for_their_dress(text: str) -> None:
    assert purpose_of(text, PURPOSES, "不限定") == "助学"


@pytest.mark.parametrize("text", ["", "/", "不限定", "非定向", "统筹使用", "无"])
def test_no_purpose_is_the_unrestricted_one(text: str) -> None:
    assert purpose_of(text, PURPOSES, "不限定") == "不限定"


@pytest.mark.parametrize("text", ["给我孙子读书", "助学金", "助学、困境儿童"])
def test_other_purposes_are_not_bent_to_fit(text: str) -> None:
    assert purpose_of(text, PURPOSES, "不限定") is None


@pytest.mark.parametrize(
    "written",
    [
        13000008050.0,
        "130 0000 8050",
        "130-0000-8050",
        "１３０００００８０５０",
        "+86 13000008050",
        "8613000008050",
        "手机:13000008050",
        "13000008050/0757-86331234",
        "13000008050.0",
        "1.3000008050E+10",
    ],
)
def test_phones_however_they_are_spaced(written: Cell) -> None:
    assert phone_and_rest(written)[0] == "+8613000008050"


def test_phones_that_cannot_be_right() -> None:
    assert [code_of(phone_and_rest, text) for text in ("1300000844", "0757-863", "138****1234")] == [
        "phone_unusable"
    ] * 3
    assert phone_and_rest("无") == phone_and_rest("") == ("", "")


@pytest.mark.parametrize("written", ["1.3E+10", "1.30E10", "1.300000805E+10"])
def test_a_phone_that_excel_cut_short_is_said_to_be_so(written: str) -> None:
    assert code_of(phone_and_rest, written) == "phone_shortened"


@pytest.mark.django_db
def test_ids_are_checked_by_their_check_character() -> None:
    assert identity_of("44060519901204202x", "person") == "44060519901204202X"
    assert code_of(identity_of, "440605199012042021", "person") == "id_unusable"
    assert code_of(identity_of, 4.40605199012042e17, "person") == "id_shortened"
    assert identity_of("91440101231245152Y", "organization") == "91440101231245152Y"
    assert code_of(identity_of, "440605198701195158", "organization") == "id_unusable"


def test_text_is_kept_as_written_but_for_gaps_and_invisible_signs() -> None:
    assert kept("张　三") == kept(" 张 三 ") == "张三"
    assert kept("Wang  Example") == "Wang Example"
    assert kept("𠮷田\u200b😀") == "𠮷田😀"
    assert kept("=HYPERLINK(1)") == "=HYPERLINK(1)"
    assert shown(87572805.0) == "87572805"
