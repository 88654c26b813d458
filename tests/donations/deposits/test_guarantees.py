"""What PostgreSQL guarantees of cash on its way, attacked with SQL that goes round the actions."""

from typing import Any

import pytest
from django.db import Error, IntegrityError

from charity_hub.ledger.actions import Line, post
from charity_hub.ledger.actions import reverse as reverse_transfer
from charity_hub.ledger.models import Account, Transfer
from donations.deposits.models import CashDeposit
from donations.deposits.workflow import receive_cash, withdraw_deposit
from donations.stations.accounts import cash_account, transit_account
from funds.profile.accounts import bank_of
from tests.builders import cash_deposit, gift
from tests.cast import ping, wen
from tests.charity_hub.ledger.attacks import check_deferred, refused_by
from tests.donations.deposits.test_withdrawal import WHY, received, underway
from tests.donations.money.test_guarantees import attack
from tests.funds.attacks import sql_unchecked, without_guard

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change", ["amount_fen = 1", "slip = 'x'", "fund_id = fund_id + 1", "handed_in_by_id = 0"]
)
def test_a_cash_deposit_is_never_edited(change: str) -> None:
    gift()
    deposit = cash_deposit()
    with pytest.raises(IntegrityError, match="UPDATE of donations_cash_deposit: refused"):
        attack(f"UPDATE donations_cash_deposit SET {change} WHERE id = %s", [deposit.pk])


def test_a_received_deposit_never_comes_back() -> None:
    gift()
    deposit = cash_deposit()
    receive_cash(deposit, received_on=deposit.handed_in_on, actor=ping())
    with pytest.raises(IntegrityError, match="UPDATE of donations_cash_deposit: refused"):
        attack(
            "UPDATE donations_cash_deposit SET state = 'handed_in', received_by_id = NULL, "
            "received_on = NULL WHERE id = %s",
            [deposit.pk],
        )


def test_who_handed_in_does_not_receive() -> None:
    gift()
    deposit = cash_deposit()
    with pytest.raises(IntegrityError, match="cash_deposit_not_received_by_who_handed_it_in"):
        attack(
            "UPDATE donations_cash_deposit SET state = 'received', received_by_id = "
            "handed_in_by_id, received_on = now()"
            " WHERE id = %s",
            [deposit.pk],
        )


def test_a_deposit_is_never_deleted() -> None:
    gift()
    deposit = cash_deposit()
    with pytest.raises(Error, match="DELETE of donations_cash_deposit: refused"):
        attack("DELETE FROM donations_cash_deposit WHERE id = %s", [deposit.pk])


def test_sql_does_not_take_it_back_without_the_reversal() -> None:
    deposit = underway()
    with pytest.raises(IntegrityError, match="its transfers differ"):
        attack("UPDATE donations_cash_deposit SET state = 'withdrawn' WHERE id = %s", [deposit.pk])


def test_sql_does_not_receive_it_without_the_transfer() -> None:
    deposit = underway()
    with pytest.raises(IntegrityError, match="its transfers differ"):
        attack(
            "UPDATE donations_cash_deposit SET state = 'received', received_on = handed_in_on,"
            " received_by_id = %s WHERE id = %s",
            [ping().pk, deposit.pk],
        )


def test_sql_does_not_hand_in_what_was_not_posted() -> None:
    deposit = underway()
    with pytest.raises(IntegrityError, match="its transfers differ"):
        attack(
            "INSERT INTO donations_cash_deposit (number, station_id, fund_id, amount_fen, handed_in_on, slip,"
            " handed_in_by_id, state) SELECT 'JK-2025-999999', station_id, fund_id, amount_fen,"
            " handed_in_on, slip, handed_in_by_id, state FROM donations_cash_deposit WHERE id = %s",
            [deposit.pk],
        )


def receive_from(account: Account, deposit: CashDeposit) -> None:
    sql_unchecked(
        "UPDATE donations_cash_deposit SET state = 'received', received_on = handed_in_on,"
        " received_by_id = %s WHERE id = %s",
        ping().pk,
        deposit.pk,
    )
    post(
        "deposit_received",
        [Line(bank_of(deposit.fund), deposit.amount_fen), Line(account, -deposit.amount_fen)],
        key=f"deposit_received:{deposit.number}",
        occurred_on=deposit.handed_in_on,
        source=deposit,
    )
    check_deferred()


def test_what_was_on_its_way_arrives() -> None:
    deposit = underway()
    without_guard(CashDeposit, "cashdeposit_moves_are_recorded")
    receive_from(transit_account(deposit.station, deposit.fund), deposit)


def test_what_is_at_the_station_does_not_arrive() -> None:
    deposit = underway()
    gift(amount_fen=deposit.amount_fen)
    with refused_by("cash_deposit_agrees_with_its_transfers"):
        receive_from(cash_account(deposit.station, deposit.fund), deposit)


@pytest.mark.parametrize("made", [underway, received])
def test_its_transfer_is_not_reversed_without_it(made: Any) -> None:
    made()
    last = Transfer.objects.filter(kind__startswith="deposit").latest("pk")
    with refused_by("cash_deposit_agrees_with_its_transfers"):
        reverse_transfer(last, WHY, actor=ping())
        check_deferred()


@pytest.mark.parametrize("state", ["handed_in", "received"])
def test_sql_does_not_bring_it_back(state: str) -> None:
    deposit = underway()
    withdraw_deposit(deposit, WHY, actor=wen())
    with pytest.raises(IntegrityError, match="does not move from withdrawn"):
        attack("UPDATE donations_cash_deposit SET state = %s WHERE id = %s", [state, deposit.pk])


def test_who_received_it_stays_when_it_is_taken_back() -> None:
    deposit = received()
    withdraw_deposit(deposit, WHY, actor=ping())
    with refused_by("cash_deposit_keeps_who_received_it"):
        attack(
            "UPDATE donations_cash_deposit SET received_by_id = NULL, received_on = NULL WHERE id = %s",
            [deposit.pk],
        )


def test_a_move_without_its_history_row_is_refused() -> None:
    deposit = underway()
    with refused_by("cashdeposit_moves_are_recorded"):
        reverse_transfer(Transfer.objects.get(kind="deposit"), WHY, actor=wen())
        sql_unchecked("UPDATE donations_cash_deposit SET state = 'withdrawn' WHERE id = %s", deposit.pk)
        check_deferred()
