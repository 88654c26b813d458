"""The page of a fund's figures: who gets in, what it shows, what it exports."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from charity_hub.people.models import User
from tests.builders import active_fund, draft_fund, gift
from tests.cast import FUND_CODE, ada, client_of, hua, jun, lan, mei, ping, wen, yan

pytestmark = pytest.mark.django_db
PAGE = f"/desk/funds/{FUND_CODE}/figures/"


def shown(person: User, **asked: str) -> Any:
    return client_of(person).get(PAGE, asked)


@pytest.mark.parametrize("person", [mei, ping, hua, yan, ada])
def test_people_in_scope_read_the_figures(person: Any) -> None:
    active_fund()
    assert shown(person()).status_code == 200


def test_figures_are_asked_for_by_their_head_alone_too() -> None:
    active_fund()
    assert client_of(mei()).head(PAGE).status_code == 200


def test_other_streets_get_404() -> None:
    active_fund()
    assert shown(jun()).status_code == 404


def test_residents_are_refused() -> None:
    active_fund()
    assert shown(lan()).status_code == 403


def test_chart_comes_with_its_table_open() -> None:
    gift(amount_fen=12_345)
    page = shown(mei()).content.decode()
    assert "data-chart" in page
    assert "<details open>" in page
    assert "¥123.45" in page


@pytest.mark.parametrize("asked", ["nonsense", "", "HELD"])
def test_question_that_makes_no_sense_is_the_first_one(asked: str) -> None:
    active_fund()
    assert shown(mei(), show=asked).context["question"] == "sources"


@pytest.mark.parametrize("asked", ["20x6", "1200", ""])
def test_year_that_makes_no_sense_is_the_latest_months(asked: str) -> None:
    active_fund()
    assert shown(mei(), show="held", year=asked).context["period"].year is None


def test_fund_without_figures_says_what_to_do() -> None:
    fund = draft_fund()
    page = client_of(mei()).get(f"/desk/funds/{fund.code}/figures/").content.decode()
    assert "Nothing in these months" in page
    assert "data-chart" not in page


def test_export_holds_the_table_as_numbers() -> None:
    gift(amount_fen=12_345)
    answer = shown(mei(), show="sources", export="xlsx")
    rows = list(load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows(values_only=True))
    assert rows[0][0] == "Month"
    assert 123.45 in rows[-1]


def test_figures_take_as_many_queries_for_nine_gifts_as_for_one(django_assert_max_num_queries: Any) -> None:
    for number in range(9):
        gift(name=f"示例{number}", phone=f"1380000{number:04}")
    client = client_of(mei())
    client.get(PAGE)
    # The session and its second factor, roles, the fund, its purposes, month totals, the menu.
    with django_assert_max_num_queries(12):
        client.get(PAGE)


def test_fund_page_leads_there() -> None:
    active_fund()
    assert PAGE in client_of(mei()).get(f"/desk/funds/{FUND_CODE}/").content.decode()


def test_station_workers_have_no_business_there() -> None:
    active_fund()
    assert shown(wen()).status_code == 403
