"""A gift at a station: recorded by keyboard, acknowledged on paper, checked on a phone, voided."""

import re

import pytest
from playwright.sync_api import Page, expect

from donations.money.models import Gift
from tests import cast
from tests.browser.conftest import PHONE, Open, axe_findings
from tests.builders import gift, station

ENGLISH = {"locale": "en-US"}
# Over how many lines each part goes that must not be broken.
LINES_OF_PARTS = """(place) => [...place.childNodes].filter((part) => part.data).map((part) => {
  const range = document.createRange();
  range.selectNode(part);
  return new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size;
})"""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field has the focus, as somebody without a mouse does."""
    for _step in range(12):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not come to {name}")


def test_a_gift_is_recorded_without_touching_the_mouse(open_as: Open) -> None:
    station()
    page = open_as(cast.wen(), "/desk/gifts/add/", **ENGLISH)
    expect(page.locator("#id_amount_fen")).to_be_focused()
    page.keyboard.type("１，２３４.50元")
    tab_to(page, "way")
    press(page, "ArrowRight")
    tab_to(page, "purpose")
    press(page, "ArrowUp")
    tab_to(page, "name")
    page.keyboard.type("陈𠮷示例")
    tab_to(page, "phone")
    page.keyboard.type("138 0000 5678")
    tab_to(page, "publish_name")
    press(page, "Space", "Enter")

    expect(page.locator("main")).to_contain_text("Recorded. The number is JZ-")
    expect(page.locator("#id_amount_fen")).to_be_focused()
    recorded = Gift.objects.get()
    assert (recorded.amount_fen, recorded.way, recorded.purpose.name) == (123_450, "bank_transfer", "助学")
    assert recorded.donor is not None
    assert (recorded.donor.name, recorded.donor.phone, recorded.publish_name) == (
        "陈𠮷示例",
        "+8613800005678",
        True,
    )


def test_enter_goes_on_to_the_name_and_the_phone_and_then_records(open_as: Open) -> None:
    station()
    page = open_as(cast.wen(), "/desk/gifts/add/", **ENGLISH)
    page.keyboard.type("20\n陈示例\n13800005678\n")

    expect(page.locator("main")).to_contain_text("Recorded. The number is JZ-")
    recorded = Gift.objects.get()
    assert recorded.donor is not None
    assert (recorded.donor.name, recorded.donor.phone, recorded.way) == ("陈示例", "+8613800005678", "cash")


def test_enter_records_an_anonymous_gift_at_once(open_as: Open) -> None:
    station()
    page = open_as(cast.wen(), "/desk/gifts/add/", **ENGLISH)
    page.get_by_label("Anonymous").check()
    page.locator("#id_amount_fen").press_sequentially("20\n")

    expect(page.locator("main")).to_contain_text("Recorded. The number is JZ-")
    assert Gift.objects.filter(amount_fen=2_000, way="cash", donor=None).count() == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_the_capitals_break_behind_a_unit_alone(open_as: Open, width: int) -> None:
    station()
    page = open_as(cast.wen(), "/desk/gifts/add/", **ENGLISH)
    page.set_viewport_size({"width": width, "height": 800})
    page.locator("#id_amount_fen").fill("98765432.19")
    place = page.locator("[data-capitals]")
    expect(place).to_have_text("人民币玖仟捌佰柒拾陆万伍仟肆佰叁拾贰元壹角玖分")
    assert place.evaluate(LINES_OF_PARTS) == [1, 1, 1]


def left_with_a_draft(open_as: Open) -> Page:
    """The gift form of somebody who typed 200 and a name there, and reloads it."""
    station()
    page = open_as(cast.wen(), "/desk/gifts/add/", **ENGLISH)
    page.keyboard.type("200\n陈示例")
    expect(page.locator(".hub-draft")).to_contain_text("Draft saved at")
    page.reload()
    return page


def test_typing_into_a_form_with_a_draft_does_not_mix_with_it(open_as: Open) -> None:
    page = left_with_a_draft(open_as)
    page.keyboard.type("500")
    expect(page.locator("#id_amount_fen")).to_have_value("500")
    expect(page.locator("#id_name")).to_have_value("")
    expect(page.locator("[data-draft-offer]")).to_have_count(0)


def test_a_draft_is_restored_and_what_is_typed_next_replaces_its_amount(open_as: Open) -> None:
    page = left_with_a_draft(open_as)
    page.locator("[data-draft-offer] a").click()
    expect(page.locator("#id_name")).to_have_value("陈示例")
    expect(page.locator("[data-capitals]")).to_have_text("人民币贰佰元整")
    expect(page.locator("#id_amount_fen")).to_be_focused()
    page.keyboard.type("500")
    expect(page.locator("#id_amount_fen")).to_have_value("500")


def test_a_restored_draft_can_be_cleared(open_as: Open) -> None:
    page = left_with_a_draft(open_as)
    page.locator("[data-draft-offer] a").click()
    page.locator("[name=discard]").click()
    expect(page.locator("#id_name")).to_have_value("")
    expect(page.locator(".hub-draft-kept")).to_have_count(0)


def test_a_gift_that_was_sent_is_not_kept_as_a_draft(open_as: Open) -> None:
    gift(way="cash", amount_fen=100)
    page = open_as(cast.wen(), "/desk/gifts/add/", **ENGLISH)
    page.clock.install()
    kept: list[str] = []
    page.on("request", lambda request: kept.append(request.url) if "/drafts/" in request.url else None)
    page.keyboard.type("20\n陈示例\n")
    page.evaluate("document.forms['gift-form'].addEventListener('submit', (event) => event.preventDefault())")
    page.keyboard.press("Enter")
    page.clock.run_for(3_000)
    assert kept == []


def test_a_question_is_answered_with_enter(open_as: Open) -> None:
    gift(name="陈示例", phone="13800005678", amount_fen=2_000)
    page = open_as(cast.wen(), "/desk/gifts/add/", **ENGLISH)
    page.keyboard.type("20\n陈示例\n13800005678\n")
    expect(page.locator("[data-questions] button")).to_be_focused()
    press(page, "Enter")

    expect(page.locator("main")).to_contain_text("Recorded. The number is JZ-")
    assert Gift.objects.filter(amount_fen=2_000).count() == 2


def test_a_donor_on_file_is_picked_with_the_arrows(open_as: Open) -> None:
    first = gift(name="陈示例")
    page = open_as(cast.wen(), "/desk/gifts/add/", **ENGLISH)
    page.keyboard.type("20")
    tab_to(page, "name")
    page.keyboard.type("chenshili")
    expect(page.locator("#donor-matches button")).to_have_count(1)
    assert axe_findings(page) == []
    press(page, "ArrowDown", "Enter", "Enter")

    expect(page.locator("main")).to_contain_text("Recorded. The number is JZ-")
    assert set(Gift.objects.values_list("donor", flat=True)) == {first.donor_id}


def test_an_acknowledgement_is_printed_checked_by_anyone_and_revoked_by_voiding(open_as: Open) -> None:
    recorded = gift(amount_fen=100_000)
    page = open_as(cast.wen(), f"/desk/gifts/{recorded.number}/", **ENGLISH)
    with page.context.expect_event(
        "response", lambda answer: "/acknowledgement/" in answer.url and answer.ok
    ):
        page.get_by_role("button", name="Print the acknowledgement").click()

    page.reload()
    check = page.locator("a[href^='/verify/']").get_attribute("href")
    anyone = open_as(None, check or "", screen=PHONE, **ENGLISH)
    expect(anyone.locator("main")).to_contain_text("This document is genuine and valid")
    expect(anyone.locator("main")).to_contain_text("¥1,000.00 人民币壹仟元整")
    expect(anyone.locator("main")).not_to_contain_text("陈示例")
    assert axe_findings(anyone) == []

    page.get_by_role("link", name="Ask to void it").click()
    page.fill("#id_reason", "The amount was mistyped.")
    page.click("[data-submit]")
    expect(page).to_have_url(re.compile(f"{recorded.number}/$"))
    anyone.reload()
    expect(anyone.locator("main")).to_contain_text("This document is genuine and valid")

    officer = open_as(cast.ping(), f"/desk/gifts/{recorded.number}/void/", **ENGLISH)
    expect(officer.locator("#id_reason")).to_have_value("The amount was mistyped.")
    officer.click("[data-submit]")
    officer.get_by_role("button", name="Void", exact=True).click()
    expect(officer).to_have_url(re.compile(f"{recorded.number}/$"))

    anyone.reload()
    expect(anyone.locator("main")).to_contain_text("This document is no longer valid")
    expect(anyone.locator("main")).not_to_contain_text("The amount was mistyped.")
