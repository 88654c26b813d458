"""What anybody does on a phone: find a fund, see where its money went, check a paper. Staff watch work."""

import re
import threading

import pytest
from django.db import connection
from playwright.sync_api import expect

from charity_hub.jobs import registry
from charity_hub.jobs.actions import enqueue, run
from charity_hub.jobs.models import Job, JobState
from charity_hub.jobs.registry import register_job
from donations.money.acknowledgement import acknowledge
from funds.spending.models import PayeeKind, SpendingState
from tests import cast
from tests.browser.conftest import DESK, PHONE, Open, axe_findings, fits_the_screen
from tests.builders import active_fund, gift, spending_request

ENGLISH = {"locale": "en-US"}


def test_a_neighbour_finds_a_fund_and_sees_where_its_money_went(open_as: Open) -> None:
    spending_request(
        state=SpendingState.PAID, title="困难补助", payee_kind=PayeeKind.PERSON, payee_name="黄受助"
    )
    active_fund("JJ-440106018-01")
    page = open_as(None, "/funds/", screen=PHONE, **ENGLISH)
    expect(page.locator(".hub-fund-card")).to_have_count(2)
    page.locator("input[name=q]").fill("guichengjiedao")
    expect(page.locator(".hub-fund-card")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=guichengjiedao"))
    assert axe_findings(page) == []
    page.locator(".hub-fund-card a").click()

    expect(page.locator("h1")).to_contain_text("慈善基金")
    expect(page.locator(".hub-chart svg, .hub-chart canvas").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("Individual")
    expect(page.locator("main")).not_to_contain_text("黄")
    assert fits_the_screen(page)
    assert axe_findings(page) == []


def test_a_year_is_chosen_and_its_table_taken_home(open_as: Open) -> None:
    active_fund()
    page = open_as(None, "/funds/JJ-440605011-01/", screen=PHONE, **ENGLISH)
    page.locator(".hub-years a").nth(1).click()
    expect(page.locator("#months-title")).to_have_text(re.compile(r"\d{4}"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    assert re.fullmatch(r"JJ-440605011-01-\d{4}\.xlsx", download.value.suggested_filename)


def test_a_fund_prints_without_what_can_only_be_clicked(open_as: Open) -> None:
    active_fund()
    page = open_as(None, "/funds/JJ-440605011-01/", screen=DESK)
    page.emulate_media(media="print")
    expect(page.locator(".hub-years")).to_be_hidden()
    expect(page.locator(".hub-downloads")).to_be_hidden()
    expect(page.locator("main dl").first).to_be_visible()


def test_on_a_phone_every_figure_of_a_month_is_in_sight_in_large_type_too(open_as: Open) -> None:
    gift(amount_fen=123_456_789)
    page = open_as(None, "/funds/JJ-440605011-01/", screen=PHONE, **ENGLISH)
    for large in (False, True):
        if large:
            page.get_by_role("button", name="Large text").click()
        page.locator("#months summary").click()
        row = page.locator(".hub-chart-table tbody tr").first
        card = page.locator("#months").bounding_box()
        assert card is not None
        for cell in row.locator("th, td").all():
            box = cell.bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= card["x"] + card["width"]
        assert fits_the_screen(page)


def test_on_a_phone_no_amount_of_millions_is_broken(open_as: Open) -> None:
    gift(amount_fen=1_234_567_890)
    page = open_as(None, "/funds/JJ-440605011-01/", screen=PHONE, **ENGLISH)
    amounts = page.locator(".hub-figures dd")
    expect(amounts.first).to_contain_text("¥12,")
    lines = "all => all.map(one => one.clientHeight / parseFloat(getComputedStyle(one).lineHeight))"
    assert max(amounts.evaluate_all(lines)) < 1.5


def test_a_code_from_paper_is_typed_carelessly_and_still_found(open_as: Open) -> None:
    given = gift()
    acknowledge([given])
    code = certificate_code()
    page = open_as(None, "/verify/", screen=PHONE, **ENGLISH)
    page.locator("#id_code").fill(f" {code[:4].lower()} {code[4:8]}-{code[8:].lower()}")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(given.number)
    assert fits_the_screen(page)
    assert axe_findings(page) == []


def certificate_code() -> str:
    from charity_hub.documents.models import Certificate

    return Certificate.objects.get().code


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Work that stops half-way until the gate is opened."""
    opened = threading.Event()

    def work(job: Job) -> None:
        from charity_hub.jobs.actions import progress

        progress(job, 1, 2)
        opened.wait(60)
        progress(job, 2, 2)

    monkeypatch.setattr(registry, "_kinds", {})
    register_job(
        "specimen",
        work,
        "Specimen work",
        url=lambda _job: "/funds/",
        seen_by=lambda user, _job: user == cast.mei(),
    )
    return opened


def test_long_work_is_watched_and_survives_closing_the_page(open_as: Open, gate: threading.Event) -> None:
    job = enqueue("specimen", key="k", arguments={}, actor=cast.mei())
    first = open_as(cast.mei(), f"/jobs/{job.pk}/", **ENGLISH)
    expect(first.locator(".hub-job")).to_contain_text("Waiting")
    worker = threading.Thread(target=in_own_connection, args=(job.pk,))
    worker.start()
    expect(first.locator(".hub-job")).to_contain_text("1 of 2")
    assert axe_findings(first) == []
    first.close()

    again = open_as(cast.mei(), f"/jobs/{job.pk}/", **ENGLISH)
    expect(again.locator(".hub-job")).to_contain_text("1 of 2")
    gate.set()
    worker.join()
    again.get_by_role("link", name="See the result").click()
    expect(again).to_have_url(re.compile("/funds/$"))
    job.refresh_from_db()
    assert job.state == JobState.DONE


def in_own_connection(job_id: int) -> None:
    try:
        run(job_id)
    finally:
        connection.close()
