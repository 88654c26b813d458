"""A wrong gift is voided with a reason: a reversal, never an edit."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.actions import close_month
from charity_hub.ledger.models import Account, Transfer
from charity_hub.workflow.actions import history
from donations.money.actions import amend_gift
from donations.money.models import Way
from donations.money.workflow import void_gift
from funds.spending.models import SpendingState
from tests.builders import acknowledged, active_fund, cash_deposit, gift, purpose_of, spending_request, voided
from tests.cast import ping, wen

pytestmark = pytest.mark.django_db


def test_voiding_takes_the_money_back_out_of_the_books() -> None:
    def schooling_and_cash() -> tuple[int, int]:
        net = Account.objects.get(code="net:JJ-440605011-01:schooling")
        cash = Account.objects.get(code="cash:ZD-440605011-01:JJ-440605011-01")
        return net.normal_balance, cash.normal_balance

    given = gift(purpose=purpose_of(active_fund(), "schooling"), amount_fen=700)
    assert schooling_and_cash() == (700, 700)
    void_gift(given, "金额写错", actor=wen())
    assert schooling_and_cash() == (0, 0)


def test_voiding_leaves_who_when_and_why() -> None:
    given = voided(gift(), "金额写错", actor=wen())
    (move,) = history(given)
    assert (move.old, move.new, move.actor, move.why) == ("recorded", "voided", wen(), "金额写错")


def test_voiding_twice_is_voiding_once() -> None:
    given = gift()
    void_gift(given, "金额写错", actor=wen())
    void_gift(given, "金额写错", actor=wen())
    assert Transfer.objects.filter(reverses=given.transfer).count() == 1
    assert history(given).count() == 1


def test_voiding_needs_a_reason() -> None:
    with pytest.raises(Refused) as refusal:
        void_gift(gift(), " \u3000", actor=wen())
    assert refusal.value.field == "reason"


def test_voiding_revokes_the_certificate() -> None:
    given = gift()
    certificate = acknowledged(given)
    void_gift(given, "金额写错", actor=ping())
    certificate.refresh_from_db()
    assert certificate.revoked_why == "金额写错"


def test_money_that_is_committed_cannot_be_voided() -> None:
    schooling = purpose_of(active_fund(), "schooling")
    given = gift(purpose=schooling, amount_fen=10_000)
    spending_request(state=SpendingState.APPROVED, purpose=schooling, amount_fen=4_000)
    with pytest.raises(Refused, match=r"¥60\.00"):
        void_gift(given, "金额写错", actor=wen())
    given.refresh_from_db()
    assert given.state == "recorded"


def test_cash_that_was_handed_in_cannot_be_voided() -> None:
    given = gift(amount_fen=10_000)
    cash_deposit(amount_fen=5_000)
    with pytest.raises(Refused, match=r"¥50\.00"):
        void_gift(given, "金额写错", actor=ping())


def test_a_gift_of_a_closed_month_is_reversed_today() -> None:
    given = gift(given_on=date(2026, 1, 5))
    book = active_fund().book
    assert book
    close_month(book, date(2026, 1, 1))
    void_gift(given, "金额写错", actor=wen())
    assert Transfer.objects.get(reverses=given.transfer).occurred_on == timezone.localdate()


def amended(**fields: Any) -> Any:
    known: dict[str, Any] = {
        "publish_name": False,
        "publish_amount": True,
        "official_receipt": "",
        "note": "",
    }
    return amend_gift(gift(way=Way.CASH), **known | fields, actor=wen())


def test_the_receipt_number_and_the_consents_may_change() -> None:
    given = amended(publish_name=True, publish_amount=False, official_receipt=" 粤财 0001 ")
    given.refresh_from_db()
    assert (given.publish_name, given.publish_amount, given.official_receipt) == (True, False, "粤财 0001")
