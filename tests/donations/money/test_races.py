"""Two at once: real threads, real transactions."""

import threading
from collections.abc import Callable, Sequence

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from charity_hub.errors import Refused
from charity_hub.ledger.models import Account, Transfer
from donations.deposits.actions import hand_in_cash
from donations.deposits.models import CashDeposit, DepositState
from donations.deposits.workflow import receive_cash, withdraw_deposit
from donations.money.models import Donor, Gift
from donations.money.workflow import void_gift
from funds.spending.workflow import approve_request
from tests.builders import active_fund, cash_deposit, gift, purpose_of, spending_request, station
from tests.cast import ping, wen
from tests.donations.deposits.test_deposits import balances

pytestmark = pytest.mark.django_db(transaction=True)


def together(*jobs: Callable[[], object]) -> Sequence[BaseException | None]:
    """Run the jobs at the same time, each on its own connection; what each raised."""
    gate = threading.Barrier(len(jobs))
    raised: list[BaseException | None] = [None] * len(jobs)

    def run(place: int) -> None:
        try:
            gate.wait()
            jobs[place]()
        except BaseException as error:  # handed to the test
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_twenty_gifts_of_one_donor_at_once_are_twenty_gifts_of_one_donor() -> None:
    station(), wen()
    jobs = [gift] * 20
    assert together(*jobs) == [None] * 20
    assert (Gift.objects.count(), Donor.objects.count()) == (20, 1)
    assert Gift.objects.values("number").distinct().count() == 20
    assert Account.objects.get(code="cash:ZD-440605011-01:JJ-440605011-01").balance == 20 * 10_000


def test_voiding_twice_at_once_is_voiding_once() -> None:
    given, actor = gift(), wen()
    assert together(*[lambda: void_gift(given, "金额写错", actor=actor)] * 6) == [None] * 6
    assert Transfer.objects.filter(reverses=given.transfer).count() == 1


def test_voiding_and_committing_the_same_money_at_once_lets_one_through() -> None:
    schooling = purpose_of(active_fund(), "schooling")
    given = gift(purpose=schooling, amount_fen=10_000)
    request = spending_request(purpose=schooling, amount_fen=10_000)
    void, commit = together(
        lambda: void_gift(given, "金额写错", actor=wen()), lambda: approve_request(request, actor=ping())
    )
    assert [type(void), type(commit)].count(type(None)) == 1
    assert isinstance(void or commit, Refused)
    assert Account.objects.get(code="net:JJ-440605011-01:schooling").balance == 0


def test_cash_is_handed_in_once_however_many_try() -> None:
    gift(amount_fen=10_000)
    at, fund, actor = station(), active_fund(), wen()
    day = gift(amount_fen=1).given_on

    def hand_in() -> CashDeposit:
        return hand_in_cash(
            station=at,
            fund=fund,
            amount_fen=10_000,
            slip="1",
            handed_in_on=day,
            actor=actor,
        )

    raised = together(*[hand_in] * 6)
    assert [type(error) for error in raised if error] == [Refused] * 5
    assert CashDeposit.objects.count() == 1


def test_receiving_twice_at_once_is_receiving_once() -> None:
    gift()
    deposit, actor = cash_deposit(), ping()
    day = deposit.handed_in_on
    assert together(*[lambda: receive_cash(deposit, received_on=day, actor=actor)] * 6) == [None] * 6
    assert Transfer.objects.filter(kind="deposit_received").count() == 1


def test_received_and_taken_back_at_once_the_books_say_what_the_deposit_says() -> None:
    gift(amount_fen=10_000)
    deposit, officer, worker = cash_deposit(amount_fen=10_000), ping(), wen()
    raised = together(
        lambda: receive_cash(deposit, received_on=deposit.handed_in_on, actor=officer),
        lambda: withdraw_deposit(deposit, "金额填错", actor=worker),
    )
    assert len([error for error in raised if isinstance(error, Refused | PermissionDenied)]) == 1
    deposit.refresh_from_db()
    said = {DepositState.RECEIVED: (0, 0, 10_000), DepositState.WITHDRAWN: (10_000, 0, 0)}
    assert balances() == said[DepositState(deposit.state)]
