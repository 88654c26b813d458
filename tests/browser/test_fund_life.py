"""A fund from the street's proposal to its public page, as the street and the host charity walk it."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser.conftest import PHONE, Open, axe_findings
from tests.builders import draft_fund

TODAY = timezone.localdate().isoformat()
ENGLISH = {"locale": "en-US"}
FUND = f"/desk/funds/{cast.FUND_CODE}/"
PURPOSES = [("Safe homes", "bound"), ("Schooling", "bound"), ("Whatever is needed", "free")]
SEATS = ["甲示例", "乙示例", "丙示例", "丁示例", "戊示例"]


def fill_rows(page: Page, field: str, values: list[str]) -> None:
    """Type down a column of a field that is a small table."""
    for number, value in enumerate(values):
        cell = page.locator(f"[data-rows-body] [name={field}]").nth(number)
        if cell.evaluate("one => one.tagName") == "SELECT":
            cell.select_option(value)
        else:
            cell.fill(value)


def fill_proposal(page: Page) -> None:
    page.fill("#id_aim", "Help the residents of Guicheng.")
    page.fill("#id_signed_on", TODAY)
    page.fill("#id_starts_on", TODAY)
    page.fill("#id_use_terms", "For safe homes and schooling.")
    page.fill("#id_termination_terms", "Both sides agree.")
    page.fill("#id_leftover_terms", "To the host charity, for something similar.")
    fill_rows(page, "purposes_name", [name for name, _binding in PURPOSES])
    fill_rows(page, "purposes_binding", [binding for _name, binding in PURPOSES])
    fill_rows(page, "committee_name", SEATS)
    fill_rows(page, "committee_represents", ["residents"] * len(SEATS))
    fill_rows(page, "supervisors_name", ["己示例"])
    page.fill("#id_seed_money_fen", "50,000.00")
    page.fill("#id_seed_money_from", "示例企业")
    page.fill("#id_management_fee_bp", "5")


def go(page: Page, button: str) -> None:
    """Take a step of the page: its button, then the button of the page that asks once more."""
    page.locator("main").get_by_role("link", name=button).click()
    page.locator("main").get_by_role("button", name=button).click()


def test_a_street_clerk_proposes_a_fund_and_submits_it(open_as: Open) -> None:
    cast.host_charity()
    page = open_as(cast.mei(), "/desk/funds/", **ENGLISH)
    page.locator("main").get_by_role("link", name="Propose a fund").first.click()
    fill_proposal(page)
    assert axe_findings(page) == []
    page.click("[data-submit]")

    expect(page.locator("#messages")).to_contain_text(cast.FUND_CODE)
    expect(page.locator("main")).to_contain_text("Whatever is needed unrestricted")
    expect(page.locator("main")).to_contain_text("¥50,000.00 · 示例企业")
    go(page, "Submit for review")
    expect(page.locator("h1")).to_contain_text("Under review")


def test_an_incomplete_draft_says_what_is_missing_before_it_goes_on(open_as: Open) -> None:
    draft_fund(committee=[])
    page = open_as(cast.mei(), FUND, **ENGLISH)
    go(page, "Submit for review")

    expect(page.locator("[data-error-summary]")).to_contain_text("committee")
    page.goto(FUND)
    page.locator(".alert-warning a").first.click()
    expect(page.locator("#div_id_committee")).to_be_in_viewport()


def test_the_charity_gives_a_fund_back_and_then_activates_it(open_as: Open) -> None:
    draft_fund(seed_money_fen=5_000_000)
    street, charity = (open_as(person, FUND, **ENGLISH) for person in (cast.mei(), cast.ping()))
    go(street, "Submit for review")

    charity.reload()
    charity.get_by_role("link", name="Return to the street").click()
    charity.fill("#id_reason", "The supervisor must not be paid.")
    charity.click("[data-submit]")
    expect(charity.locator("h1")).to_contain_text("Draft")

    street.reload()
    expect(street.locator("main")).to_contain_text("The supervisor must not be paid.")
    go(street, "Submit for review")
    charity.reload()
    go(charity, "Activate the fund")
    expect(charity.locator("h1")).to_contain_text("Active")
    expect(charity.locator("main")).to_contain_text("¥50,000.00")

    anyone = open_as(None, f"/funds/{cast.FUND_CODE}/", screen=PHONE, **ENGLISH)
    expect(anyone.locator(".hub-figures").first).to_contain_text("¥50,000.00")
