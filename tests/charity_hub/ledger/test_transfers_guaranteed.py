"""Transfers, reversals and seals, attacked round Python."""

from datetime import date, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from charity_hub.ledger.actions import open_book, reverse
from charity_hub.ledger.models import Account, AccountKind, Book, Seal, Transfer
from charity_hub.ledger.seals import seal_through
from tests.builders import account, book, posted
from tests.charity_hub.ledger.attacks import enter, new_transfer, refused_by, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> Account:
    return account("bank:示例")


@pytest.fixture
def net() -> Account:
    return account("net:示例", AccountKind.NET_ASSETS)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_transfer SET memo = 'other'",
        "UPDATE ledger_transfer SET occurred_on = occurred_on - 1",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer CASCADE",
    ],
)
def test_a_transfer_is_never_changed(bank: Account, net: Account, statement: str) -> None:
    posted(bank, net)
    with refused_by("ledger_transfer_is_never_changed"):
        sql(statement)


def test_posted_at_is_the_databases(bank: Account, net: Account) -> None:
    before = timezone.now()
    transfer = new_transfer(posted_at="2001-01-01 00:00+00")
    enter(transfer, (bank, 1), (net, -1))
    assert before - timedelta(minutes=1) < Transfer.objects.get(pk=transfer).posted_at


def test_tomorrow_is_refused() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with refused_by("ledger_transfer_is_not_in_the_future"):
        new_transfer(on=tomorrow.isoformat())


def test_today_is_shanghais(bank: Account, net: Account) -> None:
    sql("SET LOCAL timezone = 'Pacific/Honolulu'")
    transfer = new_transfer(on=timezone.localdate().isoformat())
    enter(transfer, (bank, 1), (net, -1))
    assert Transfer.objects.get(pk=transfer).occurred_on == timezone.localdate()


def test_a_key_is_not_blank() -> None:
    with refused_by("transfer_has_a_key"):
        new_transfer("")


@pytest.mark.parametrize("kind", ["", "made up", "gift"])
def test_a_kind_is_declared(kind: str) -> None:
    with refused_by("ledger_transfer_kind_is_declared"):
        new_transfer(kind=kind)


def test_a_transfer_belongs_to_a_row_of_the_model_that_its_kind_says() -> None:
    for kind in ("seed", "gift:person", "deposit", "commit", "payment:aid"):
        with refused_by("ledger_transfer_belongs_to_its_row"):
            new_transfer(kind=kind)
    book_type = ContentType.objects.get_for_model(Book).pk
    with refused_by("ledger_transfer_belongs_to_its_row"):
        new_transfer(kind="seed", source_type_id=book_type, source_id=book().pk)


def test_a_reversal_belongs_to_the_row_of_its_original(bank: Account, net: Account) -> None:
    original = posted(bank, net, kind="trial:book", source=bank.book)
    other = open_book("JJ-示例-02", "另一账簿")
    with refused_by("ledger_reversal_keeps_the_row"):
        new_transfer(
            kind="trial:book",
            on="2025-03-06",
            reverses_id=original.pk,
            source_type_id=original.source_type_id,
            source_id=other.pk,
        )


def test_a_key_is_used_once(bank: Account, net: Account) -> None:
    posted(bank, net, key="same")
    with refused_by("transfer_key_is_used_once"):
        new_transfer("same")


def test_ids_are_not_the_clients_choice() -> None:
    with pytest.raises(DatabaseError, match="GENERATED ALWAYS"), transaction.atomic():
        new_transfer(id=1)


