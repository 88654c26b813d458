"""Mobile numbers as people write them."""

import pytest

from charity_hub.people.phones import format_phone, parse_phone


@pytest.mark.parametrize(
    "text",
    [
        "13800001234",
        "138 0000 1234",
        "138-0000-1234",
        "１３８００００１２３４",
        "+8613800001234",
        "+86 138 0000 1234",
        "＋８６　１３８００００１２３４",
        "86 138 0000 1234",
        "008613800001234",
        "(+86) 138 0000 1234",
        "\u200b13800001234\u200e",
    ],
)
def test_one_number_in_many_ways_of_writing(text: str) -> None:
    assert parse_phone(text) == "+8613800001234"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "1380000123",
        "138000012345",
        "12345678901",
        "0757-81234567",
        "+86 757 8123 4567",
        "138abcd1234",
        "13800001234 转 8",
        "13800001234;ext=8",
        "13800001234,13900001234",
        "二三八〇〇〇〇一二三四",
        "<script>13800001234</script>",
        "1" * 5000,
        "+",
        "🙂",
        "1380000123⁴",
        "①3800001234",
        "١٣٨٠٠٠٠١٢٣٤",
    ],
)
def test_what_is_no_mobile_number_is_none(text: str) -> None:
    assert parse_phone(text) is None


@pytest.mark.parametrize(
    ("text", "stored"), [("+852 5123 4567", "+85251234567"), ("+853 6612 3456", "+85366123456")]
)
def test_numbers_of_hong_kong_and_macau_need_their_country_code(text: str, stored: str) -> None:
    assert parse_phone(text) == stored


def test_a_stored_number_is_shown_in_groups() -> None:
    assert format_phone("+8613800001234") == "138 0000 1234"
    assert format_phone("+85251234567") == "+852 5123 4567"
    assert format_phone("nothing") == "nothing"
