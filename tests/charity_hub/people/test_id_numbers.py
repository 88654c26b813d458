"""National ID numbers (GB 11643)."""

import pytest
import time_machine
from django.utils import translation

from charity_hub.people.id_numbers import birth_date, check_character, id_problem, normal_id


def number(body: str) -> str:
    return f"{body}{check_character(body)}"


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",  # the standard's own example
        "440524188001010014",  # the standard's second example
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
    ],
)
def test_right_numbers_have_no_problem(text: str) -> None:
    assert id_problem(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "this one has 0"),
        ("1101051949123100", "this one has 16"),
        ("110105491231002", "this one has 15"),
        ("11010519491231002Y", "other characters"),
        ("1101051949123100X2", "other characters"),
        ("110105194912310021", "does not fit"),
        ("11010519491231003X", "does not fit"),
        (number("11010519490230002"), "not a date of birth"),
        (number("11010518000101002"), "not a date of birth"),
        ("一一〇一〇五一九四九一二三一〇〇二十", "other characters"),
        ("①1010519491231002X", "other characters"),
        ("١1010519491231002X", "other characters"),
    ],
)
def test_wrong_numbers_are_told_what_is_wrong(text: str, words: str) -> None:
    with translation.override("en"):
        assert words in str(id_problem(text))


def test_nobody_is_born_tomorrow() -> None:
    tomorrow = number("44060520260306002")
    with time_machine.travel("2026-03-05T12:00:00+08:00"), translation.override("en"):
        assert "in the future" in str(id_problem(tomorrow))
    with time_machine.travel("2026-03-06T00:30:00+08:00"):
        assert id_problem(tomorrow) is None


def test_any_region_code_is_taken() -> None:
    assert id_problem(number("99999919900101001")) is None


def test_a_number_is_stored_in_one_way_of_writing() -> None:
    assert normal_id(" １１０１０５-19491231-002x ") == "11010519491231002X"
    assert str(birth_date("11010519491231002X")) == "1949-12-31"
