"""Money that leaves a fund: one person files, another approves, a third pays."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from funds.spending.models import SpendingState
from tests import cast
from tests.browser.conftest import PHONE, Open, axe_findings, fits_the_screen
from tests.builders import active_fund, spending_request

TODAY = timezone.localdate().isoformat()
ENGLISH = {"locale": "en-US"}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def fill_request(page: Page, amount: str) -> None:
    page.select_option("#id_purpose", label="不限定")
    expect(page.locator("#holds")).to_contain_text("¥100,000.00")
    page.select_option("#id_use", "service")
    page.fill("#id_title", "Handrails for thirty homes")
    page.fill("#id_amount_fen", amount)
    page.fill("#id_payee_name", "示例工程服务部")
    page.fill("#id_payee_bank", "示例银行")
    page.fill("#id_payee_account", "6222 0200 0000 1234 567")
    page.set_input_files("#id_papers", {"name": "quote.pdf", "mimeType": "application/pdf", "buffer": PDF})


def test_one_files_another_approves_a_third_pays(open_as: Open) -> None:
    active_fund()
    mei = open_as(cast.mei(), "/desk/spending/", **ENGLISH)
    mei.locator("main").get_by_role("link", name="File a spending request").first.click()
    fill_request(mei, "1,234.50")
    mei.click("[data-submit]")
    expect(mei.locator("main dd", has_text="¥1,234.50")).to_be_visible()
    mei.get_by_role("button", name="File the request").click()
    expect(mei.locator("h1")).to_contain_text("Waiting for approval")
    expect(mei.locator("main")).to_contain_text("quote.pdf")
    assert axe_findings(mei) == []
    address = mei.url

    ping = open_as(cast.ping(), "/desk/", **ENGLISH)
    ping.get_by_role("link", name="Handrails").first.click()
    ping.get_by_role("link", name="Approve").click()
    ping.get_by_role("button", name="Approve").click()
    expect(ping.locator("h1")).to_contain_text("Approved")
    expect(ping.get_by_role("link", name="Record the payment")).to_have_count(0)

    ping.goto(f"{address}pay/")
    expect(ping).to_have_url(address)
    expect(ping.locator(".alert")).to_contain_text("Another officer of the host charity")
    expect(ping.locator("main")).not_to_contain_text("6222020000001234567")

    qin = open_as(cast.qin(), address, **ENGLISH)
    expect(qin.locator("main")).not_to_contain_text("6222020000001234567")
    qin.get_by_role("link", name="Record the payment").click()
    expect(qin.locator("main")).to_contain_text("6222020000001234567")
    qin.fill("#id_paid_on", TODAY)
    qin.fill("#id_bank_reference", "B-0001")
    qin.dblclick("[data-submit]")
    expect(qin.locator("h1")).to_contain_text("Paid")
    expect(qin.locator("main")).to_contain_text("B-0001")


def test_more_than_the_purpose_holds_is_refused_with_the_figure(open_as: Open) -> None:
    request = spending_request(active_fund(), amount_fen=10_000_001)
    page = open_as(cast.ping(), f"/desk/spending/{request.number}/approve/", **ENGLISH)
    page.click("[data-submit]")

    for figure in ("¥100,000.00", "¥100,000.01"):
        expect(page.locator("[data-error-summary]")).to_contain_text(figure)


def test_the_payees_account_fits_a_phone_whole(open_as: Open) -> None:
    request = spending_request(state=SpendingState.APPROVED, payee_account="6200000000058504440")
    page = open_as(cast.qin(), f"/desk/spending/{request.number}/pay/", screen=PHONE, **ENGLISH)
    expect(page.locator("main")).to_contain_text("6200000000058504440")
    assert fits_the_screen(page)
