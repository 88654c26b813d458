"""A station's Excel register: sent, understood, recorded, its bad rows taken home, sent once more."""

import io
from datetime import date
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from donations.money.models import Gift
from tests import cast
from tests.browser.conftest import Open, axe_findings, fits_the_screen
from tests.builders import active_fund, station

ENGLISH = {"locale": "en-US"}
SAMPLE = Path(__file__).parents[1] / "donations/registers/data/station-register-sample.xlsx"
GOOD, BAD, DOUBLES, FEN = "974", "26", "7", 144_101_923


def upload(page: Page) -> None:
    page.goto("/desk/registers/add/")
    page.set_input_files("#id_file", SAMPLE)
    page.click("[data-submit]")
    expect(page.locator("h1")).to_have_text("Check the columns")


def confirm_columns(page: Page) -> None:
    page.click("[data-submit]")
    expect(page.locator("h1")).to_contain_text("Register")


def figures(page: Page) -> dict[str, str]:
    names = page.locator(".hub-register-figures dt").all_inner_texts()
    return dict(zip(names, page.locator(".hub-register-figures dd").all_inner_texts(), strict=True))


def test_a_register_is_brought_in_and_the_same_file_adds_nothing(open_as: Open) -> None:
    day = date(2024, 6, 3)
    station(funds=[active_fund(on=day, signed_on=day, starts_on=day)])
    page = open_as(cast.wen(), "/desk/registers/", **ENGLISH)
    upload(page)
    assert axe_findings(page) == []
    confirm_columns(page)

    shown = figures(page)
    assert (shown["Rows"], shown["Ready to import"], shown["To fix"]) == ("1,000", GOOD, BAD)
    assert (shown["Total ready to import"], shown["Likely duplicates"]) == ("¥1,441,019.23", DOUBLES)
    assert axe_findings(page) == []
    assert fits_the_screen(page)
    for choice in page.locator(".hub-questions select").all():
        choice.select_option("take")
    page.get_by_role("button", name="Save the decisions").click()
    page.get_by_role("button", name="Record them").click()
    expect(page.locator("main .alert-success", has_text="gifts")).to_contain_text(
        f"{GOOD} gifts were recorded", timeout=60_000
    )
    assert sum(Gift.objects.values_list("amount_fen", flat=True)) == FEN

    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rows to fix").first.click()
    rows = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert rows is not None
    assert rows.max_row == 2 + int(BAD), "a title, a head, and the rows"

    upload(page)
    confirm_columns(page)
    expect(page.locator("main")).to_contain_text("there is nothing new in this register")
    expect(page.get_by_role("button", name="Record them")).to_have_count(0)
