"""The portal's own parts, in a browser: drafts, double clicks, lists, keys, charts, type sizes."""

import re

import pytest
from playwright.sync_api import Page, expect

from charity_hub.portal.models import Draft
from tests import cast
from tests.browser.conftest import PHONE, Open, axe_findings, fits_the_screen
from tests.builders import organization
from tests.charity_hub.portal.conftest import sample as sample
from tests.charity_hub.portal.sample_pages import ACTED

pytestmark = pytest.mark.usefixtures("sample")
GIVE, LIST = "/sample/give/", "/sample/organizations/"


def fill(page: Page) -> None:
    page.fill("#id_amount", "１,０００.５元")
    page.fill("#id_day", "2026-03-05")
    page.select_option("#id_purpose", "school")


def test_a_draft_is_kept_while_typing_and_gone_once_sent(open_as: Open) -> None:
    page = open_as(cast.mei(), GIVE)
    fill(page)
    page.fill("#id_note", "半句话 𠮷")
    expect(page.locator(".hub-draft")).not_to_be_empty()
    page.reload()
    page.locator("[data-draft-offer] a").click()
    expect(page.locator("#id_note")).to_have_value("半句话 𠮷")
    page.click("[data-submit]")
    page.click("button[name=confirmed]")
    expect(page.locator("#messages")).to_contain_text("Recorded.")
    assert not Draft.objects.exists()


@pytest.mark.parametrize(("width", "height"), [(1366, 650), (1280, 800)])
def test_the_whole_menu_and_the_way_out_are_in_sight_on_a_low_screen(
    open_as: Open, width: int, height: int
) -> None:
    page = open_as(cast.ada(), "/desk/", screen={"viewport": {"width": width, "height": height}})
    expect(page.locator(".hub-sidebar nav .nav-item").last).to_be_in_viewport(ratio=1)
    expect(page.locator(".hub-sidebar-foot form[action*=logout] button")).to_be_in_viewport(ratio=1)


def test_a_double_click_sends_once(open_as: Open) -> None:
    page = open_as(cast.mei(), GIVE)
    fill(page)
    page.click("[data-submit]")
    expect(page.locator("dd", has_text="¥1,000.50")).to_be_visible()
    page.dblclick("button[name=confirmed]")
    expect(page.locator("#messages")).to_contain_text("Recorded.")
    assert [done["amount"] for done in ACTED] == [100_050]


def test_errors_take_the_focus_and_lead_to_their_field(open_as: Open) -> None:
    page = open_as(cast.mei(), GIVE)
    page.click("[data-submit]")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.click("[data-error-summary] a[href='#id_amount']")
    expect(page.locator("#id_amount")).to_be_focused()
    assert axe_findings(page) == []


def test_a_file_that_is_too_big_is_not_even_sent(open_as: Open) -> None:
    page = open_as(cast.mei(), GIVE)
    fill(page)
    page.set_input_files(
        "#id_paper", {"name": "big.pdf", "mimeType": "application/pdf", "buffer": b"x" * (21 * 1024 * 1024)}
    )
    expect(page.locator(".hub-file-list")).to_contain_text("big.pdf · 21.0 MB")
    page.click("[data-submit]")
    expect(page.locator("#id_paper")).to_be_focused()
    expect(page).to_have_url(re.compile(GIVE))


def test_a_list_filters_while_typing_and_the_address_follows(open_as: Open) -> None:
    for number in range(30):
        organization(f"示例{number:03}")
    page = open_as(None, LIST)
    page.locator(".hub-filter input[type=search]").press_sequentially("示例017")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=%E7%A4%BA"))
    page.go_back()
    expect(page.locator("#list tbody tr")).to_have_count(20)


def test_sorting_and_paging_change_the_table_alone(open_as: Open) -> None:
    for number in range(30):
        organization(f"示例{number:03}")
    page = open_as(None, LIST)
    page.evaluate("window.same = true")
    page.click("#list thead a >> nth=0")
    expect(page.locator("#list th[aria-sort=ascending]")).to_have_count(1)
    page.click("#list a[rel=next]")
    expect(page.locator("#list tbody tr")).to_have_count(10)
    expect(page).to_have_url(re.compile(r"sort=name&page=2"))
    assert page.evaluate("window.same") is True


def test_the_desk_is_worked_by_keyboard(open_as: Open) -> None:
    page = open_as(cast.mei(), "/desk/")
    page.keyboard.press("/")
    expect(page.locator("#desk-search")).to_be_focused()
    page.locator("#desk-search").blur()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    assert axe_findings(page) == []


def test_a_chart_is_drawn_under_the_strict_policy_beside_its_table(open_as: Open) -> None:
    page = open_as(None, "/sample/chart/", screen=PHONE)
    expect(page.locator("[data-chart] svg")).to_be_visible()
    page.click(".hub-chart summary")
    expect(page.locator(".hub-chart tbody tr")).to_have_count(2)
    assert axe_findings(page) == []
    assert fits_the_screen(page)


def test_a_refusal_shows_up_where_one_is(open_as: Open) -> None:
    page = open_as(None, "/sample/chart/")
    ask = page.get_by_role("button", name="Ask")
    ask.click()
    expect(page.locator("#messages")).to_contain_text("The purpose holds ¥1.00 only.")
    expect(ask).to_be_visible()


def test_large_type_is_large_and_still_fits_a_phone(open_as: Open) -> None:
    page = open_as(None, "/", screen=PHONE)
    small = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.click("button[name=size]")
    page.wait_for_function("document.documentElement.classList.contains('large-type')")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 1.25 * small
    assert fits_the_screen(page)
    assert axe_findings(page) == []


def test_the_language_is_switched_on_the_page(open_as: Open) -> None:
    page = open_as(None, "/", screen=PHONE)
    page.click("button[name=language][value=en]")
    expect(page.locator("html[lang=en]")).to_have_count(1)
    assert axe_findings(page) == []


@pytest.mark.parametrize("screen", [PHONE, {"viewport": {"width": 1280, "height": 800}}])
def test_a_list_and_a_form_are_clean_on_every_screen(open_as: Open, screen: dict[str, object]) -> None:
    organization("示例机构" * 8)
    for path in (LIST, GIVE):
        page = open_as(cast.mei(), path, screen=screen)
        assert axe_findings(page) == []
        assert fits_the_screen(page)
