"""The workflow of spending requests, walked whole."""

from pathlib import Path

import pytest
from django.utils import timezone

from charity_hub.workflow.actions import record
from funds.profile.workflow import wind_up_fund
from funds.spending.models import SpendingRequest, SpendingState
from funds.spending.workflow import SPENDING
from tests.builders import spending_request, spending_terms
from tests.cast import ping
from tests.funds.attacks import refused_by, sql
from tests.workflows import assert_walks

pytestmark = pytest.mark.django_db


def request_in(state: str) -> SpendingRequest:
    """A request that Mei filed, Ping decided on and Qin paid, in this state."""
    if state != SpendingState.ENDED:
        return spending_request(state=state)
    request = spending_request()
    wind_up_fund(request.fund, "到期", actor=ping())
    request.refresh_from_db()
    return request


def test_every_move_by_everybody_in_every_state() -> None:
    assert_walks(
        SPENDING,
        made=request_in,
        data={
            "pay": lambda _row: {"paid_on": timezone.localdate(), "bank_reference": "B1"},
            "revise": lambda row: {"terms": spending_terms(row.fund, title="另一事项")},  # type: ignore[attr-defined]
        },
        golden=Path(__file__).parent / "moves.txt",
    )


def test_move_without_its_history_row_is_refused() -> None:
    request = spending_request()
    with refused_by("spendingrequest_moves_are_recorded"):
        sql("UPDATE funds_spending_request SET state = 'withdrawn' WHERE id = %s", request.pk)


def test_history_row_of_an_earlier_move_does_not_stand_for_another_one() -> None:
    request = spending_request(state=SpendingState.RETURNED)
    record(request, SpendingState.RETURNED, SpendingState.WITHDRAWN, actor=ping())
    with refused_by("spendingrequest_moves_are_recorded"):
        sql("UPDATE funds_spending_request SET state = 'filed' WHERE id = %s", request.pk)
