"""What anybody sees of funds: the list, a fund's page, its open data."""

import csv
import io
import json
import re

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from charity_hub.ledger.kinds import in_words
from charity_hub.ledger.seals import seal_through
from funds.profile.workflow import suspend_fund
from funds.public import panels
from funds.public.figures import figures_of
from funds.public.panels import register_panel
from funds.public.periods import Period, latest_months, months_later
from funds.public.queries import page_of, paid_by, table_of
from funds.public.totals import busiest_funds
from funds.spending.models import PayeeKind, SpendingState
from tests.builders import active_fund, draft_fund, spending_request
from tests.cast import ping
from tests.funds.public.money import moved

pytestmark = pytest.mark.django_db
CODE = "JJ-440605011-01"
OTHER = "JJ-440106018-01"


def get(path: str, **query: str | int) -> str:
    answer = Client(headers={"accept-language": "en"}).get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def queries_of(path: str) -> int:
    client = Client()
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


# --- the list


def test_the_list_shows_what_each_fund_holds() -> None:
    active_fund()
    page = get("/funds/")
    assert "¥100,000.00" in page
    assert f'href="/funds/{CODE}/"' in page
    assert "1 fund" in page


def test_drafts_are_not_public() -> None:
    draft = draft_fund()
    assert draft.name not in get("/funds/")
    assert Client().get(f"/funds/{draft.code}/").status_code == 404


def test_a_suspended_fund_stays_public() -> None:
    suspend_fund(active_fund(), "账目待查。", actor=ping())
    assert "Suspended" in get("/funds/")
    assert "Suspended" in get(f"/funds/{CODE}/")


@pytest.mark.parametrize(
    ("query", "found", "left_out"),
    [
        ({"q": "桂城街道"}, CODE, OTHER),
        ({"q": "guichengjiedao"}, CODE, OTHER),
        ({"q": OTHER}, OTHER, CODE),
        ({"region": "4401"}, OTHER, CODE),
        ({"region": "440605011"}, CODE, OTHER),
    ],
)
def test_funds_are_found_by_name_and_place(query: dict[str, str], found: str, left_out: str) -> None:
    active_fund()
    active_fund(OTHER)
    page = get("/funds/", **query)
    assert f"/funds/{found}/" in page
    assert f"/funds/{left_out}/" not in page


def test_a_search_without_a_find_says_what_to_do() -> None:
    active_fund()
    assert "No fund matches" in get("/funds/", q="无此基金")


def test_before_the_first_fund_the_list_says_so() -> None:
    assert "No fund is active yet" in get("/funds/")


def test_an_unknown_place_in_the_address_finds_nothing_and_breaks_nothing() -> None:
    active_fund()
    assert f"/funds/{CODE}/" not in get("/funds/", region="99")


def test_htmx_gets_the_cards_alone() -> None:
    active_fund()
    answer = Client(headers={"HX-Request": "true", "HX-Request-Type": "partial"}).get("/funds/")
    assert "<html" not in answer.content.decode()
    assert CODE in answer.content.decode()


def test_the_list_costs_the_same_with_one_fund_and_with_nine() -> None:
    """Count, page, balances, the places to choose from (two): five."""
    active_fund()
    with_one = queries_of("/funds/")
    for number in range(2, 10):
        active_fund(f"JJ-440605011-{number:02}")
    assert queries_of("/funds/") == with_one == 5


# --- a fund


def test_a_fund_shows_its_figures() -> None:
    fund = active_fund()
    moved(fund, "trial:person", 123_450, fund.activated_on or localdate())
    page = get(f"/funds/{CODE}/")
    assert "¥101,234.50" in page
    assert in_words("trial:person") in page
    assert "Seed money" in page


def test_a_fund_shows_its_agreement_and_committee() -> None:
    active_fund()
    page = get(f"/funds/{CODE}/")
    assert "移交桂城示例慈善会用于相近目的。" in page
    assert "5%" in page
    assert page.index("主任示例") < page.index("委员甲示例") < page.index("监督员示例")


def test_paid_spending_is_public_without_a_letter_of_a_persons_name() -> None:
    spending_request(
        state=SpendingState.PAID, payee_kind=PayeeKind.PERSON, payee_name="黄受助", title="困难补助"
    )
    page = get(f"/funds/{CODE}/")
    assert "困难补助" in page
    assert "Individual" in page
    assert "黄" not in page


def test_a_paid_organization_is_named() -> None:
    spending_request(state=SpendingState.PAID)
    assert "示例工程服务部" in get(f"/funds/{CODE}/")


@pytest.mark.parametrize(
    "state", [SpendingState.FILED, SpendingState.APPROVED, SpendingState.RETURNED, SpendingState.PAID]
)
def test_what_is_not_paid_is_not_public(state: str) -> None:
    request = spending_request(state=state)
    assert (request.title in get(f"/funds/{CODE}/")) == (state == SpendingState.PAID)


