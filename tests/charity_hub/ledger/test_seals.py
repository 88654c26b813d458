"""Seals, the night's work."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from charity_hub.ledger.actions import reverse
from charity_hub.ledger.models import Account, AccountKind, Seal
from charity_hub.ledger.queries import latest_seal
from charity_hub.ledger.seals import seal_through
from charity_hub.ledger.tasks import seal_yesterday
from tests.builders import account, posted

pytestmark = pytest.mark.django_db
DAY = date(2025, 3, 5)


@pytest.fixture
def bank() -> Account:
    return account("bank:示例")


@pytest.fixture
def net() -> Account:
    return account("net:示例", AccountKind.NET_ASSETS)


def sealed(day: date) -> Seal:
    seal = seal_through(day)
    assert seal is not None
    return seal


def test_a_seal_covers_what_no_seal_covers(bank: Account, net: Account) -> None:
    first = posted(bank, net)
    second = posted(bank, net)
    seal = sealed(DAY)
    assert (seal.transfer_count, seal.entry_count) == (2, 4)
    assert first.pk <= second.pk == seal.last_transfer


def test_seals_form_a_chain(bank: Account, net: Account) -> None:
    posted(bank, net)
    first = sealed(DAY)
    posted(bank, net)
    second = sealed(DAY + timedelta(days=1))
    assert second.previous_hash == first.hash
    assert second.first_transfer == first.last_transfer
    assert second.transfer_count == 1


def by_the_book(day: date, previous: str, rows: list[tuple[Any, ...]]) -> str:
    """The hash as docs/guides/check-the-books.md describes it, written without a look at our own."""
    lines = [f'["seal","{day}","{previous}"]']
    seen = None
    for pk, kind, on, at, memo, source_type, source, actor, key, reverses, *entry in rows:
        if pk != seen:
            seen = pk
            numbers = [json.dumps(number) for number in (source_type, source, actor)]
            lines.append(
                f'["transfer",{pk},"{kind}","{on}","{at}","{memo}",{",".join(numbers)},"{key}",'
                f"{json.dumps(reverses)}]"
            )
        lines.append('["entry",{},"{}",{},{},{}]'.format(*entry))
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def posted_rows() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.id, t.kind, to_char(occurred_on, 'YYYY-MM-DD'),
                   to_char(posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00', memo,
                   source_type_id, source_id, actor_id, idempotency_key, reverses_id,
                   e.id, a.code, number, amount, balance_after
              FROM ledger_transfer t JOIN ledger_entry e ON transfer_id = t.id
              JOIN ledger_account a ON a.id = account_id ORDER BY t.id, e.id
            """
        )
        return list(cursor.fetchall())


def test_hashes_are_those_of_the_written_description(bank: Account, net: Account) -> None:
    transfer = posted(bank, net, 12_345, key="one", memo="陈示例的捐赠")
    reverse(transfer, "录错", actor=None)
    first = sealed(DAY)
    before = posted_rows()
    assert {row[0] for row in before if row[9]} == {transfer.pk + 1}
    assert first.hash == by_the_book(DAY, "", before)
    posted(bank, net, 1, memo="次日")
    second = sealed(DAY + timedelta(days=1))
    assert second.hash == by_the_book(DAY + timedelta(days=1), first.hash, posted_rows()[len(before) :])


def test_a_day_is_sealed_once(bank: Account, net: Account) -> None:
    first = sealed(DAY)
    posted(bank, net)
    assert seal_through(DAY) == first
    assert Seal.objects.count() == 1


def test_a_missed_night_is_made_up_by_the_next(bank: Account, net: Account) -> None:
    sealed(DAY)
    posted(bank, net)
    assert sealed(DAY + timedelta(days=7)).transfer_count == 1


def test_a_quiet_night_has_its_seal_too() -> None:
    first = sealed(DAY)
    second = sealed(DAY + timedelta(days=1))
    assert second.transfer_count == 0
    assert second.hash != first.hash


def test_a_day_before_the_latest_seal_gets_none() -> None:
    sealed(DAY)
    assert seal_through(DAY - timedelta(days=1)) is None


def test_tomorrow_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="has not come"):
        seal_through(timezone.localdate() + timedelta(days=1))


def test_the_task_seals_yesterday_once(bank: Account, net: Account) -> None:
    posted(bank, net)
    seal_yesterday()
    seal_yesterday()
    latest = latest_seal()
    assert latest is not None
    assert latest.day == timezone.localdate() - timedelta(days=1)
    assert Seal.objects.count() == 1
