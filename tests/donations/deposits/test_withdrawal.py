"""A deposit sent by mistake, one whose amount differs at the bank, a cheque that bounced: taken back."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.models import Transfer
from charity_hub.workflow.actions import history
from donations.deposits.models import CashDeposit, DepositState
from donations.deposits.workflow import receive_cash, withdraw_deposit
from donations.money.models import Way
from donations.money.workflow import void_gift
from tests.builders import active_fund, cash_deposit, gift, purpose_of, spending_request
from tests.cast import client_of, hua, jun, lan, mei, ping, qin, rui, wen, yan
from tests.donations.deposits.test_deposits import balances

pytestmark = pytest.mark.django_db
WHY = "金额填错"


def underway() -> CashDeposit:
    gift(amount_fen=10_000)
    return cash_deposit(amount_fen=10_000)


def received() -> CashDeposit:
    deposit = underway()
    receive_cash(deposit, received_on=timezone.localdate(), actor=ping())
    return CashDeposit.objects.get(pk=deposit.pk)


def test_on_its_way_the_station_takes_it_back_into_its_cash() -> None:
    deposit = underway()
    assert withdraw_deposit(deposit, WHY, actor=wen())
    assert balances() == (10_000, 0, 0)
    assert CashDeposit.objects.get().state == DepositState.WITHDRAWN


def test_the_history_says_who_and_why() -> None:
    deposit = underway()
    withdraw_deposit(deposit, WHY, actor=wen())
    step = history(deposit)[1]
    assert (step.new, step.actor, step.why) == (DepositState.WITHDRAWN, wen(), WHY)


def test_the_charity_gives_back_what_the_bank_credited_otherwise() -> None:
    deposit = underway()
    withdraw_deposit(deposit, "银行入账90元", actor=ping())
    cash_deposit(amount_fen=9_000)
    assert balances() == (1_000, 9_000, 0)


def test_after_its_arrival_the_charity_takes_it_back_too() -> None:
    withdraw_deposit(received(), WHY, actor=qin())
    assert balances() == (10_000, 0, 0)


def test_after_its_arrival_the_station_does_not() -> None:
    with pytest.raises(PermissionDenied):
        withdraw_deposit(received(), WHY, actor=wen())


def test_a_cheque_that_bounced_is_voided_once_its_deposit_is_back() -> None:
    cheque = gift(amount_fen=10_000, way=Way.CHEQUE)
    deposit = cash_deposit(amount_fen=10_000)
    receive_cash(deposit, received_on=timezone.localdate(), actor=ping())
    with pytest.raises(Refused):
        void_gift(cheque, "支票退票", actor=ping())
    withdraw_deposit(deposit, "支票退票", actor=ping())
    void_gift(cheque, "支票退票", actor=ping())
    assert balances() == (0, 0, 0)


def test_twice_is_once() -> None:
    deposit = underway()
    withdraw_deposit(deposit, WHY, actor=ping())
    assert not withdraw_deposit(deposit, WHY, actor=ping())
    assert Transfer.objects.filter(reverses__isnull=False).count() == 1


def test_what_was_taken_back_does_not_arrive() -> None:
    deposit = underway()
    withdraw_deposit(deposit, WHY, actor=wen())
    with pytest.raises(Refused, match="Withdrawn"):
        receive_cash(deposit, received_on=timezone.localdate(), actor=ping())


def test_a_reason_is_asked_for() -> None:
    with pytest.raises(Refused) as caught:
        withdraw_deposit(underway(), " ", actor=wen())
    assert caught.value.field == "reason"


def test_money_that_is_spent_stays_where_it_is() -> None:
    deposit = received()
    whole = 10_000 + active_fund().seed_money_fen
    spending_request(purpose=purpose_of(active_fund()), amount_fen=whole, state="paid")
    with pytest.raises(Refused, match=r"¥0\.00"):
        withdraw_deposit(deposit, WHY, actor=ping())
    assert CashDeposit.objects.get().state == DepositState.RECEIVED


@pytest.mark.parametrize("other", [jun, mei, rui, yan, hua, lan])
def test_nobody_else_takes_it_back(other: Any) -> None:
    with pytest.raises(PermissionDenied):
        withdraw_deposit(underway(), WHY, actor=other())


def test_the_page_asks_for_the_reason_and_checks_before_it_binds() -> None:
    deposit = underway()
    client, address = client_of(wen()), reverse("deposits:withdraw", args=[deposit.number])
    assert address in client.get(deposit.get_absolute_url()).content.decode()
    assert "Check your answers" in client.post(address, {"reason": WHY}).content.decode()
    assert CashDeposit.objects.get().state == DepositState.HANDED_IN
    answer = client.post(address, {"reason": WHY, "confirmed": "1"})
    assert answer["Location"] == deposit.get_absolute_url()
    assert CashDeposit.objects.get().state == DepositState.WITHDRAWN
    assert address not in client.get(deposit.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("person", "status"), [(mei, 403), (yan, 403), (rui, 404)])
def test_others_do_not_open_the_page(person: Any, status: int) -> None:
    address = reverse("deposits:withdraw", args=[underway().number])
    assert client_of(person()).get(address).status_code == status
