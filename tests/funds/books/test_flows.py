"""A fund's public page and its annual report never disagree: they say the same of every year and month."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from donations.deposits.workflow import receive_cash
from donations.money.workflow import void_gift
from funds.annual_report.books import Books
from funds.books.closing import close_books
from funds.profile.models import Fund
from funds.profile.remaining_assets import hand_over_remaining_assets
from funds.profile.workflow import wind_up_fund
from funds.public.figures import figures_of
from funds.public.periods import one_year
from tests import cast
from tests.builders import active_fund, cash_deposit, gift, spending_request, station
from tests.charity_hub.reports.scenes import fund_of_2024

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]

TODAY = date(2026, 3, 5)


def agree(fund: Fund, year: int) -> bool:
    """Compare month by month, by source, by use and in all; a year must have something to compare."""
    page, report = figures_of(fund, one_year(year, TODAY)), Books(fund, year).figures()
    months = {row.month.month: (row.inflow, row.outflow, row.balance) for row in page.months}
    told = {row["month"]: (row["in"], row["out"], row["closing"]) for row in report["months"]}
    assert months
    assert months == {month: told[month] for month in months}
    assert {kind: fen for kind, fen in page.sources if fen} == {
        row["source"]: row["fen"] for row in report["in"] if row["fen"]
    }
    assert {kind.removeprefix("payment:"): fen for kind, fen in page.uses if fen} == {
        row["use"]: row["fen"] for row in report["out"] if row["fen"]
    }
    return (page.inflow_in_period, page.outflow_in_period) == (
        report["totals"]["in"],
        report["totals"]["out"],
    )


@pytest.fixture
def busy() -> Fund:
    """Gifts, cash on its way, payments, a promise, a gift voided in an open and one in a closed month."""
    fund = fund_of_2024()
    station(funds=[fund])
    spending_request(fund, "paid", on=date(2025, 5, 5))
    spending_request(fund, "paid", on=date(2026, 1, 5), use="activity")
    spending_request(fund, "approved", on=date(2025, 12, 30))
    spending_request(fund, "released", on=date(2025, 7, 1))
    for month in (1, 6, 12):
        gift(given_on=date(2025, month, 28), amount_fen=month * 10_001)
    gift(given_on=date(2025, 3, 1), way="bank_transfer", donor_kind="anonymous", name="")
    receive_cash(
        cash_deposit(handed_in_on=date(2025, 12, 29)), received_on=date(2026, 1, 2), actor=cast.qin()
    )
    void_gift(gift(given_on=date(2025, 8, 8)), "记错", actor=cast.ping())
    late = gift(given_on=date(2025, 9, 9), amount_fen=4_444)
    close_books(fund, date(2025, 9, 1), actor=cast.mei())
    void_gift(late, "记错", actor=cast.ping())
    return fund


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_page_and_report_agree_on_a_busy_fund(busy: Fund, year: int) -> None:
    assert agree(busy, year)


def test_they_agree_on_leftovers_handed_over_and_taken_in() -> None:
    heir = fund_of_2024()
    giver = active_fund("JJ-440605011-02", leftover_fund=heir)
    wind_up_fund(giver, "协议到期。", actor=cast.ping())
    hand_over_remaining_assets(giver, actor=cast.qin())
    assert agree(giver, 2026)
    assert agree(heir, 2026)


def test_they_agree_on_the_demo() -> None:
    call_command("load_demo", stdout=StringIO())
    funds = list(Fund.objects.public())
    assert funds
    assert all(agree(fund, year) for fund in funds for year in (2025, 2026))
