from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from charity_hub.people.id_numbers import check_character
from charity_hub.portal.forms import DayField, PersonIdField, PhoneField, YuanField


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1", 100),
        ("0.01", 1),
        ("1,000.00", 100_000),
        ("１，０００．５元", 100_050),
        ("¥ 12,345.60", 1_234_560),
        ("￥5", 500),
        ("人民币 88 元整", 8_800),
        (" 1 000 ", 100_000),
        (".5", 50),
        ("100,000,000", 10_000_000_000),
        ("1\u200b00\ufeff", 10_000),
    ],
)
def test_an_amount_is_read_however_it_is_typed(typed: str, fen: int) -> None:
    assert YuanField().clean(typed) == fen


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("0", "positive"),
        ("0.00", "positive"),
        ("-5", "positive"),
        ("¥-5", "positive"),
        ("1.234", "decimals"),
        ("1.000", "decimals"),
        ("100000000.01", "most"),
        ("9" * 30, "large"),
        ("1,00", "commas"),
        ("1,0000", "commas"),
        ("五百", "text"),
        ("1e3", "text"),
        ("=1+1", "text"),
        ("1.2.3", "text"),
        (".", "text"),
        ("NaN", "text"),
        ("10²", "text"),
        ("1₀0", "text"),
        ("½", "text"),
        ("10½", "text"),
        ("①0", "text"),
        ("⑩", "text"),
        ("１０²", "text"),
        ("١٠٠", "text"),
        ("१००", "text"),
        ("𝟏𝟎𝟎", "text"),
        ("Ⅹ", "text"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_own_sentence(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        YuanField().clean(typed)
    assert refused.value.code == code


def test_an_amount_may_be_left_out_or_be_zero_where_the_field_says_so() -> None:
    assert YuanField(required=False).clean("") is None
    assert YuanField(least=0).clean("0") == 0


def test_a_field_with_a_lower_limit_names_it() -> None:
    with pytest.raises(ValidationError, match=r"¥3,000\.00"):
        YuanField(least=300_000).clean("10")


def test_fen_are_shown_as_yuan_and_what_was_typed_stays_as_typed() -> None:
    assert YuanField().prepare_value(1_234_560) == "12,345.60"
    assert YuanField().prepare_value("1,2") == "1,2"


@pytest.mark.parametrize("typed", ["2026-03-05", "2026/3/5", "2026.3.5", "2026年3月5日"])
def test_a_day_is_read_in_the_usual_spellings(typed: str) -> None:
    assert DayField().clean(typed) == date(2026, 3, 5)


@time_machine.travel("2026-03-05 23:30+08:00")
def test_a_past_day_may_be_today_in_shanghai_but_not_tomorrow() -> None:
    assert DayField(past=True).clean("2026-03-05") == date(2026, 3, 5)
    with pytest.raises(ValidationError) as refused:
        DayField(past=True).clean("2026-03-06")
    assert refused.value.code == "future"


@pytest.mark.parametrize("typed", ["2026-02-30", "yesterday", "1899-12-31"])
def test_a_day_that_cannot_be_meant_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        DayField().clean(typed)


def test_personal_numbers_come_out_in_their_stored_form() -> None:
    assert PhoneField().clean("138 0000 1234") == "+8613800001234"
    number = "44060519490307001" + check_character("44060519490307001")
    assert PersonIdField().clean(f" {number[:6]} {number[6:].lower()} ") == number


def test_a_mistyped_id_number_is_refused() -> None:
    with pytest.raises(ValidationError):
        PersonIdField().clean("440605194903070000")
