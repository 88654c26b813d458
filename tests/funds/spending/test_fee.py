"""The management fee: to the host alone, and no more of the gifts than agreed."""

import pytest
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, post, reverse
from charity_hub.ledger.models import Transfer
from funds.profile.accounts import bank_of
from funds.profile.models import Fund
from funds.spending.actions import file_request
from funds.spending.models import SpendingRequest, SpendingState, Use
from funds.spending.rules import gifts_received, percent
from funds.spending.workflow import approve_request, pay_request
from tests.builders import active_fund, purpose_of, spending_request, spending_terms
from tests.cast import mei, ping, qin

pytestmark = pytest.mark.django_db


def given(fund: Fund, amount: int, key: str = "gift-1") -> Transfer:
    """A gift to the unrestricted purpose, straight to the bank."""
    net, _committed = purpose_of(fund).accounts
    lines = [Line(bank_of(fund), amount), Line(net, -amount)]
    return post("trial:person", lines, key=key, occurred_on=timezone.localdate())


def fee(fund: Fund, amount: int, key: str = "fee", **fields: object) -> SpendingRequest:
    values = {"use": Use.MANAGEMENT_FEE, "payee_name": fund.host.name, "amount_fen": amount} | fields
    return file_request(spending_terms(fund, **values), fund=fund, actor=mei())


def test_fee_up_to_the_agreed_part_of_the_gifts_is_filed() -> None:
    fund = active_fund(management_fee_bp=500)
    given(fund, 100_000)
    assert fee(fund, 5_000).state == SpendingState.FILED


def test_fee_beyond_the_agreed_part_is_refused_with_the_figures() -> None:
    fund = active_fund(management_fee_bp=500)
    given(fund, 100_000)
    with pytest.raises(Refused, match=r"5%.*¥50\.00.*¥1,000\.00"):
        fee(fund, 5_001)


def test_seed_money_is_no_gift() -> None:
    assert gifts_received(active_fund()) == 0


def test_voided_gift_no_longer_counts() -> None:
    fund = active_fund()
    wrong = given(fund, 100_000)
    assert gifts_received(fund) == 100_000
    reverse(wrong, "录错", actor=ping())
    assert gifts_received(fund) == 0


def test_fee_already_approved_counts() -> None:
    fund = active_fund(management_fee_bp=500)
    given(fund, 100_000)
    approve_request(fee(fund, 3_000, "one"), actor=ping())
    with pytest.raises(Refused, match=r"¥20\.00"):
        fee(fund, 2_001, "two")


def test_fee_already_paid_counts() -> None:
    fund = active_fund(management_fee_bp=500)
    given(fund, 100_000)
    paid = fee(fund, 3_000, "one")
    approve_request(paid, actor=ping())
    pay_request(paid, paid_on=timezone.localdate(), bank_reference="B1", actor=qin())
    with pytest.raises(Refused):
        fee(fund, 2_001, "two")
    assert fee(fund, 2_000, "three").state == SpendingState.FILED


def test_two_fees_filed_side_by_side_are_not_both_approved() -> None:
    fund = active_fund(management_fee_bp=500)
    given(fund, 100_000)
    first, second = fee(fund, 3_000, "one"), fee(fund, 3_000, "two")
    approve_request(first, actor=ping())
    with pytest.raises(Refused):
        approve_request(second, actor=ping())


def test_fee_goes_to_the_host_charity_alone() -> None:
    fund = active_fund()
    given(fund, 100_000)
    with pytest.raises(Refused) as refused:
        fee(fund, 100, payee_name="别人")
    assert refused.value.field == "payee_name"


def test_other_uses_have_no_such_limit() -> None:
    assert spending_request(use=Use.SERVICE).state == SpendingState.FILED


@pytest.mark.parametrize(("basis_points", "words"), [(0, "0"), (500, "5"), (550, "5.5"), (5, "0.05")])
def test_rates_are_written_shortly(basis_points: int, words: str) -> None:
    assert percent(basis_points) == words
