"""A region is typed and chosen; Enter never sends words that nobody has chosen yet."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from charity_hub.pinyin import spell
from charity_hub.regions.models import Region
from tests import cast
from tests.browser.conftest import Open
from tests.browser.test_findable import COUNT_SENT, sent
from tests.builders import region

GUICHENG = "440605011 广东省佛山市南海区桂城街道"


@pytest.fixture
def page(open_as: Open) -> Page:
    for code, name in (("440605011", ""), ("440605012", "桂北街道")):
        Region.objects.filter(pk=region(code, name).pk).update(pinyin=spell(region(code).full_name))
    page = open_as(cast.ada(), "/desk/funds/new/")
    page.evaluate(COUNT_SENT)
    picker(page).fill("")
    return page


def picker(page: Page) -> Locator:
    return page.locator("[data-region-picker] input")


def options(page: Page) -> Locator:
    return page.locator("[data-region-picker] [data-value]")


def test_enter_takes_the_first_of_the_list_and_does_not_send_the_form(page: Page) -> None:
    picker(page).press_sequentially("gui")
    expect(options(page)).to_have_count(2)
    picker(page).press("Enter")

    expect(picker(page)).to_have_value(GUICHENG)
    expect(options(page).first).to_be_hidden()
    assert sent(page) == 0


def test_enter_before_the_list_is_there_waits_for_it(page: Page) -> None:
    picker(page).press_sequentially("guicheng")
    picker(page).press("Enter")

    expect(picker(page)).to_have_value(GUICHENG)
    assert sent(page) == 0


def test_enter_before_a_list_of_several_shows_it_to_choose_from(page: Page) -> None:
    picker(page).press_sequentially("gui")
    picker(page).press("Enter")
    expect(options(page)).to_have_count(2)

    expect(picker(page)).to_have_value("gui")
    picker(page).press("Enter")
    expect(picker(page)).to_have_value(GUICHENG)
    assert sent(page) == 0


def test_the_form_is_sent_once_the_choice_stands(page: Page) -> None:
    picker(page).press_sequentially("guicheng")
    picker(page).press("Enter")
    expect(picker(page)).to_have_value(GUICHENG)
    picker(page).press("Enter")

    assert sent(page) == 1


def test_enter_sends_nothing_while_no_region_fits(page: Page) -> None:
    picker(page).press_sequentially("moyou")
    picker(page).press("Enter")
    expect(page.locator("[data-region-picker] [aria-disabled]")).to_be_visible()
    picker(page).press("Enter")

    assert sent(page) == 0


def test_words_nobody_answers_may_be_sent_as_they_are(page: Page) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=503)

    page.route("**/regions/search/**", refuse)
    picker(page).press_sequentially("guicheng")
    picker(page).press("Enter")

    expect(page.locator("html")).to_have_attribute("data-sent", "1")
