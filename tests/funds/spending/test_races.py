"""Several people in the same second, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.models import Transfer
from charity_hub.people.models import Role, User
from funds.profile.accounts import money_of
from funds.profile.actions import propose_fund
from funds.profile.models import Fund
from funds.profile.workflow import activate_fund, submit_fund, wind_up_fund
from funds.spending.actions import file_request
from funds.spending.models import SpendingRequest, SpendingState
from funds.spending.workflow import approve_request, pay_request, release_request, revise_request
from tests.builders import (
    active_fund,
    draft_fund,
    membership,
    proposal,
    spending_request,
    spending_terms,
    user,
)
from tests.cast import host_charity, mei, ping, qin

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = timezone.localdate()


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """What each job returned or the sentence with which it was refused; all start together."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        try:
            barrier.wait()
            return job()
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def pay(request: SpendingRequest, actor: User) -> Callable[[], object]:
    return partial(pay_request, request, paid_on=TODAY, bank_reference="B1", actor=actor)


def test_two_officers_who_pay_at_once_pay_once() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    third = user("示例出纳")
    membership(third, Role.CHARITY_OFFICER, at=host_charity())
    answers = at_once([pay(request, qin()), pay(request, third)])
    assert sorted(answers, key=str) == [False, True]
    assert Transfer.objects.filter(kind="payment:service").count() == 1


def test_double_click_on_pay_pays_once() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    officer = qin()
    assert sorted(at_once([pay(request, officer)] * 4), key=str) == [False, False, False, True]
    assert money_of(request.fund).bank == 10_000_000 - request.amount_fen


def test_payment_and_release_at_once_do_one_of_the_two() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    officer, other = qin(), ping()
    at_once([pay(request, officer), lambda: release_request(request, "取消", actor=other)])
    money = money_of(request.fund)
    request.refresh_from_db()
    assert (request.state, money.bank) in {("paid", 10_000_000 - 100_000), ("released", 10_000_000)}
    assert (money.committed, money.free) == (0, money.bank)


def test_twenty_approvals_at_once_never_promise_more_than_there_is() -> None:
    fund, officer = active_fund(seed_money_fen=700), ping()
    requests = [spending_request(fund, amount_fen=100) for _number in range(20)]
    answers = at_once([partial(approve_request, request, actor=officer) for request in requests])
    money = money_of(fund)
    assert (answers.count(True), money.free, money.committed) == (7, 0, 700)
    assert fund.spending.filter(state=SpendingState.APPROVED).count() == 7


def test_twenty_payments_at_once_take_out_exactly_their_sum() -> None:
    fund, officer = active_fund(), qin()
    requests = [
        spending_request(fund, SpendingState.APPROVED, amount_fen=100 + number) for number in range(20)
    ]
    answers = at_once([pay(request, officer) for request in requests])
    assert answers == [True] * 20
    assert money_of(fund).bank == 10_000_000 - sum(request.amount_fen for request in requests)


def test_two_funds_proposed_at_once_get_two_codes() -> None:
    terms, proposer = proposal(), mei()
    at_once([lambda: propose_fund(terms, actor=proposer)] * 5)
    codes = set(Fund.objects.values_list("code", flat=True))
    assert codes == {f"JJ-440605011-0{number}" for number in range(1, 6)}


def test_two_officers_who_activate_at_once_post_the_seed_money_once() -> None:
    fund = draft_fund()
    submit_fund(fund, actor=mei())
    one, two = ping(), qin()
    answers = at_once([lambda: activate_fund(fund, actor=one), lambda: activate_fund(fund, actor=two)])
    assert sorted(answers, key=str) == [False, True]
    assert Transfer.objects.filter(kind="seed").count() == 1


def test_double_click_on_revise_files_once_and_refuses_nothing() -> None:
    request, filer = spending_request(state=SpendingState.RETURNED), mei()
    terms = spending_terms(request.fund, title="另一事项")
    answers = at_once([partial(revise_request, request, terms=terms, actor=filer)] * 4)
    assert sorted(answers, key=str) == [False, False, False, True]


def test_request_filed_while_the_fund_winds_up_does_not_stay_open() -> None:
    fund, filer, officer = active_fund(), mei(), ping()
    terms = spending_terms(fund)
    jobs: list[Callable[[], object]] = [
        partial(file_request, terms, fund=fund, actor=filer) for _time in range(4)
    ]
    *_filed, ended = at_once([*jobs, lambda: wind_up_fund(fund, "到期", actor=officer)])
    assert ended is True
    assert not fund.spending.undecided().exists()
