"""Lists of spending requests: on the desk, filtered, as Excel; what pages cost in queries."""

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from charity_hub.workflow.actions import history
from funds.spending.models import SpendingState
from tests.builders import active_fund, spending_request
from tests.cast import client_of, jun, mei, ping, qin, rui
from tests.funds.spending.test_pages import CODE, LIST
from tests.funds.spending.test_pages import page as request_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "person", "others"),
    [("filed", ping, rui), ("approved", qin, ping), ("returned", mei, jun)],
)
def test_what_waits_is_on_the_right_desk(state: str, person: Any, others: Any) -> None:
    request = spending_request(state=state)
    assert request_page(request) in client_of(person()).get("/desk/").content.decode()
    assert request_page(request) not in client_of(others()).get("/desk/").content.decode()


def test_list_shows_the_total_of_what_is_filtered() -> None:
    spending_request(amount_fen=100)
    spending_request(amount_fen=250)
    spending_request(state=SpendingState.WITHDRAWN, amount_fen=7_000)
    assert "¥3.50" in client_of(mei()).get(f"{LIST}?state=filed").content.decode()


def test_export_holds_what_is_filtered_and_no_formula() -> None:
    spending_request(title='=HYPERLINK("http://example.org")', amount_fen=12_345)
    spending_request(state=SpendingState.WITHDRAWN)
    answer = client_of(mei()).get(f"{LIST}?state=filed&export=xlsx")
    content = answer.getvalue()
    cells = [cell for row in load_workbook(BytesIO(content)).active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell.value for cell in cells if cell.data_type == "n" and cell.value] == [123.45]


def queries_of(address: str, person: Any) -> int:
    client = client_of(person)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_list_takes_as_many_queries_for_nine_requests_as_for_one() -> None:
    fund = spending_request().fund
    with_one = queries_of(LIST, mei())
    for _number in range(8):
        spending_request(fund)
    assert queries_of(f"{LIST}?per_page=50", mei()) == with_one


def test_page_of_a_fund_does_not_read_its_requests() -> None:
    fund = active_fund()
    alone = queries_of(f"/desk/funds/{CODE}/", mei())
    for _number in range(8):
        spending_request(fund)
    assert queries_of(f"/desk/funds/{CODE}/", mei()) == alone


def test_page_of_a_request_takes_as_many_queries_with_nine_steps_behind_it() -> None:
    request = spending_request()
    few = queries_of(request_page(request), mei())
    last = history(request).last()
    assert last is not None
    for _number in range(8):
        last.pk = None
        last.save(force_insert=True)
    assert queries_of(request_page(request), mei()) == few
