"""A fund's figures are explored: a chart that answers to the mouse, its table, on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from tests import cast
from tests.browser.conftest import DESK, PHONE, Open, axe_findings, fits_the_screen
from tests.builders import gift

PAGE = f"/desk/funds/{cast.FUND_CODE}/figures/"


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_the_chart_is_drawn_beside_its_table(open_as: Open, screen: dict[str, object]) -> None:
    gift(amount_fen=123_456)
    page = open_as(cast.mei(), PAGE, screen=screen)
    expect(page.locator("[data-chart] svg")).to_be_visible()
    expect(page.locator(".hub-chart tbody")).to_contain_text("¥1,234.56")
    assert axe_findings(page) == []
    assert fits_the_screen(page)


def test_a_bar_says_its_figure_and_the_key_brings_a_series_out(open_as: Open) -> None:
    gift(amount_fen=12_345_600)
    page = open_as(cast.mei(), PAGE)
    bars = page.locator("[data-chart] .mark-rect path")
    expect(bars).to_have_count(2)
    bars.first.hover()
    expect(page.locator(".hub-tip")).to_contain_text("个人捐赠\n元: 123,456.00")
    page.locator("[data-chart] .role-legend-label text").first.click()
    expect(page.locator("[data-chart] .mark-rect path[opacity='0.15']")).to_have_count(1)


def test_another_question_is_a_click_away_and_stands_in_the_address(open_as: Open) -> None:
    gift()
    page = open_as(cast.mei(), PAGE)
    page.locator("a[href*='show=held']").click()
    page.wait_for_url("**show=held**")
    expect(page.locator("[data-chart] svg")).to_be_visible()
