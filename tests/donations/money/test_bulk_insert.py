"""Registers come in batches: few statements, keys already there left out, all or nothing."""

from datetime import date
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from charity_hub.errors import Refused
from charity_hub.ledger.models import Account
from donations.money.actions import record_gifts
from donations.money.models import Donor, DonorKind, Gift, Way
from donations.money.permissions import may_record
from donations.money.rules import NewGift
from tests.builders import active_fund, purpose_of, station
from tests.cast import wen

pytestmark = pytest.mark.django_db


def row(number: int = 1, **fields: Any) -> NewGift:
    known: dict[str, Any] = {
        "purpose": purpose_of(active_fund()),
        "donor_kind": DonorKind.PERSON,
        "name": f"示例{number}",
        "phone": f"138{number:08}",
        "amount_fen": 100 + number,
        "way": Way.CASH if number % 2 else Way.QR_TRANSFER,
        "given_on": date(2026, 1, 5),
        "handler": "文示例",
        "key": f"row-{number}",
    }
    return NewGift(**known | fields)


def record(rows: list[NewGift]) -> list[Gift]:
    return record_gifts(rows, station=station(), fund=active_fund(), actor=wen())


def test_gifts_come_back_in_the_order_of_the_rows() -> None:
    assert [one.amount_fen for one in record([row(3), row(1), row(2)])] == [103, 101, 102]


def test_a_batch_fills_the_books() -> None:
    station()
    before = Account.objects.get(code="bank:JJ-440605011-01").balance
    record([row(1), row(2), row(3)])
    assert Account.objects.get(code="cash:ZD-440605011-01:JJ-440605011-01").balance == 101 + 103
    assert Account.objects.get(code="bank:JJ-440605011-01").balance - before == 102


def test_each_gift_has_its_own_transfer_of_its_amount() -> None:
    for one in record([row(1), row(2)]):
        assert one.transfer.entries.filter(amount=one.amount_fen).count() == 1


def test_keys_already_there_are_left_out() -> None:
    record([row(1)])
    assert [one.key for one in record([row(1), row(2)])] == ["row-2"]


def test_the_same_batch_twice_adds_nothing() -> None:
    record([row(1), row(2)])
    assert record([row(1), row(2)]) == []
    assert Gift.objects.count() == 2


def test_the_same_key_twice_in_one_batch_is_one_gift() -> None:
    assert len(record([row(1), row(1)])) == 1


def test_one_donor_of_many_rows_is_added_once() -> None:
    record([row(1, name="陈示例", phone="13800001234", key=f"k{number}") for number in range(5)])
    assert Donor.objects.count() == 1


def test_one_bad_row_keeps_the_whole_batch_out() -> None:
    with pytest.raises(Refused):
        record([row(1), row(2, amount_fen=0)])
    assert (Gift.objects.count(), Donor.objects.count()) == (0, 0)


def test_a_slip_in_an_id_is_taken_as_registers_have_them() -> None:
    (one,) = record([row(1, id_number="110105194912310021")])
    assert one.donor
    assert (one.donor.id_number, one.donor.id_index) == ("110105194912310021", "")


def test_no_rows_is_no_work() -> None:
    assert record([]) == []


def test_a_batch_takes_the_same_number_of_statements_for_10_and_for_500() -> None:
    record([row(1), row(2)])
    at, fund, actor = station(), active_fund(), wen()
    assert fund.book  # read beforehand: the rules ask it for the closed months
    assert may_record(actor, at)  # and the actor's memberships
    counts = []
    for first, count in ((10, 10), (1_000, 500)):
        rows = [row(number) for number in range(first, first + count)]
        with CaptureQueriesContext(connection) as statements:
            record_gifts(rows, station=at, fund=fund, actor=actor)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_history_of_a_batch_tells_who_acted() -> None:
    with pghistory.context(user=wen().pk):
        [given] = record([row()])
    for name, pk in (("GiftEvent", given.pk), ("DonorEvent", given.donor_id)):
        [event] = apps.get_model("donations", name).objects.filter(pgh_obj=pk)
        assert event.pgh_context.metadata["user"] == wen().pk


@pytest.mark.parametrize(
    "words", ["NULL", "\\N", "\\.", 'a "quoted", word', "'; --", "𠮷㙟🌸", "=HYPERLINK(1)"]
)
def test_odd_words_of_a_gift_are_kept(words: str) -> None:
    [given] = record([row(name=words, note=words, handler=words, official_receipt=words)])
    given.refresh_from_db()
    kept = [given.donor.name if given.donor else "", given.note, given.handler, given.official_receipt]
    assert kept == [words] * 4


def test_nothing_is_written_in_a_transaction_that_has_failed() -> None:
    rows = [row()]
    place, fund, actor = station(), active_fund(), wen()
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            record_gifts(rows, station=place, fund=fund, actor=actor)
