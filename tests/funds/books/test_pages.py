"""The card on the fund's page and the page that closes months."""

from datetime import date

import pytest
from django.http import HttpResponse
from django.urls import reverse

from charity_hub.people.models import User
from funds.books.closing import close_books
from funds.profile.models import Fund
from tests import cast
from tests.builders import active_fund, draft_fund, gift
from tests.cast import client_of
from tests.charity_hub.reports.scenes import fund_of_2024

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]

DECEMBER = "2025-12-01"


@pytest.fixture
def fund() -> Fund:
    return fund_of_2024()


def closing(person: User | None, method: str = "get", **data: str) -> HttpResponse:
    send = getattr(client_of(person), method)
    answer: HttpResponse = send(reverse("books:close", args=[cast.FUND_CODE]), data)
    return answer


def fund_page(person: User) -> str:
    return client_of(person).get(reverse("fund_desk:fund", args=[cast.FUND_CODE])).content.decode()


def closed_through(fund: Fund) -> date | None:
    fund.refresh_from_db()
    assert fund.book is not None
    fund.book.refresh_from_db()
    return fund.book.closed_through


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (cast.mei, 200),
        (cast.ping, 200),
        (cast.ada, 200),
        (cast.jun, 404),
        (cast.rui, 404),
        (cast.yan, 403),
        (cast.hua, 403),
        (cast.lan, 403),
    ],
)
def test_who_opens_the_page(fund: Fund, who: object, status: int) -> None:
    assert callable(who)
    assert closing(who()).status_code == status


def test_the_last_december_is_proposed(fund: Fund) -> None:
    assert f'<option value="{DECEMBER}" selected>December 2025' in closing(cast.mei()).content.decode()


def test_first_it_says_what_cannot_be_done_afterwards(fund: Fund) -> None:
    gift(given_on=date(2025, 12, 30), amount_fen=30_000)
    page = closing(cast.mei(), "post", through=DECEMBER).content.decode()
    assert "2025-12-31" in page
    assert "¥300.00 of cash" in page
    assert "The annual report of 2025 is not issued yet" in page
    assert closed_through(fund) is None


def test_what_cannot_be_opened_again_is_closed_with_a_red_button(fund: Fund) -> None:
    page = closing(cast.mei(), "post", through=DECEMBER).content.decode()
    assert '<button type="submit" class="btn btn-danger" name="confirmed"' in page


def test_confirmed_it_closes(fund: Fund) -> None:
    answer = closing(cast.mei(), "post", through=DECEMBER, confirmed="1")
    assert answer.status_code == 302
    assert closed_through(fund) == date(2025, 12, 31)


def test_sent_twice_it_closes_once(fund: Fund) -> None:
    closing(cast.mei(), "post", through=DECEMBER, confirmed="1")
    assert closing(cast.mei(), "post", through=DECEMBER, confirmed="1").status_code == 302


def test_the_running_month_cannot_be_chosen(fund: Fund) -> None:
    page = closing(cast.mei(), "post", through="2026-03-01", confirmed="1")
    assert page.status_code == 200
    assert closed_through(fund) is None


def test_with_everything_closed_there_is_nothing_to_ask(fund: Fund) -> None:
    close_books(fund, date(2026, 2, 1), actor=cast.mei())
    assert closing(cast.mei()).status_code == 302


def test_a_draft_shows_no_books() -> None:
    shown = [
        'id="books"' in client_of(cast.mei()).get(reverse("fund_desk:fund", args=[fund.code])).text
        for fund in (draft_fund(), active_fund("JJ-440605011-02"))
    ]
    assert shown == [False, True]


def test_the_funds_page_says_what_is_closed_and_by_whom(fund: Fund) -> None:
    assert "No month is closed yet." in fund_page(cast.mei())
    close_books(fund, date(2025, 12, 1), actor=cast.ping())
    page = fund_page(cast.yan())
    assert "Closed through 2025-12-31" in page
    assert "平示例" in page
    assert "Finished and still open: January 2026 to February 2026 (2 months)" in page


def test_only_those_who_close_are_offered_it(fund: Fund) -> None:
    address = reverse("books:close", args=[cast.FUND_CODE])
    assert [address in fund_page(who) for who in (cast.mei(), cast.ping(), cast.yan())] == [True, True, False]
