"""The workflows of gifts and of requests to void them, walked whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from donations.money.actions import ask_to_void
from donations.money.models import Gift, GiftState
from donations.money.void_models import VoidRequest, VoidRequestState
from donations.money.workflow import GIFT, VOID_REQUEST, decline_voiding, void_gift
from tests.builders import acknowledged, gift, voided
from tests.cast import ping, wen
from tests.funds.attacks import refused_by, sql
from tests.workflows import assert_walks

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent


def fresh(state: str) -> Gift:
    """A gift that Wen recorded, and voided where ``state`` asks for it."""
    return voided(gift(), "金额写错", actor=wen()) if state == GiftState.VOIDED else gift()


def printed(state: str) -> Gift:
    """A gift whose acknowledgement was printed, so that Ping voids it."""
    given = gift()
    acknowledged(given)
    return voided(given, "金额写错", actor=ping()) if state == GiftState.VOIDED else given


@pytest.mark.parametrize("made", [fresh, printed])
def test_every_move_of_a_gift_by_everybody_in_every_state(made: Callable[[str], Gift]) -> None:
    assert_walks(GIFT, made=made, data={}, golden=HERE / f"moves_{made.__name__}.txt")


def request_in(state: str) -> VoidRequest:
    """Wen's request to void a printed gift, which Ping decides."""
    asked = ask_to_void(printed(GiftState.RECORDED), "金额写错", actor=wen())
    if state == VoidRequestState.GRANTED:
        void_gift(asked.gift, "金额写错", actor=ping())
    if state == VoidRequestState.DECLINED:
        decline_voiding(asked, "金额正确", actor=ping())
    return VoidRequest.objects.get(pk=asked.pk)


def test_every_move_of_a_request_by_everybody_in_every_state() -> None:
    assert_walks(VOID_REQUEST, made=request_in, data={}, golden=HERE / "moves_void_request.txt")


def test_a_decision_without_its_history_row_is_refused() -> None:
    asked = request_in(VoidRequestState.ASKED)
    with refused_by("voidrequest_moves_are_recorded"):
        sql(
            "UPDATE donations_void_request SET state = 'declined', decided_by_id = %s WHERE id = %s",
            ping().pk,
            asked.pk,
        )


def test_a_decision_stays_as_it_was_made() -> None:
    asked = request_in(VoidRequestState.DECLINED)
    with refused_by("void_request_keeps_its_decision"):
        sql("UPDATE donations_void_request SET answer = '另一答复' WHERE id = %s", asked.pk)
