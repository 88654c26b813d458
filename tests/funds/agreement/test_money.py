"""Money follows the version that is in force on its day."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, post
from charity_hub.ledger.models import Transfer
from donations.money.workflow import void_gift
from funds.books.closing import close_books
from funds.profile.accounts import bank_of, money_of
from funds.profile.agreements import fee_rates
from funds.profile.models import Fund
from funds.profile.remaining_assets import hand_over_remaining_assets, named_recipient
from funds.profile.workflow import wind_up_fund
from funds.spending.actions import file_request
from funds.spending.models import Use
from funds.spending.rules import fee_allowed
from tests.builders import active_fund, agreement_version, gift, purpose_of, spending_terms
from tests.cast import mei, ping, qin

pytestmark = pytest.mark.django_db

BEGUN = date(2026, 1, 1)
CHANGED = date(2026, 3, 10)
NOW = "2026-04-20T12:00:00+08:00"
OLD_TERMS: dict[str, Any] = {"signed_on": BEGUN, "starts_on": BEGUN}


def given(fund: Fund, amount: int, on: date) -> Transfer:
    net, _committed = purpose_of(fund).accounts
    lines = [Line(bank_of(fund), amount), Line(net, -amount)]
    return post("trial:person", lines, key=f"gift:{on}", occurred_on=on)


def changing_fund(rate: int, later: int) -> Fund:
    """A fund whose management fee was one rate (basis points) and is another since 10 March 2026."""
    fund = active_fund(on=BEGUN, management_fee_bp=rate, **OLD_TERMS)
    agreement_version(fund, valid_from=CHANGED, signed_on=BEGUN, management_fee_bp=later)
    return fund


@time_machine.travel(NOW, tick=False)
def test_each_gift_bears_the_fee_of_its_own_day() -> None:
    fund = changing_fund(300, 1000)
    given(fund, 100_000, date(2026, 2, 20))
    given(fund, 200_000, CHANGED - timedelta(days=1))
    given(fund, 400_000, CHANGED)
    given(fund, 800_000, date(2026, 4, 1))
    assert fee_allowed(fund) == 300_000 * 300 // 10_000 + 1_200_000 * 1000 // 10_000


@time_machine.travel(NOW, tick=False)
def test_raised_fee_takes_nothing_of_what_was_given_before() -> None:
    fund = changing_fund(0, 1000)
    given(fund, 1_000_000, CHANGED - timedelta(days=1))
    assert fee_allowed(fund) == 0


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(("rate", "later"), [(1000, 0), (300, 1000)], ids=["lowered", "raised"])
def test_gift_voided_after_its_month_was_closed_bears_no_fee(rate: int, later: int) -> None:
    fund = changing_fund(rate, later)
    wrong = gift(fund=fund, amount_fen=1_000_000, given_on=date(2026, 1, 20))
    given(fund, 500_000, CHANGED)
    close_books(fund, date(2026, 1, 31), actor=mei())
    void_gift(wrong, "记错", actor=ping())
    assert Transfer.objects.get(reverses=wrong.transfer).occurred_on > CHANGED
    assert fee_allowed(fund) == 500_000 * later // 10_000


@time_machine.travel("2026-04-01T12:00:00+08:00", tick=False)
def test_gift_voided_after_the_change_and_before_the_next_bears_no_fee() -> None:
    fund = changing_fund(300, 1000)
    agreement_version(fund, valid_from=date(2026, 4, 15), signed_on=BEGUN, management_fee_bp=100)
    wrong = gift(fund=fund, amount_fen=1_000_000, given_on=date(2026, 1, 20))
    close_books(fund, date(2026, 1, 31), actor=mei())
    void_gift(wrong, "记错", actor=ping())
    assert fee_allowed(fund) == 0


@time_machine.travel(NOW, tick=False)
def test_no_fee_is_filed_for_a_gift_that_never_was() -> None:
    fund = changing_fund(1000, 0)
    wrong = gift(fund=fund, amount_fen=1_000_000, given_on=date(2026, 1, 20))
    close_books(fund, date(2026, 1, 31), actor=mei())
    void_gift(wrong, "记错", actor=ping())
    terms = spending_terms(fund, use=Use.MANAGEMENT_FEE, payee_name=fund.host.name, amount_fen=100)
    with pytest.raises(Refused, match=r"at most ¥0\.00"):
        file_request(terms, fund=fund, actor=mei())


@time_machine.travel(NOW, tick=False)
def test_voided_gifts_add_no_queries(django_assert_num_queries: Any) -> None:
    fund = changing_fund(300, 1000)
    wrong = [gift(fund=fund, given_on=date(2026, 1, day)) for day in (20, 21, 22)]
    close_books(fund, date(2026, 1, 31), actor=mei())
    for one in wrong:
        void_gift(one, "记错", actor=ping())
    with django_assert_num_queries(5):
        assert fee_allowed(fund) == 0


@time_machine.travel(NOW, tick=False)
def test_refused_fee_names_both_rates() -> None:
    fund = changing_fund(300, 500)
    given(fund, 100_000, CHANGED)
    terms = spending_terms(fund, use=Use.MANAGEMENT_FEE, payee_name=fund.host.name, amount_fen=5_001)
    with pytest.raises(Refused, match=r"3%; from 2026-03-10 on 5% of the gifts: ¥50\.00"):
        file_request(terms, fund=fund, actor=mei())


@time_machine.travel(NOW, tick=False)
def test_rates_of_versions_that_leave_the_fee_alone_are_one() -> None:
    fund = active_fund(on=BEGUN, management_fee_bp=300, **OLD_TERMS)
    agreement_version(fund, signed_on=BEGUN, valid_from=CHANGED)
    assert [rate.basis_points for rate in fee_rates(fund)] == [300]


def test_leftovers_go_where_the_version_in_force_says() -> None:
    taker, fund = active_fund(), active_fund("JJ-440605011-02", name="二号基金")
    agreement_version(fund, leftover_fund=taker)
    wind_up_fund(fund, "协议到期。", actor=ping())
    hand_over_remaining_assets(Fund.objects.get(pk=fund.pk), actor=qin())
    assert (money_of(fund).total, money_of(taker).total) == (0, 20_000_000)


def test_taker_named_from_tomorrow_on_is_not_the_taker_of_today() -> None:
    taker, fund = active_fund(), active_fund("JJ-440605011-02", name="二号基金")
    tomorrow = timezone.localdate() + timedelta(days=1)
    agreement_version(fund, valid_from=tomorrow, leftover_fund=taker)
    assert (named_recipient(fund), named_recipient(fund, tomorrow)) == (None, taker)