def test_bank_accounts_of_payees_are_never_public() -> None:
    request = spending_request(state=SpendingState.PAID)
    page = get(f"/funds/{CODE}/")
    assert request.title in page
    assert request.payee_account
    assert request.payee_account not in page
    assert request.payee_account[-4:] not in page


def test_the_latest_seal_is_public() -> None:
    active_fund()
    assert "no seal yet" in get(f"/funds/{CODE}/")
    seal = seal_through(localdate())
    assert seal is not None
    assert seal.hash in get(f"/funds/{CODE}/")


def test_a_year_can_be_chosen() -> None:
    active_fund()
    year = localdate().year
    assert f"spending in {year}" in get(f"/funds/{CODE}/", year=year)


@pytest.mark.parametrize("year", ["abc", "9999", "0", "-1", "20255", "２０２５"])
def test_a_year_that_makes_no_sense_shows_the_latest_months(year: str) -> None:
    active_fund()
    assert "last 24 months" in get(f"/funds/{CODE}/", year=year)


def test_an_unknown_fund_is_not_found() -> None:
    assert Client().get("/funds/JJ-000000000-01/").status_code == 404


def test_the_page_describes_itself_to_those_it_is_shared_with() -> None:
    active_fund()
    assert '<meta name="description" content="帮助桂城有需要的居民。">' in get(f"/funds/{CODE}/")


def test_what_people_wrote_is_never_markup() -> None:
    active_fund(aim="<script>alert(1)</script>")
    page = get(f"/funds/{CODE}/")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_rooms_above_add_their_panels_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", {})
    register_panel(
        "portal/parts/empty.html", lambda fund: {"code": fund.code}, order=20, anchor="here", label="Here"
    )
    register_panel("portal/parts/facts.html", lambda _fund: {}, order=10)
    fund = active_fund()
    assert panels.panels_of(fund) == [
        {"template": "portal/parts/facts.html", "context": {}, "anchor": "", "label": ""},
        {
            "template": "portal/parts/empty.html",
            "context": {"code": fund.code},
            "anchor": "here",
            "label": "Here",
        },
    ]


def test_the_pages_menu_leads_only_to_what_is_there() -> None:
    active_fund()
    page = get(f"/funds/{CODE}/")
    anchors = re.findall(r'href="#([a-z-]+)"', page[page.index("hub-sections") :])
    assert len(anchors) >= 5
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []


def test_more_than_five_payments_are_folded_but_all_ten_are_there() -> None:
    fund = active_fund()
    for number in range(11):
        spending_request(fund, SpendingState.PAID, title=f"Bread {number:02}")
    first, _fold, rest = get(f"/funds/{CODE}/").partition('class="hub-more"')
    assert [first.count("Bread"), rest.count("Bread")] == [5, 5]


def test_the_months_are_drawn_without_a_script() -> None:
    fund = active_fund()
    moved(fund, "trial:person", 123_450, fund.activated_on or localdate())
    page = get(f"/funds/{CODE}/")
    assert f"<title>{localdate():%Y-%m} · Income ¥101,234.50 · Spending ¥0.00</title>" in page
    assert "vega" not in page


def test_the_page_costs_the_same_with_one_row_and_with_nine() -> None:
    """The fund, figures (three), versions, payments, committee, papers, seal, panels (three): twelve."""
    fund = active_fund()
    spending_request(fund, SpendingState.PAID)
    with_one = queries_of(f"/funds/{CODE}/")
    for _number in range(8):
        spending_request(fund, SpendingState.PAID)
        moved(fund, "trial:person", 100, fund.activated_on or localdate(), "children")
    assert queries_of(f"/funds/{CODE}/") == with_one == 12


# --- the table of months


def test_the_table_of_months_waits_on_an_address_of_its_own() -> None:
    moved(active_fund(), "trial:person", 123_450, localdate())
    assert "<caption" not in get(f"/funds/{CODE}/")
    link = re.search(r'<a href="(/funds/[^"]+/months/)"', get(f"/funds/{CODE}/"))
    assert link
    row = rf'<th scope="row">{localdate():%Y-%m}</th>.*?¥101,234\.50.*?¥0\.00.*?¥101,234\.50'
    assert re.search(row, get(link[1]), re.DOTALL)


def test_the_table_of_a_year_is_of_that_year() -> None:
    fund, day = active_fund(), localdate()
    moved(fund, "trial:person", 700, months_later(day, -12))
    year = months_later(day, -12).year
    assert f'href="/funds/{CODE}/months/?year={year}"' in get(f"/funds/{CODE}/", year=year)
    months = re.findall(r'<th scope="row">([\d-]+)', get(f"/funds/{CODE}/months/", year=year))
    assert months[-1] == f"{months_later(day, -12):%Y-%m}"
    assert {month[:4] for month in months} == {str(year)}


