"""Many at once, with real threads and real transactions."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, Posting, close_account, close_month, post_many, reverse
from charity_hub.ledger.errors import AccountClosed, FloorPassed, KeyReused, MonthClosed
from charity_hub.ledger.models import Account, AccountKind, Entry, Seal, Transfer
from charity_hub.ledger.seals import seal_through
from charity_hub.ledger.verification import differences
from tests.builders import account, book, posted
from tests.charity_hub.ledger.attacks import sql

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = date(2025, 3, 5)


@pytest.fixture
def bank() -> Account:
    return account("bank:示例")


@pytest.fixture
def net() -> Account:
    return account("net:示例", AccountKind.NET_ASSETS)


def together(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run the calls in as many threads, started at the same moment; their results or exceptions."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        connection.ensure_connection()
        start.wait()
        try:
            return call()
        except (Refused, OperationalError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def somebody_waits() -> bool:
    """Look, without sleeping, until another session waits for a lock that this one holds."""
    with connection.cursor() as cursor:
        for _attempt in range(20_000):
            cursor.execute(
                "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.rowcount:
                return True
    return False


def count(results: list[Any], kind: type) -> int:
    return sum(isinstance(result, kind) for result in results)


def test_twenty_cannot_overspend_one_account(bank: Account, net: Account) -> None:
    posted(bank, net, 1000)
    results = together([lambda: posted(net, bank, 300, kind="trial:spent")] * 20)
    assert (count(results, Transfer), count(results, FloorPassed)) == (3, 17)
    assert Account.objects.get(pk=bank.pk).balance == 100
    assert list(differences()) == []


def test_twenty_small_gifts_all_arrive(bank: Account, net: Account) -> None:
    together([lambda: posted(bank, net, 7)] * 20)
    assert Account.objects.get(pk=bank.pk).balance == 140
    numbers = Entry.objects.filter(account=bank).order_by("number").values_list("number", "balance_after")
    assert list(numbers) == [(n, 7 * n) for n in range(1, 21)]


def test_twenty_with_the_same_key_make_one_transfer(bank: Account, net: Account) -> None:
    results = together([lambda: posted(bank, net, 7, key="once")] * 20)
    assert len({transfer.pk for transfer in results}) == 1
    assert Account.objects.get(pk=bank.pk).balance == 7


def test_one_of_two_contents_gets_the_key(bank: Account, net: Account) -> None:
    results = together([lambda: posted(bank, net, 7, key="once"), lambda: posted(bank, net, 8, key="once")])
    assert (count(results, Transfer), count(results, KeyReused)) == (1, 1)


def test_twenty_reversals_are_one(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    posted(bank, net, 5000)
    results = together([lambda: reverse(original, "wrong", actor=None)] * 20)
    assert len({transfer.pk for transfer in results}) == 1
    assert Account.objects.get(pk=bank.pk).balance == 5000


def test_two_reversals_dated_differently_are_one(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    results = together(
        [
            lambda: reverse(original, "wrong", actor=None),
            lambda: close_month(book(), MARCH),
            lambda: reverse(original, "wrong", actor=None),
        ]
    )
    assert results[0] == results[2]


def test_a_month_closes_before_or_after_a_posting_never_across_it(bank: Account, net: Account) -> None:
    """A posting that holds the book makes the closing wait; one that comes later is refused."""
    start = Barrier(2)

    def hold_a_posting() -> bool:
        with transaction.atomic():
            posted(bank, net)
            start.wait()
            return somebody_waits()

    def close() -> None:
        start.wait()
        close_month(book(), MARCH)

    waited, _closed = together([hold_a_posting, close])
    assert waited
    assert Transfer.objects.count() == 1
    with pytest.raises(MonthClosed):
        posted(bank, net)


def test_a_posting_waits_for_a_closing_and_is_refused(bank: Account, net: Account) -> None:
    start = Barrier(2)

    def close_and_hold() -> bool:
        with transaction.atomic():
            close_month(book(), MARCH)
            start.wait()
            return somebody_waits()

    def late() -> Transfer:
        start.wait()
        return posted(bank, net)

    waited, refusal = together([close_and_hold, late])
    assert waited
    assert isinstance(refusal, MonthClosed)


def test_a_posting_waits_for_the_closing_of_its_account(bank: Account, net: Account) -> None:
    start = Barrier(2)

    def close_and_hold() -> bool:
        with transaction.atomic():
            close_account(net)
            start.wait()
            return somebody_waits()

    def late() -> Transfer:
        start.wait()
        return posted(bank, net)

    waited, refusal = together([close_and_hold, late])
    assert waited
    assert isinstance(refusal, AccountClosed)


def postings(stem: str, debit: Account, credit: Account) -> list[Posting]:
    lines = [Line(debit, 1), Line(credit, -1)]
    return [Posting(kind="trial:given", lines=lines, key=f"{stem}{n}", occurred_on=MARCH) for n in range(200)]


def test_opposite_orders_do_not_deadlock(bank: Account, net: Account) -> None:
    posted(bank, net, 100_000)
    results = together(
        [
            lambda: [post_many([posting]) for posting in postings("a", bank, net)],
            lambda: [post_many([posting]) for posting in postings("b", net, bank)],
            lambda: post_many(postings("c", bank, net)),
            lambda: post_many(postings("d", net, bank)),
        ]
    )
    assert count(results, OperationalError) == 0
    assert Account.objects.get(pk=bank.pk).balance == 100_000
    assert list(differences()) == []


LOCKS_ACCOUNTS = "FOR NO KEY UPDATE"


@pytest.fixture
def without_the_lock() -> Iterator[None]:
    """Posting as it is, but for the lock on the accounts."""
    definition = sql("SELECT pg_get_functiondef('ledger_post'::regproc)")[0][0].replace("%", "%%")
    assert LOCKS_ACCOUNTS in definition
    sql(definition.replace(LOCKS_ACCOUNTS, ""))
    yield
    sql(definition)


def test_without_the_lock_the_numbers_of_entries_collide(
    bank: Account, net: Account, without_the_lock: None
) -> None:
    """The race that the lock prevents: the second posting reads the balance before the first commits."""
    start = Barrier(2)

    def first() -> bool:
        with transaction.atomic():
            posted(bank, net, 7)
            start.wait()
            return somebody_waits()

    def second() -> Transfer:
        start.wait()
        return posted(bank, net, 7)

    with pytest.raises(Exception, match="entry_number_once_per_account"):
        together([first, second])


def test_sealing_waits_for_postings_under_way(bank: Account, net: Account) -> None:
    start = Barrier(2)

    def hold_a_posting() -> bool:
        with transaction.atomic():
            posted(bank, net)
            start.wait()
            return somebody_waits()

    def seal() -> Seal | None:
        start.wait()
        return seal_through(MARCH)

    waited, seal_made = together([hold_a_posting, seal])
    assert waited
    assert seal_made.transfer_count == 1


def test_twenty_sealers_make_one_seal(bank: Account, net: Account) -> None:
    posted(bank, net)
    seals = together([lambda: seal_through(MARCH)] * 20)
    assert len({seal.pk for seal in seals}) == 1
