"""The workflow of cash deposits, walked whole."""

from pathlib import Path

import pytest
from django.utils import timezone

from donations.deposits.models import CashDeposit, DepositState
from donations.deposits.workflow import DEPOSIT, receive_cash, withdraw_deposit
from tests.builders import cash_deposit, gift
from tests.cast import ping, wen
from tests.workflows import assert_walks

pytestmark = pytest.mark.django_db


def deposit_in(state: str) -> CashDeposit:
    """A deposit of Wen's in this state; Ping confirmed it, Wen took it back."""
    gift()
    deposit = cash_deposit()
    if state == DepositState.RECEIVED:
        receive_cash(deposit, received_on=timezone.localdate(), actor=ping())
    if state == DepositState.WITHDRAWN:
        withdraw_deposit(deposit, "金额填错", actor=wen())
    return CashDeposit.objects.get(pk=deposit.pk)


def test_every_move_by_everybody_in_every_state() -> None:
    assert_walks(
        DEPOSIT,
        made=deposit_in,
        data={"receive": lambda _row: {"received_on": timezone.localdate()}},
        golden=Path(__file__).parent / "moves.txt",
    )