def test_htmx_gets_the_table_alone() -> None:
    active_fund()
    answer = Client(headers={"HX-Request": "true"}).get(f"/funds/{CODE}/months/")
    assert answer.content.decode().lstrip().startswith("<div")
    assert "HX-Request" in answer["Vary"]


def test_the_months_of_a_draft_are_not_public() -> None:
    assert Client().get(f"/funds/{draft_fund().code}/months/").status_code == 404


def test_the_table_shows_what_the_bars_show() -> None:
    fund, day = active_fund(seed_money_fen=0), localdate()
    moved(fund, "trial:person", 100, months_later(day, -2))
    assert [row[0] for row in table_of(fund, latest_months(day))[1:]] == [
        f"{months_later(day, -number):%Y-%m}" for number in range(3)
    ]


# --- open data


def test_the_months_as_csv_are_exact_and_open_in_excel() -> None:
    active_fund()
    answer = Client(headers={"accept-language": "en"}).get(f"/funds/{CODE}/months.csv")
    text = answer.content.decode("utf-8-sig")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Month", "Income (yuan)", "Spending (yuan)", "Month-end balance (yuan)"]
    assert rows[1] == [f"{localdate():%Y-%m}", "100000.00", "0.00", "100000.00"]


def test_the_months_as_excel() -> None:
    active_fund()
    answer = Client().get(f"/funds/{CODE}/months.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == [f"{localdate():%Y-%m}", 100_000, 0, 100_000]


def test_the_months_as_json_are_whole_fen() -> None:
    active_fund()
    months = json.loads(get(f"/funds/{CODE}/months.json"))["months"]
    assert months[0]["in_fen"] == 10_000_000


def test_open_data_of_one_year() -> None:
    active_fund()
    months = json.loads(get(f"/funds/{CODE}/months.json", year=localdate().year))["months"]
    assert {month["month"][:4] for month in months} == {str(localdate().year)}


@pytest.mark.parametrize("form", ["exe", "html", "pdf"])
def test_other_forms_are_not_found(form: str) -> None:
    active_fund()
    assert Client().get(f"/funds/{CODE}/months.{form}").status_code == 404


# --- the home page


def test_the_home_page_adds_up_all_public_funds() -> None:
    active_fund()
    active_fund(OTHER)
    page = get("/")
    assert "¥200,000.00" in page


def test_the_home_page_tells_what_was_paid_and_not_what_was_only_asked_for() -> None:
    spending_request(state=SpendingState.PAID, title="Handrails for thirty homes", amount_fen=50_000)
    spending_request(state=SpendingState.FILED, title="A trip to the zoo", amount_fen=30_000)
    page = get("/")
    assert "Handrails for thirty homes" in page
    assert "A trip to the zoo" not in page


def test_the_home_page_leads_with_the_busiest_fund_and_leaves_still_ones_out() -> None:
    quiet, busy = active_fund(seed_money_fen=500), active_fund(OTHER, seed_money_fen=0)
    still = active_fund("JJ-440605011-02", seed_money_fen=0)
    moved(busy, "trial:person", 123_450, localdate())
    assert busiest_funds(localdate()) == [busy, quiet]
    assert f"/funds/{still.code}/" not in get("/").split("</h2>")[1]


# --- what a fund achieved


def test_a_fund_tells_how_many_payments_helped_how_many_people() -> None:
    fund = active_fund()
    for people in (12, 30, None):
        spending_request(fund, SpendingState.PAID, beneficiaries=people)
    spending_request(fund, SpendingState.APPROVED, beneficiaries=7)
    assert paid_by(fund)[0] == (3, 42)


def test_a_fund_that_paid_nothing_yet_claims_nothing() -> None:
    assert paid_by(active_fund()) == ((0, None), [])


def test_a_purpose_shows_how_much_of_its_income_was_used() -> None:
    fund = active_fund(seed_money_fen=400_000)
    spending_request(fund, SpendingState.PAID, amount_fen=100_000)
    spending_request(fund, SpendingState.APPROVED, amount_fen=150_000)
    rows = figures_of(fund, latest_months(localdate())).purposes
    used = {row.purpose.slug: (row.used_bp, row.committed_bp) for row in rows}
    assert used["unrestricted"] == (2_500, 3_750)
    assert used["children"] == (0, 0)


def test_a_chart_begins_with_the_first_month_that_moved() -> None:
    """Open data keep the quiet months, whose balances say something."""
    fund = active_fund(seed_money_fen=0)
    day = localdate()
    moved(fund, "trial:person", 100, months_later(day, -20))
    period = Period(months_later(day, -18), day.replace(day=1))
    moved(fund, "trial:person", 100, months_later(day, -2))
    assert len(figures_of(fund, period).months) == 19
    assert len(page_of(fund, period, day)["bars"]) == 3
