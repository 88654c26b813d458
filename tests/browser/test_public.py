"""What anyone finds on a phone, and what a resident finds of their own gifts."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from charity_hub.ledger.queries import latest_seal
from charity_hub.ledger.seals import seal_through
from donations.money.workflow import void_gift
from tests import cast
from tests.browser.conftest import PHONE, Open, axe_findings, fits_the_screen
from tests.builders import gift, spending_request, station

WALK = {"screen": PHONE, "locale": "en-US"}
FUND = f"/funds/{cast.FUND_CODE}/"


def test_anyone_comes_from_the_home_page_to_a_funds_figures(open_as: Open) -> None:
    today = timezone.localdate()
    gift(name="愿意示例", publish_name=True, amount_fen=123_400)
    gift(name="不愿示例", publish_name=False, publish_amount=False, amount_fen=77_700)
    spending_request(state="paid", title="Handrails for thirty homes", amount_fen=50_000)
    seal_through(today - timedelta(days=1))
    seal = latest_seal()
    assert seal is not None

    page = open_as(None, "/", **WALK)
    expect(page.locator("#all-funds + dl")).to_contain_text("¥101,511.00")
    page.get_by_role("link", name="All funds").click()
    page.locator(".hub-fund-card a").click()
    expect(page).to_have_url(page.url.split("/funds/")[0] + FUND)
    expect(page.locator(".hub-chart svg")).to_be_visible()
    page.get_by_text("Show the data table").click()
    month = page.locator("#months tbody tr").first
    expect(month).to_contain_text("¥102,011.00")
    expect(month).to_contain_text("¥500.00")

    main = page.locator("main")
    expect(main).to_contain_text("愿意示例")
    expect(main).to_contain_text("Anonymous donor")
    expect(main).not_to_contain_text("不愿示例")
    expect(main).not_to_contain_text("¥777.00")
    expect(main).to_contain_text("Handrails for thirty homes")
    expect(main).to_contain_text("主任示例")
    expect(main).to_contain_text("移交桂城示例慈善会用于相近目的。")
    expect(page.locator(".hub-seal")).to_have_text(seal.hash)
    assert axe_findings(page) == []
    assert fits_the_screen(page)


def test_anyone_finds_a_station_and_calls_it(open_as: Open) -> None:
    station()
    page = open_as(None, "/stations/", **WALK)
    main = page.locator("main")
    expect(main).to_contain_text("桂城街道示例路1号")
    expect(main).to_contain_text("周一至周五 9:00–17:00")
    page.get_by_role("link", name="桂城示例捐赠站").click()
    expect(page.get_by_role("link", name="Call the station")).to_have_attribute("href", "tel:0757-86330000")
    assert axe_findings(page) == []
    assert fits_the_screen(page)


def test_a_resident_finds_their_own_gifts_and_no_others(open_as: Open) -> None:
    lan = cast.lan()
    gift(name="兰示例", phone=lan.phone, amount_fen=8_800)
    void_gift(gift(name="兰示例", phone=lan.phone, amount_fen=9_900), "记错金额", actor=cast.wen())
    gift(name="别人示例", amount_fen=6_600)

    page = open_as(lan, "/me/", **WALK)
    assert fits_the_screen(page)
    page.get_by_role("link", name="See them and download acknowledgements").click()
    main = page.locator("main")
    expect(main).to_contain_text("1 gift, ¥88.00. Thank you!")
    expect(main).to_contain_text("It was recorded by mistake and reversed in the books.")
    expect(main).not_to_contain_text("¥66.00")
    assert axe_findings(page) == []
    assert fits_the_screen(page)
    with page.expect_response(lambda answer: "/acknowledgement/" in answer.url and answer.ok) as paper:
        page.get_by_role("button", name="Acknowledgement", exact=True).click()
    assert paper.value.headers["content-type"] == "application/pdf"
