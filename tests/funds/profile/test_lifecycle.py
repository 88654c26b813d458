"""Holding a fund up, changing it, ending it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, post
from charity_hub.ledger.models import Account
from charity_hub.workflow.actions import history
from funds.profile.accounts import bank_of
from funds.profile.lifecycle import add_purpose, change_committee, retire_purpose
from funds.profile.models import Fund, FundState, Position
from funds.profile.remaining_assets import hand_over_remaining_assets
from funds.profile.terms import Seat
from funds.profile.workflow import close_fund, resume_fund, suspend_fund, wind_up_fund
from tests.builders import COMMITTEE, active_fund, draft_fund, purpose_of
from tests.cast import mei, ping, qin, rui

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def state_of(fund: Fund) -> str:
    return Fund.objects.values_list("state", flat=True).get(pk=fund.pk)


def winding_up(**fields: Any) -> Fund:
    fund = active_fund(**fields)
    wind_up_fund(fund, "协议到期。", actor=ping())
    return Fund.objects.get(pk=fund.pk)


def test_suspended_fund_is_resumed() -> None:
    fund = active_fund()
    suspend_fund(fund, "账目核查。", actor=ping())
    resume_fund(fund, "核查完毕。", actor=qin())
    assert state_of(fund) == FundState.ACTIVE


def test_suspending_needs_a_reason() -> None:
    with pytest.raises(Refused):
        suspend_fund(active_fund(), "", actor=ping())


def test_street_does_not_suspend() -> None:
    with pytest.raises(PermissionDenied):
        suspend_fund(active_fund(), "停", actor=mei())


def test_officer_of_another_charity_does_not_suspend() -> None:
    with pytest.raises(PermissionDenied):
        suspend_fund(active_fund(), "停", actor=rui())


def test_fund_under_review_is_not_resumed_into_activity() -> None:
    with pytest.raises(Refused):
        resume_fund(draft_fund(), "开始", actor=ping())


def test_draft_is_not_wound_up() -> None:
    with pytest.raises(Refused):
        wind_up_fund(draft_fund(), "不要了", actor=ping())


def test_fund_with_money_does_not_close_and_says_how_much_is_where() -> None:
    with pytest.raises(Refused, match=r"¥100,000\.00"):
        close_fund(winding_up(), actor=ping())


def test_empty_fund_closes_with_all_its_accounts() -> None:
    fund = winding_up()
    hand_over_remaining_assets(fund, actor=qin(), bank_reference="B1")
    close_fund(fund, actor=ping())
    assert state_of(fund) == FundState.CLOSED
    assert not Account.objects.filter(book__fund=fund, closed=False).exists()


def test_closing_twice_is_a_quiet_no_op() -> None:
    fund = winding_up(seed_money_fen=0, seed_money_from="")
    close_fund(fund, actor=ping())
    assert close_fund(fund, actor=ping()) is False


def test_active_fund_does_not_close() -> None:
    with pytest.raises(Refused):
        close_fund(active_fund(), actor=ping())


def test_new_purpose_of_an_active_fund_has_accounts() -> None:
    purpose = add_purpose(active_fund(), "社区应急", actor=ping())
    assert [account.code for account in purpose.accounts] == [
        "net:JJ-440605011-01:she-qu-ying-ji",
        "committed:JJ-440605011-01:she-qu-ying-ji",
    ]


def test_same_purpose_added_twice_is_one() -> None:
    fund = active_fund()
    assert add_purpose(fund, "社区应急", actor=ping()) == add_purpose(fund, "社区应急", actor=ping())


def test_empty_purpose_retires_and_its_accounts_close() -> None:
    purpose = purpose_of(active_fund(), "children")
    retire_purpose(purpose, actor=ping())
    purpose.refresh_from_db()
    assert purpose.retired_on == TODAY
    assert all(account.closed for account in purpose.accounts)


def test_purpose_that_holds_money_does_not_retire() -> None:
    fund = active_fund()
    purpose, net = purpose_of(fund, "children"), purpose_of(fund, "children").accounts[0]
    post("trial:person", [Line(bank_of(fund), 700), Line(net, -700)], key="g", occurred_on=TODAY)
    with pytest.raises(Refused, match=r"¥7\.00"):
        retire_purpose(purpose, actor=ping())


def test_unrestricted_purpose_never_retires() -> None:
    with pytest.raises(Refused):
        retire_purpose(purpose_of(active_fund()), actor=ping())


NEW_SUPERVISOR = [*COMMITTEE[:-1], Seat("新监督员", Position.SUPERVISOR)]


def test_committee_is_exchanged() -> None:
    fund = active_fund()
    change_committee(fund, NEW_SUPERVISOR, "任期届满。", actor=ping())
    assert fund.committee.get(position=Position.SUPERVISOR).name == "新监督员"


def test_history_keeps_who_came_who_left_and_why() -> None:
    fund = active_fund()
    change_committee(fund, NEW_SUPERVISOR, "任期届满。", actor=ping())
    last = history(fund).last()
    assert last is not None
    assert (last.actor, last.new) == (ping(), FundState.ACTIVE)
    assert "New: 新监督员 (Supervisor). Before: 监督员示例 (Supervisor). 任期届满。" in last.why


def test_same_committee_once_more_is_a_quiet_no_op() -> None:
    fund = active_fund()
    moves = history(fund).count()
    assert change_committee(fund, COMMITTEE, "任期届满。", actor=ping()) is False
    assert history(fund).count() == moves


def test_exchanging_the_committee_needs_a_reason() -> None:
    with pytest.raises(Refused) as refused:
        change_committee(active_fund(), NEW_SUPERVISOR, " ", actor=ping())
    assert refused.value.field == "reason"


def test_exchanged_committee_must_be_odd() -> None:
    with pytest.raises(Refused):
        change_committee(active_fund(), COMMITTEE[1:], "任期届满。", actor=ping())
