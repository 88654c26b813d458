"""The amount in capitals while one types says what the papers will say."""

import pytest
from django.core.exceptions import ValidationError
from django.templatetags.static import static
from playwright.sync_api import expect

from charity_hub.documents.capital_numerals import LARGEST, amount_in_capitals
from charity_hub.portal.fields import parse_yuan
from tests import cast
from tests.browser.conftest import Open
from tests.builders import gift

ENGLISH = {"locale": "en-US"}
AMOUNTS = [
    *range(1, 1_200, 7),
    *(10**power + odd for power in range(2, 14) for odd in (0, 1, 10, 100, 1_050, 100_000)),
    *(pow(7, step, 10 ** (1 + step % 14)) for step in range(1, 300)),
    LARGEST,
]
TYPED = [
    "1000",
    "１，２３４.50元",
    "¥1,234.5",
    "1,23",
    ".5",
    "5.",
    "1.234",
    "人民币20元整",
    "-3",
    "two",
    "",
    "10²",
    "①0",
    "١٠",
    "1\u200b0",
]
ASK = "async ([address, name, given]) => { const all = await import(address); return given.map(all[name]); }"


def asked(open_as: Open, name: str, given: list[int] | list[str]) -> list[object]:
    page = open_as(None, "/", **ENGLISH)
    return list(page.evaluate(ASK, [static("js/capitals.js"), name, given]))


def fen_or_none(text: str) -> int | None:
    try:
        fen = parse_yuan(text)
    except ValidationError:
        return None
    return fen if fen >= 0 else None


def test_the_screen_writes_capitals_as_the_papers_do(open_as: Open) -> None:
    assert asked(open_as, "inCapitals", AMOUNTS) == [amount_in_capitals(fen) for fen in AMOUNTS]


def test_the_screen_reads_an_amount_as_the_form_does(open_as: Open) -> None:
    assert asked(open_as, "fenOf", TYPED) == [fen_or_none(text) for text in TYPED]


@pytest.mark.parametrize("path", ["/desk/gifts/add/", "/desk/deposits/add/"])
def test_the_capitals_follow_the_typing(open_as: Open, path: str) -> None:
    gift()
    page = open_as(cast.wen(), path, **ENGLISH)
    page.fill("#id_amount_fen", "1000")
    expect(page.locator("[data-capitals]")).to_have_text("人民币壹仟元整")
    page.fill("#id_amount_fen", "10,00")
    expect(page.locator("[data-capitals]")).to_have_text("")
