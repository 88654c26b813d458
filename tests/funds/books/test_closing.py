"""Closing a fund's months: who may, what is refused, what is told, and that it happens once."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from charity_hub.errors import Refused
from charity_hub.ledger.errors import MonthClosed
from charity_hub.people.models import User
from charity_hub.workflow.actions import history
from donations.deposits.workflow import receive_cash
from funds.books.closing import close_books, finished_months, months_to_close
from funds.books.open_items import open_items, reports_missing
from funds.books.registrations import years_to_close
from funds.profile.models import Fund
from tests import cast
from tests.builders import cash_deposit, draft_fund, gift, spending_request
from tests.charity_hub.reports.scenes import fund_of_2024, issued

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]

DECEMBER = date(2025, 12, 1)
YEARS_END = date(2025, 12, 31)


@pytest.fixture
def fund() -> Fund:
    return fund_of_2024()


def test_finished_months_run_from_the_first_posting_to_the_last_month(fund: Fund) -> None:
    months = finished_months(fund)
    assert (months[0], months[-1], len(months)) == (date(2024, 6, 1), date(2026, 2, 1), 21)


def test_closed_months_do_not_wait_any_more(fund: Fund) -> None:
    close_books(fund, DECEMBER, actor=cast.mei())
    assert months_to_close(fund) == [date(2026, 1, 1), date(2026, 2, 1)]


def test_a_fund_without_books_has_nothing_to_close() -> None:
    assert months_to_close(draft_fund()) == []


@pytest.mark.parametrize("who", [cast.mei, cast.ping, cast.ada])
def test_the_street_and_the_host_close(fund: Fund, who: object) -> None:
    assert callable(who)
    assert close_books(fund, DECEMBER, actor=who())
    fund.refresh_from_db()
    assert fund.book is not None
    assert fund.book.closed_through == YEARS_END


@pytest.mark.parametrize("who", [cast.jun, cast.rui, cast.wen, cast.yan, cast.hua])
def test_nobody_else_closes(fund: Fund, who: object) -> None:
    assert callable(who)
    with pytest.raises(PermissionDenied):
        close_books(fund, DECEMBER, actor=who())


def test_closing_leaves_who_and_what_before(fund: Fund) -> None:
    close_books(fund, date(2025, 6, 1), actor=cast.mei())
    close_books(fund, DECEMBER, actor=cast.ping())
    assert fund.book is not None
    rows = [(row.old, row.new, row.actor) for row in history(fund.book)]
    assert rows == [("", "2025-06-30", cast.mei()), ("2025-06-30", "2025-12-31", cast.ping())]


def test_closing_again_is_quiet(fund: Fund) -> None:
    close_books(fund, DECEMBER, actor=cast.mei())
    assert not close_books(fund, DECEMBER, actor=cast.mei())
    assert not close_books(fund, date(2025, 6, 1), actor=cast.mei())
    assert fund.book is not None
    assert history(fund.book).count() == 1


def test_a_month_that_lasts_is_refused(fund: Fund) -> None:
    # PostgreSQL looks at its own clock, which tests do not set.
    with pytest.raises(MonthClosed):
        close_books(fund, date(2999, 1, 1), actor=cast.mei())


def test_a_fund_without_books_is_refused() -> None:
    with pytest.raises(Refused, match="activates"):
        close_books(draft_fund(), DECEMBER, actor=cast.mei())


def test_a_late_gift_is_refused_and_recorded_in_an_open_month(fund: Fund) -> None:
    close_books(fund, DECEMBER, actor=cast.mei())
    with pytest.raises(Refused, match="2025-12-31"):
        gift(given_on=date(2025, 12, 30))
    assert gift(given_on=date(2026, 1, 1)).given_on == date(2026, 1, 1)


def test_a_quiet_year_leaves_nothing_open(fund: Fund) -> None:
    spending_request(fund, "paid", on=date(2025, 5, 5))
    gift(given_on=date(2025, 5, 5), way="bank_transfer")
    assert open_items(fund, YEARS_END) == []


def test_cash_of_these_months_at_the_station_is_told(fund: Fund) -> None:
    gift(given_on=date(2025, 12, 30), amount_fen=30_000)
    gift(given_on=date(2026, 1, 2), amount_fen=70_000)
    assert [sentence.split()[0] for sentence in open_items(fund, YEARS_END)] == ["¥300.00"]


def test_cash_on_its_way_is_told_until_it_arrives(fund: Fund) -> None:
    gift(given_on=date(2025, 12, 30), amount_fen=30_000)
    deposit = cash_deposit(amount_fen=30_000, handed_in_on=date(2025, 12, 31))
    assert [sentence.split()[0] for sentence in open_items(fund, YEARS_END)] == ["¥300.00"]
    receive_cash(deposit, received_on=date(2026, 1, 3), actor=cast.qin())
    assert open_items(fund, YEARS_END) == []


def test_requests_approved_and_not_paid_are_told(fund: Fund) -> None:
    spending_request(fund, "approved", on=date(2025, 12, 30), amount_fen=10_000)
    spending_request(fund, "approved", on=date(2026, 1, 3), amount_fen=99_900)
    (sentence,) = open_items(fund, YEARS_END)
    assert "1 request" in sentence
    assert "¥100.00" in sentence


def test_years_without_an_issued_report_are_told(fund: Fund) -> None:
    assert ["2024" in sentence for sentence in reports_missing(fund, YEARS_END)] == [True, False]
    assert reports_missing(fund, date(2024, 11, 30)) == []
    issued(2024)
    assert ["2025" in sentence for sentence in reports_missing(fund, YEARS_END)] == [True]


def titles(user: User) -> list[str]:
    return [str(item.title) for item in years_to_close(user)]


def test_a_reported_year_waits_for_its_street_until_it_is_closed(fund: Fund) -> None:
    assert titles(cast.mei()) == []
    issued()
    assert (titles(cast.mei()), titles(cast.jun()), titles(cast.ping())) == ([fund.name], [], [])
    close_books(fund, date(2025, 6, 1), actor=cast.mei())
    assert titles(cast.mei()) == [fund.name]
    close_books(fund, DECEMBER, actor=cast.mei())
    assert titles(cast.mei()) == []
