"""Cash on its way: handed in by the station, received by somebody else at the charity."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.models import Account, Transfer
from donations.deposits.models import CashDeposit
from donations.deposits.workflow import receive_cash
from donations.money.models import Way
from tests.builders import active_fund, cash_deposit, gift
from tests.cast import ada, ping

pytestmark = pytest.mark.django_db


def balances() -> tuple[int, int, int]:
    """The station's cash, what is on its way, and what the bank got beyond the seed money."""
    station, fund = "ZD-440605011-01", active_fund()
    codes = [f"cash:{station}:{fund.code}", f"transit:{station}:{fund.code}", f"bank:{fund.code}"]
    held = dict(Account.objects.filter(code__in=codes).values_list("code", "balance"))
    return held[codes[0]], held.get(codes[1], 0), held[codes[2]] - fund.seed_money_fen


def test_handing_in_moves_cash_onto_its_way() -> None:
    gift(amount_fen=10_000)
    cash_deposit(amount_fen=4_000)
    assert balances() == (6_000, 4_000, 0)


def test_receiving_moves_it_to_the_bank() -> None:
    gift(amount_fen=10_000)
    receive_cash(cash_deposit(amount_fen=4_000), received_on=timezone.localdate(), actor=ping())
    assert balances() == (6_000, 0, 4_000)


def test_more_than_the_station_holds_is_refused_with_the_figure() -> None:
    gift(amount_fen=10_000)
    with pytest.raises(Refused, match=r"¥100\.00") as refusal:
        cash_deposit(amount_fen=10_001)
    assert refusal.value.field == "amount_fen"
    assert not CashDeposit.objects.exists()


def test_a_station_that_never_took_cash_holds_nothing() -> None:
    gift(way=Way.QR_TRANSFER)
    with pytest.raises(Refused, match=r"¥0\.00"):
        cash_deposit(amount_fen=1)


@pytest.mark.parametrize(
    ("field", "value"), [("slip", " "), ("amount_fen", 0), ("handed_in_on", date(2999, 1, 1))]
)
def test_what_cannot_be_right_is_refused_at_its_field(field: str, value: object) -> None:
    gift()
    with pytest.raises(Refused) as refusal:
        cash_deposit(**{field: value})
    assert refusal.value.field == field


def test_who_handed_in_cannot_receive_not_even_the_administrator() -> None:
    gift()
    deposit = cash_deposit(actor=ada())
    with pytest.raises(Refused):
        receive_cash(deposit, received_on=timezone.localdate(), actor=ada())


def test_receiving_twice_is_receiving_once() -> None:
    gift()
    deposit = cash_deposit()
    assert receive_cash(deposit, received_on=timezone.localdate(), actor=ping()) is True
    assert receive_cash(deposit, received_on=timezone.localdate(), actor=ping()) is False
    assert Transfer.objects.filter(kind="deposit_received").count() == 1


def test_it_cannot_arrive_before_it_was_handed_in() -> None:
    gift()
    deposit = cash_deposit()
    with pytest.raises(Refused) as refusal:
        receive_cash(deposit, received_on=timezone.localdate() - timedelta(days=1), actor=ping())
    assert refusal.value.field == "received_on"
