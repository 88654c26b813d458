"""Requests are found by number, title and payee, typed in Chinese or as they sound."""

import pytest

from funds.spending.registrations import find_requests
from funds.spending.workflow import return_request, revise_request
from tests.builders import active_fund, spending_request, spending_terms
from tests.cast import client_of, jun, mei, ping

pytestmark = pytest.mark.django_db

LIST = "/desk/spending/"


def found(words: str) -> list[str]:
    table = client_of(mei()).get(LIST, {"q": words}).context["table"]
    return [row.record.title for row in table.rows]


@pytest.fixture
def two_requests() -> None:
    spending_request(title="长者家庭安全改造", payee_name="示例工程服务部")
    spending_request(title="青少年成长营", payee_name="梁示例")


@pytest.mark.parametrize(
    "words", ["qingshaonian", "qsn", "liangshili", "lsl", "梁示例", "青少年", "liang qsn", "QSN"]
)
@pytest.mark.usefixtures("two_requests")
def test_list_finds_by_title_and_payee(words: str) -> None:
    assert found(words) == ["青少年成长营"]


@pytest.mark.usefixtures("two_requests")
def test_list_finds_nothing_that_sounds_otherwise() -> None:
    assert found("shequ") == []


@pytest.mark.usefixtures("two_requests")
def test_search_of_the_desk_finds_the_same_and_in_scope_alone() -> None:
    assert [str(item.title).split()[-1] for item in find_requests(mei(), "liangshili")] == ["青少年成长营"]
    assert find_requests(jun(), "liangshili") == []


def test_revised_request_is_found_by_its_new_words() -> None:
    fund = active_fund()
    request = spending_request(fund, title="青少年成长营")
    return_request(request, "请改用途。", actor=ping())
    revise_request(request, terms=spending_terms(fund, title="邻里互助日"), actor=mei())
    assert (found("qingshaonian"), found("linlihuzhu")) == ([], ["邻里互助日"])