def test_a_reversal_must_be_the_exact_mirror(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    with refused_by("ledger_reversal_mirrors"):
        enter(new_transfer(reverses_id=original.pk), (bank, -499), (net, 499))


def test_a_reversal_of_other_accounts_is_refused(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    other = account("cash:示例")
    posted(other, net, 500)
    with refused_by("ledger_reversal_mirrors"):
        enter(new_transfer(reverses_id=original.pk), (other, -500), (net, 500))


def test_a_reversal_in_other_pieces_is_refused(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    with refused_by("ledger_reversal_mirrors"):
        enter(new_transfer(reverses_id=original.pk), (bank, -500), (net, 250), (net, 250))


def test_a_reversal_with_too_few_legs_is_refused(bank: Account, net: Account) -> None:
    """Each of its legs mirrors one of the original, and they sum to zero: two others are not undone."""
    other = account("bank:另一", within=bank.book, floor=None)
    held = account("net:另一", AccountKind.NET_ASSETS, within=bank.book, floor=None)
    original = new_transfer("four legs")
    enter(original, (bank, 500), (net, -500), (other, 200), (held, -200))
    with refused_by("ledger_reversal_mirrors"):
        enter(new_transfer(reverses_id=original), (bank, -500), (net, 500))


def test_a_mirror_is_a_reversal(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    enter(new_transfer(reverses_id=original.pk), (net, 500), (bank, -500))
    bank.refresh_from_db()
    assert bank.balance == 0


def test_a_transfer_is_reversed_once(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    posted(bank, net, 500)
    reverse(original, "wrong", actor=None)
    with pytest.raises(DatabaseError, match="reverses_id"), transaction.atomic():
        enter(new_transfer(reverses_id=original.pk), (bank, -500), (net, 500))


def test_a_reversal_is_final(bank: Account, net: Account) -> None:
    back = reverse(posted(bank, net, 500), "wrong", actor=None)
    with refused_by("ledger_reversal_is_final"):
        new_transfer(reverses_id=back.pk)


def test_nothing_reverses_what_is_not_there() -> None:
    with refused_by("ledger_reversal_has_its_original"):
        new_transfer(reverses_id=987654321)


def test_a_reversal_keeps_the_kind(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    with refused_by("ledger_reversal_keeps_the_kind"):
        new_transfer(kind="trial:came", reverses_id=original.pk)


def test_a_reversal_is_not_dated_before_its_original(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    with refused_by("ledger_reversal_is_not_earlier"):
        new_transfer(on="2025-03-04", reverses_id=original.pk)


@pytest.mark.django_db(transaction=True)
def test_an_old_snapshot_writes_nothing() -> None:
    with refused_by("ledger_is_read_committed"):
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        new_transfer()


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_seal SET hash = 'x'", "DELETE FROM ledger_seal", "TRUNCATE ledger_seal"]
)
def test_a_seal_is_never_changed(bank: Account, net: Account, statement: str) -> None:
    posted(bank, net)
    seal_through(date(2025, 3, 5))
    with refused_by("ledger_seal_is_never_changed"):
        sql(statement)


@pytest.mark.parametrize(
    "wrong",
    [
        {"previous_hash": "forged"},
        {"first_transfer": 0},
        {"last_transfer": 2**60},
        {"transfer_count": 7},
        {"day": date(2025, 3, 5)},
        {"day": date(2999, 1, 1)},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_seal_extends_the_chain(bank: Account, net: Account, wrong: dict[str, object]) -> None:
    posted(bank, net)
    last = seal_through(date(2025, 3, 5))
    assert last is not None
    right = {
        "day": date(2025, 3, 6),
        "first_transfer": last.last_transfer,
        "last_transfer": last.last_transfer,
        "transfer_count": 0,
        "entry_count": 0,
        "previous_hash": last.hash,
        "hash": "f" * 64,
    }
    with refused_by("ledger_seal_extends_the_chain"):
        Seal.objects.create(**right | wrong)


@pytest.mark.parametrize("forged", ["0" * 64, "f" * 64])
def test_a_seal_is_the_hash_of_what_it_covers(bank: Account, net: Account, forged: str) -> None:
    transfer = posted(bank, net)
    with refused_by("ledger_seal_is_the_hash_of_what_it_covers"):
        Seal.objects.create(
            day=date(2025, 3, 5),
            first_transfer=0,
            last_transfer=transfer.pk,
            transfer_count=Transfer.objects.count(),
            entry_count=2 * Transfer.objects.count(),
            previous_hash="",
            hash=forged,
        )
