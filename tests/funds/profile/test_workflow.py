"""The workflow of funds, walked whole."""

from pathlib import Path

import pytest

from funds.profile.models import Fund, FundState
from funds.profile.workflow import FUND, close_fund, submit_fund, suspend_fund, wind_up_fund
from tests.builders import active_fund, draft_fund
from tests.cast import mei, ping
from tests.funds.attacks import refused_by, sql
from tests.workflows import assert_walks

pytestmark = pytest.mark.django_db


def fund_in(state: str) -> Fund:
    """A fund that Mei proposed and Ping activated, held up or ended; one that winds up still holds money."""
    if state in {FundState.DRAFT, FundState.UNDER_REVIEW}:
        fund = draft_fund()
        if state == FundState.UNDER_REVIEW:
            submit_fund(fund, actor=mei())
    else:
        empty = state == FundState.CLOSED
        fund = active_fund(seed_money_fen=0, seed_money_from="") if empty else active_fund()
    if state == FundState.SUSPENDED:
        suspend_fund(fund, "核查", actor=ping())
    if state in {FundState.WINDING_UP, FundState.CLOSED}:
        wind_up_fund(fund, "到期", actor=ping())
    if state == FundState.CLOSED:
        close_fund(fund, actor=ping())
    fund.refresh_from_db()
    return fund


def test_every_move_by_everybody_in_every_state() -> None:
    assert_walks(
        FUND,
        made=fund_in,
        data={"hand-over": lambda _row: {"bank_reference": "B1"}},
        golden=Path(__file__).parent / "moves.txt",
    )


def test_move_without_its_history_row_is_refused() -> None:
    with refused_by("fund_moves_are_recorded"):
        sql("UPDATE funds_fund SET state = 'suspended' WHERE id = %s", active_fund().pk)
