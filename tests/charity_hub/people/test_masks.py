"""Personal data as lists show it."""

import pytest

from charity_hub.people.masks import mask_account, mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8613800001234", "138****1234"),
        ("13800001234", "138****1234"),
        ("0757-81234567", "075****4567"),
        ("(0757)8123 4567转12", "075****4567"),
        ("1234567", "*******"),
        ("", ""),
    ],
)
def test_phones(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("id_number", "shown"),
    [("440605199001010123", "440605********0123"), ("A123456", "**** 3456"), ("123", "***"), ("", "")],
)
def test_id_numbers(id_number: str, shown: str) -> None:
    assert mask_id(id_number) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [("陈明", "陈*"), ("欧阳小明", "欧***"), ("𠮷", "𠮷"), ("𠮷田", "𠮷*"), ("Margaret", "M***"), ("", "")],
)
def test_names(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_accounts() -> None:
    assert mask_account("6222 0000 1234 5678") == "**** 5678"
