"""A long list of choices is found by typing; a short one and one without scripts is the browser's own."""

import pytest
from playwright.sync_api import Page, expect

from charity_hub.organizations.models import Kind, Organization
from funds.profile.models import Fund
from tests import cast
from tests.browser.conftest import PHONE, Open, axe_findings, fits_the_screen
from tests.builders import active_fund, agreement_version, organization

NAMES = ["海珠", "荔湾", "越秀", "白云", "番禺", "花都", "顺德", "高明", "三水"]


def charities() -> None:
    cast.host_charity()
    for name in NAMES:
        organization(f"{name}示例慈善会", Kind.CHARITY, may_fundraise_publicly=True)


def chosen(page: Page) -> str:
    return str(page.evaluate("document.querySelector('select[name=host]').value"))


# Counts what is sent instead of sending it, whatever else the form still lacks.
COUNT_SENT = """() => {
    document.documentElement.dataset.sent = 0;
    for (const form of document.forms) form.noValidate = true;
    document.addEventListener("submit", (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        document.documentElement.dataset.sent++;
    }, true);
}"""


def sent(page: Page) -> int:
    return int(page.evaluate("document.documentElement.dataset.sent"))


@pytest.mark.parametrize("words", ["shunde", "sdslcsh", "顺德"])
def test_a_charity_is_found_by_pinyin_and_chosen_by_keyboard(open_as: Open, words: str) -> None:
    charities()
    page = open_as(cast.mei(), "/desk/funds/new/")
    host = page.get_by_role("combobox", name="托管慈善组织")
    host.press_sequentially(words)
    expect(page.locator("#id_host-list [data-value]")).to_have_count(1)
    host.press("ArrowDown")
    host.press("Enter")

    expect(host).to_have_value("顺德示例慈善会")
    assert chosen(page) == str(Organization.objects.get(name="顺德示例慈善会").pk)
    assert axe_findings(page) == []


def test_enter_takes_the_first_that_fits_and_does_not_send_the_form(open_as: Open) -> None:
    charities()
    page = open_as(cast.mei(), "/desk/funds/new/")
    page.evaluate(COUNT_SENT)
    host = page.get_by_role("combobox", name="托管慈善组织")
    host.press_sequentially("shunde")
    host.press("Enter")

    expect(host).to_have_value("顺德示例慈善会")
    expect(page.locator("#id_host-list")).to_be_hidden()
    assert sent(page) == 0


def test_enter_does_not_send_the_choice_before_while_nothing_fits(open_as: Open) -> None:
    charities()
    page = open_as(cast.mei(), "/desk/funds/new/")
    page.evaluate(COUNT_SENT)
    host = page.get_by_role("combobox", name="托管慈善组织")
    host.press_sequentially("shunde")
    host.press("Enter")
    host.fill("没有这样的")
    host.press("Enter")
    host.press("Escape")
    host.press("Enter")

    expect(page.locator("#id_host-list [aria-disabled]")).to_be_visible()
    assert sent(page) == 0


@pytest.mark.parametrize("key", ["Enter", "Control+Enter"])
def test_form_is_sent_once_the_choice_stands(open_as: Open, key: str) -> None:
    charities()
    page = open_as(cast.mei(), "/desk/funds/new/")
    page.evaluate(COUNT_SENT)
    host = page.get_by_role("combobox", name="托管慈善组织")
    host.press_sequentially("shunde")
    host.press(key)
    assert sent(page) == 0
    host.press(key)

    assert sent(page) == 1


def test_enter_on_an_emptied_box_empties_the_choice(open_as: Open) -> None:
    for number in range(1, 10):
        active_fund(f"JJ-440605011-{number:02d}", name=f"示例{number}号基金")
    taker = Fund.objects.get(code="JJ-440605011-03")
    agreement_version(Fund.objects.get(code="JJ-440605011-01"), leftover_fund=taker)
    page = open_as(cast.mei(), "/desk/funds/JJ-440605011-01/agreement/new/")
    page.evaluate(COUNT_SENT)
    box = page.locator("#id_leftover_fund")
    expect(box).to_have_value("示例3号基金")
    box.fill("")
    box.press("Enter")

    expect(page.locator("select[name=leftover_fund]")).to_have_value("")
    assert sent(page) == 0


def test_enter_of_an_input_method_chooses_nothing(open_as: Open) -> None:
    charities()
    page = open_as(cast.mei(), "/desk/funds/new/")
    host = page.get_by_role("combobox", name="托管慈善组织")
    before = chosen(page)
    host.press_sequentially("shunde")
    host.dispatch_event("keydown", {"key": "Enter", "isComposing": True})

    expect(host).to_have_value("shunde")
    assert chosen(page) == before


def test_what_fits_nothing_says_so_and_leaves_the_choice(open_as: Open) -> None:
    charities()
    page = open_as(cast.mei(), "/desk/funds/new/", screen=PHONE)
    host = page.locator("#id_host")
    host.press_sequentially("shunde")
    expect(page.locator("#id_host-list [data-value]")).to_have_count(1)
    page.locator("#id_host-list [data-value]").click()
    before = chosen(page)
    host.fill("没有这样的")
    expect(page.locator("#id_host-list [data-value]")).to_have_count(0)
    expect(page.locator("#id_host-list [role=option]")).to_have_count(1)
    assert axe_findings(page) == []
    host.press("Tab")

    expect(host).to_have_value("顺德示例慈善会")
    assert chosen(page) == before
    assert fits_the_screen(page)


def test_a_filter_that_is_emptied_shows_everything_again(open_as: Open) -> None:
    for number in range(1, 10):
        active_fund(f"JJ-440605011-{number:02d}", name=f"示例{number}号基金")
    fund = Fund.objects.get(code="JJ-440605011-03")
    page = open_as(cast.mei(), f"/desk/spending/?fund={fund.pk}")
    box = page.get_by_role("combobox", name="基金")
    expect(box).to_have_value("示例3号基金")
    box.fill("")
    with page.expect_response(lambda answer: "/desk/spending/" in answer.url):
        box.press("Tab")

    expect(box).to_have_value("")


def test_few_choices_stay_the_browsers_own_list(open_as: Open) -> None:
    cast.host_charity()
    page = open_as(cast.mei(), "/desk/funds/new/")
    expect(page.locator("select#id_host")).to_be_visible()
