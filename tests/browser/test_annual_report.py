"""The annual report: asked for, computed by a worker, given words, issued, read by anyone, corrected."""

import re
from datetime import date

from playwright.sync_api import Page, expect

from charity_hub.jobs.actions import run
from charity_hub.jobs.models import Job
from charity_hub.ledger.models import Book
from charity_hub.reports.models import AnnualReport
from tests import cast
from tests.browser.conftest import PHONE, Open, axe_findings, fits_the_screen
from tests.builders import gift
from tests.charity_hub.reports.scenes import YEAR, fund_of_2024

ENGLISH = {"locale": "en-US"}
PUBLIC = f"/reports/fund/{cast.FUND_CODE}/{YEAR}/"


def work() -> None:
    """What the worker does with the job that waits."""
    run(Job.objects.open().get().pk)


def open_report(page: Page, version: int) -> None:
    report = AnnualReport.objects.get(version=version)
    page.goto(f"/desk/reports/{report.pk}/")


def issue(page: Page) -> None:
    page.get_by_role("link", name="Issue", exact=True).click()
    assert axe_findings(page) == []
    page.get_by_role("button", name="Issue", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("The report is public now")


def test_a_report_is_made_written_issued_read_and_corrected(open_as: Open) -> None:
    fund_of_2024()
    gift(given_on=date(YEAR, 4, 1), amount_fen=12_345_678)
    street = open_as(cast.mei(), "/desk/reports/", **ENGLISH)
    street.get_by_role("button", name=f"Create the reports of {YEAR}").click()
    expect(street.locator("progress").first).to_be_visible()
    expect(street.locator("#list tbody")).to_contain_text("Being calculated")
    open_report(street, 1)
    expect(street.locator(".hub-job progress")).to_be_visible()
    assert axe_findings(street) == []

    work()
    expect(street.get_by_role("link", name="See the result")).to_be_visible(timeout=10_000)
    street.get_by_role("link", name="See the result").click()
    street.get_by_role("link", name="Write the narrative").click()
    street.fill("#id_results", "Thirty homes were made safe.")
    street.fill("#id_problems", "There were none.")
    street.fill("#id_next_plan", "Thirty more.")
    street.click("[data-submit]")
    issue(street)
    assert Book.objects.get().closed_through == date(YEAR, 12, 31)

    anyone = open_as(None, "/reports/", screen=PHONE, **ENGLISH)
    anyone.locator("main tbody a").first.click()
    expect(anyone).to_have_url(re.compile(PUBLIC))
    expect(anyone.locator("main")).to_contain_text("Thirty homes were made safe.")
    expect(anyone.locator(".hub-bars")).to_be_visible()
    assert axe_findings(anyone) == []
    assert fits_the_screen(anyone)
    paper = anyone.get_by_role("link", name="The whole report as PDF").get_attribute("href")
    answer = anyone.request.get(paper or "")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")

    street.get_by_role("link", name="Correct", exact=True).click()
    street.fill("#id_reason", "The number of homes was wrong.")
    street.click("[data-submit]")
    work()
    open_report(street, 2)
    issue(street)
    anyone.goto(PUBLIC)
    expect(anyone.locator("main")).to_contain_text("version 2")
    expect(anyone.locator("main")).to_contain_text("The number of homes was wrong.")
    anyone.goto(f"{PUBLIC}1/")
    expect(anyone.locator("main")).to_contain_text("This version was replaced by version 2.")


def test_the_list_shows_by_itself_that_the_figures_are_there(open_as: Open) -> None:
    fund_of_2024()
    street = open_as(cast.mei(), "/desk/reports/?state=&year=", **ENGLISH)
    street.get_by_role("button", name=f"Create the reports of {YEAR}").click()
    link = street.locator("#list tbody a").first
    link.focus()
    with street.expect_request(lambda request: "x-unattended" in request.headers):
        work()
    expect(street.locator("#list tbody")).to_contain_text("Draft", timeout=10_000)
    expect(street.locator("#years")).to_contain_text("1 draft", timeout=10_000)
    expect(link).to_be_focused()
    expect(street.locator("[hx-trigger^=every]")).to_have_count(0)
