"""Every step pressed twice: the second press is quiet, changes nothing and leaves no second history row."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.workflow.actions import history
from funds.profile.models import Fund
from funds.profile.remaining_assets import hand_over_remaining_assets
from funds.profile.workflow import (
    activate_fund,
    close_fund,
    resume_fund,
    return_fund,
    submit_fund,
    suspend_fund,
    wind_up_fund,
)
from funds.spending.models import SpendingRequest, SpendingState
from funds.spending.workflow import (
    approve_request,
    pay_request,
    release_request,
    return_request,
    revise_request,
    withdraw_request,
)
from tests.builders import active_fund, draft_fund, spending_request, spending_terms
from tests.cast import mei, ping, qin

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
FILED, APPROVED, RETURNED = SpendingState.FILED, SpendingState.APPROVED, SpendingState.RETURNED


def pay(request: SpendingRequest) -> object:
    return pay_request(request, paid_on=TODAY, bank_reference="B1", actor=qin())


def revise(request: SpendingRequest) -> object:
    return revise_request(request, terms=spending_terms(request.fund, title="另一事项"), actor=mei())


REQUEST_STEPS: list[tuple[str, Callable[[SpendingRequest], object]]] = [
    (RETURNED, revise),
    (FILED, lambda request: withdraw_request(request, actor=mei())),
    (FILED, lambda request: return_request(request, "请补充报价单。", actor=ping())),
    (FILED, lambda request: approve_request(request, actor=ping())),
    (APPROVED, lambda request: release_request(request, "活动取消。", actor=ping())),
    (APPROVED, pay),
]


@pytest.mark.parametrize(("state", "press"), REQUEST_STEPS)
def test_second_press_on_a_step_of_a_request_is_quiet(
    state: str, press: Callable[[SpendingRequest], object]
) -> None:
    request = spending_request(state=state)
    assert press(request) is True
    moves = history(request).count()
    assert press(request) is False
    assert history(request).count() == moves


def under_review() -> Fund:
    fund = draft_fund()
    submit_fund(fund, actor=mei())
    return fund


def suspended() -> Fund:
    fund = active_fund()
    suspend_fund(fund, "核查", actor=ping())
    return fund


def winding_up() -> Fund:
    fund = active_fund(seed_money_fen=0, seed_money_from="")
    wind_up_fund(fund, "到期", actor=ping())
    return fund


FUND_STEPS: list[tuple[Callable[[], Fund], Callable[[Fund], object]]] = [
    (draft_fund, lambda fund: submit_fund(fund, actor=mei())),
    (under_review, lambda fund: return_fund(fund, "请补充条款。", actor=ping())),
    (under_review, lambda fund: activate_fund(fund, actor=ping())),
    (active_fund, lambda fund: suspend_fund(fund, "核查", actor=ping())),
    (suspended, lambda fund: resume_fund(fund, "核查完毕", actor=ping())),
    (active_fund, lambda fund: wind_up_fund(fund, "到期", actor=ping())),
    (winding_up, lambda fund: close_fund(fund, actor=ping())),
]


@pytest.mark.parametrize(("made", "press"), FUND_STEPS)
def test_second_press_on_a_step_of_a_fund_is_quiet(
    made: Callable[[], Fund], press: Callable[[Fund], object]
) -> None:
    fund = made()
    assert press(fund) is True
    moves = history(fund).count()
    assert press(fund) is False
    assert history(fund).count() == moves


def test_second_press_on_handing_over_is_quiet() -> None:
    fund = active_fund()
    wind_up_fund(fund, "到期", actor=ping())
    assert hand_over_remaining_assets(fund, actor=qin(), bank_reference="B1") is not None
    assert hand_over_remaining_assets(fund, actor=qin(), bank_reference="B1") is None


def test_request_filed_again_with_other_terms_is_not_taken_for_a_second_press() -> None:
    request = spending_request(state=RETURNED)
    revise(request)
    with pytest.raises(Refused):
        revise_request(request, terms=spending_terms(request.fund, title="第三事项"), actor=mei())
