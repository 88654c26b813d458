"""The administration: everything is found there, organizations are kept there, money is only looked at."""

import io

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from charity_hub.pinyin import spell
from charity_hub.regions.models import Region
from tests import cast
from tests.browser.conftest import Open, axe_findings
from tests.builders import active_fund, gift

ENGLISH = {"locale": "en-US"}
TABLET = {"viewport": {"width": 768, "height": 1000}}
ROWS = "#result_list tbody tr"


def searched(page: Page, table: str, words: str) -> None:
    page.goto(f"/admin/{table}/")
    page.fill("#searchbar", words)
    page.press("#searchbar", "Enter")


def test_regions_funds_and_accounts_are_found(open_as: Open) -> None:
    fund = active_fund()
    region = fund.region
    Region.objects.filter(pk=region.pk).update(pinyin=spell(region.full_name))
    page = open_as(cast.ada(), "/admin/", **ENGLISH)
    assert axe_findings(page) == []

    searched(page, "charity_hub/region", "guicheng")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(ROWS)).to_contain_text(region.code)
    searched(page, "funds/fund", fund.code)
    expect(page.locator(ROWS)).to_contain_text(fund.name)
    searched(page, "charity_hub/account", f"bank:{fund.code}")
    expect(page.locator(ROWS)).to_contain_text("100,000.00")
    assert axe_findings(page) == []


def test_the_ledger_is_looked_at_and_not_written(open_as: Open) -> None:
    gift(amount_fen=12_300)
    page = open_as(cast.ada(), "/admin/charity_hub/transfer/", **ENGLISH)
    expect(page.get_by_role("link", name="Add", exact=False).filter(has_text="transfer")).to_have_count(0)
    page.locator(f"{ROWS} th a").first.click()
    expect(page.locator("main, #main")).to_contain_text("123.00")
    expect(page.locator("[name=_save], [name=_continue]")).to_have_count(0)
    expect(page.get_by_role("link", name="Delete")).to_have_count(0)


def test_an_organization_is_changed_looked_up_in_its_history_and_exported(open_as: Open) -> None:
    charity = cast.host_charity()
    page = open_as(cast.ada(), f"/admin/charity_hub/organization/{charity.pk}/change/", **ENGLISH)
    page.fill("#id_address", "桂城街道示例路8号")
    page.click("[name=_save]")
    page.goto(f"/admin/charity_hub/organization/{charity.pk}/history/")
    expect(page.locator("body")).to_contain_text("桂城街道示例路8号")
    expect(page.locator("body")).to_contain_text(cast.ada().name)

    page.goto("/admin/charity_hub/organization/export/")
    with page.expect_download() as download:
        page.locator("form").get_by_role("button", name="Submit").click()
    assert charity.name in download.value.path().read_text("utf-8-sig")


def test_the_chosen_funds_are_exported_to_excel(open_as: Open) -> None:
    fund = active_fund()
    page = open_as(cast.ada(), "/admin/funds/fund/", **ENGLISH)
    page.check(f"{ROWS} [name=_selected_action]")
    page.select_option("[name=action]", "export_to_excel")
    with page.expect_download() as download:
        page.locator("button[name=index]").click()
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert sheet is not None
    assert sheet["A2"].value == fund.code


def test_a_role_without_its_place_is_refused_on_a_page_that_everybody_can_read(open_as: Open) -> None:
    person = cast.bo()
    page = open_as(cast.ada(), f"/admin/charity_hub/user/{person.pk}/change/", screen=TABLET)
    page.locator("a.add-row").last.click()
    page.locator("select[name$='-0-role']").last.select_option("charity_officer")
    assert axe_findings(page) == []
    page.click("[name=_save]")
    expect(page.locator(".errornote")).to_have_count(2)  # of the page, and of the role
    expect(page.locator(".select2-selection[aria-label]")).to_have_count(3)
    assert axe_findings(page) == []
    assert not person.memberships.exists()
