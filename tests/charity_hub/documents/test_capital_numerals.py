"""Amounts in capitals: the rule's own examples, and every pattern of zeros read back by another reader."""

import itertools
import re

import pytest

from charity_hub.documents.capital_numerals import LARGEST, amount_in_capitals, fen_from_capitals

DIGITS = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True))
UNITS = {"拾": 10, "佰": 100, "仟": 1_000}


def read_aloud(text: str) -> int:
    """Sign by sign, as a person would read it: knows nothing of how the writer works."""
    yuan, group, digit, rest = 0, 0, 0, 0
    for sign in text.removeprefix("人民币").removesuffix("整"):
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in UNITS:
            group, digit = group + digit * UNITS[sign], 0
        elif sign in "亿万元":
            yuan += (group + digit) * {"亿": 10**8, "万": 10**4, "元": 1}[sign]
            group = digit = 0
        else:
            rest, digit = rest + digit * {"角": 10, "分": 1}[sign], 0
    return yuan * 100 + rest


def every_zero_pattern() -> list[int]:
    """All amounts of up to 14 places made of 0 and one digit that changes from place to place."""
    places = "93817264593718"
    return [
        int("".join(digit if kept else "0" for digit, kept in zip(places, pattern, strict=True)))
        for pattern in itertools.product((False, True), repeat=len(places))
    ]


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "人民币零元整"),
        (5, "人民币伍分"),
        (50, "人民币伍角整"),
        (100_000, "人民币壹仟元整"),
        (100_500, "人民币壹仟零伍元整"),
        (1_000, "人民币壹拾元整"),
        (10_000_000, "人民币壹拾万元整"),
        # The examples of 支付结算办法.
        (140_950, "人民币壹仟肆佰零玖元伍角整"),
        (600_714, "人民币陆仟零柒元壹角肆分"),
        (168_032, "人民币壹仟陆佰捌拾元零叁角贰分"),
        (10_700_053, "人民币壹拾万柒仟元零伍角叁分"),
        (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (32_504, "人民币叁佰贰拾伍元零肆分"),
        (10_000_100_000, "人民币壹亿零壹仟元整"),
        (LARGEST, "人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_an_amount_is_written_as_the_rule_says(fen: int, written: str) -> None:
    assert amount_in_capitals(fen) == written


def test_every_pattern_of_zeros_reads_back_as_the_amount() -> None:
    wrong = [fen for fen in every_zero_pattern() if read_aloud(amount_in_capitals(fen)) != fen]
    assert wrong == []


def test_every_amount_up_to_a_thousand_yuan_reads_back() -> None:
    wrong = [fen for fen in range(100_001) if read_aloud(amount_in_capitals(fen)) != fen]
    assert wrong == []


def test_no_amount_has_two_zeros_in_a_row_or_one_before_a_unit() -> None:
    clumsy = re.compile("零[零拾佰仟万亿元角分整]")
    written = [amount_in_capitals(fen) for fen in every_zero_pattern() if fen]
    assert [text for text in written if clumsy.search(text)] == []


def test_our_own_reader_reads_every_pattern_back() -> None:
    wrong = [fen for fen in every_zero_pattern() if fen_from_capitals(amount_in_capitals(fen)) != fen]
    assert wrong == []


@pytest.mark.parametrize("fen", [-1, LARGEST + 1])
def test_what_does_not_fit_is_an_error(fen: int) -> None:
    with pytest.raises(ValueError, match="capitals"):
        amount_in_capitals(fen)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("三千五百元", 350_000),
        ("伍拾元正", 5_000),
        ("十元", 1_000),
        ("一百零五块", 10_500),
        ("两百元", 20_000),
        ("壹萬貳仟圓整", 1_200_000),
        (" 人民币：壹仟元整 ", 100_000),
        ("伍角", 50),
        ("贰拾万元", 20_000_000),
    ],
)
def test_what_people_write_is_read(text: str, fen: int) -> None:
    assert fen_from_capitals(text) == fen


@pytest.mark.parametrize(
    "text", ["", "元", "整", "人民币", "三万五元", "5百", "壹佰壹佰元", "伍", "元角分", "很多元", "壹元壹元"]
)
def test_what_is_not_plainly_one_amount_is_not_read(text: str) -> None:
    assert fen_from_capitals(text) is None
