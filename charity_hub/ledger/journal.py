"""The ledger as a plain-text journal for hledger or beancount, readable without this portal.

Transfers are streamed from the database by date. The journal ends with the balance of every account, so that
the
other program checks our balances with its own arithmetic.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from charity_hub.ledger.models import Account, AccountKind, Unit

ROWS = """
SELECT t.occurred_on, t.id, t.kind, t.memo, t.idempotency_key, t.reverses_id, e.account_id, e.amount
FROM ledger_transfer t JOIN ledger_entry e ON e.transfer_id = t.id
WHERE %(book)s::bigint IS NULL OR t.id IN (
    SELECT own.transfer_id FROM ledger_entry own JOIN ledger_account a ON a.id = own.account_id
    WHERE a.book_id = %(book)s
)
ORDER BY t.occurred_on, t.id, e.id
"""
USED = """
SELECT DISTINCT e.account_id FROM ledger_entry e WHERE e.transfer_id IN (
    SELECT own.transfer_id FROM ledger_entry own JOIN ledger_account a ON a.id = own.account_id
    WHERE a.book_id = %s
)
"""


class Head(NamedTuple):
    """A transfer without its lines."""

    day: date
    number: int
    kind: str
    memo: str
    key: str
    reverses: int | None


def amount(quantity: int, unit: str) -> str:
    """Fen as ``-1234.50 CNY``, minutes as ``90 TIME``: exact, by integer arithmetic."""
    if unit == Unit.TIME:
        return f"{quantity} TIME"
    whole, fen = divmod(abs(quantity), 100)
    return f"{'-' if quantity < 0 else ''}{whole}.{fen:02} CNY"


def one_line(text: str) -> str:
    """The text without line breaks and other control characters."""
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()


class Dialect(ABC):
    """The syntax of one program for accounts, transfers and balances. ``first`` is the oldest transfer's
    date.
    """

    def __init__(self, first: date) -> None:
        self.first = first

    @abstractmethod
    def name(self, account: Account) -> str:
        """The account's name in the characters that the program allows; two accounts may get the same
        name.
        """

    @abstractmethod
    def opening(self) -> Iterator[str]:
        """The start of the journal."""

    @abstractmethod
    def account(self, name: str, account: Account) -> Iterator[str]:
        """The account's declaration."""

    @abstractmethod
    def transfer(self, head: Head) -> Iterator[str]:
        """The lines above a transfer's entries."""

    @abstractmethod
    def balances(self, balances: list[tuple[str, str]], last: date) -> Iterator[str]:
        """The balance assertions at the end of the journal."""


class Hledger(Dialect):
    TYPES = {
        AccountKind.ASSET: "A",
        AccountKind.CONTRA: "A",
        AccountKind.LIABILITY: "L",
        AccountKind.NET_ASSETS: "E",
        AccountKind.COMMITTED: "E",
    }

    def name(self, account: Account) -> str:
        parts = [re.sub(r"[;\"'()\[\]{}*!=@~|\\]", "-", one_line(part)) for part in account.code.split(":")]
        return ":".join(part or "-" for part in parts)

    def opening(self) -> Iterator[str]:
        yield "decimal-mark ."
        yield "commodity 1000.00 CNY"
        yield "commodity 1000. TIME"
        yield ""

    def account(self, name: str, account: Account) -> Iterator[str]:
        yield f"account {name}  ; type: {self.TYPES[AccountKind(account.kind)]}"
        yield f"    ; {one_line(account.code)} | {one_line(account.name)}"

    def transfer(self, head: Head) -> Iterator[str]:
        told = [head.kind, head.memo] if head.memo else [head.kind]
        yield f"{head.day} * ({head.number}) {one_line(' | '.join(told)).replace(';', ',')}"
        yield f"    ; key {one_line(head.key)}"
        if head.reverses is not None:
            yield f"    ; reverses {head.reverses}"

    def balances(self, balances: list[tuple[str, str]], last: date) -> Iterator[str]:
        yield f"{last} * balances"
        for name, held in balances:
            yield f"    {name}  0 {held.rsplit(' ', 1)[1]} = {held}"
        yield ""


class Beancount(Dialect):
    ROOTS = {
        AccountKind.ASSET: "Assets",
        AccountKind.CONTRA: "Assets",
        AccountKind.LIABILITY: "Liabilities",
        AccountKind.NET_ASSETS: "Equity",
        AccountKind.COMMITTED: "Equity",
    }

    def name(self, account: Account) -> str:
        parts = [self._part(part) for part in account.code.split(":")]
        return ":".join([self.ROOTS[AccountKind(account.kind)], *parts])

    def opening(self) -> Iterator[str]:
        yield 'option "operating_currency" "CNY"'
        yield 'option "inferred_tolerance_default" "*:0"'
        yield f"{self.first} commodity CNY"
        yield f"{self.first} commodity TIME"
        yield ""

    def account(self, name: str, account: Account) -> Iterator[str]:
        yield f"{self.first} open {name} {account.unit}"
        yield f"  code: {self._text(account.code)}"
        yield f"  name: {self._text(account.name)}"

    def transfer(self, head: Head) -> Iterator[str]:
        yield f"{head.day} * {self._text(head.kind)} {self._text(head.memo)}"
        yield f"  number: {head.number}"
        yield f"  key: {self._text(head.key)}"
        if head.reverses is not None:
            yield f"  reverses: {head.reverses}"

    def balances(self, balances: list[tuple[str, str]], last: date) -> Iterator[str]:
        # Beancount compares at the start of a day.
        for name, held in balances:
            quantity, unit = held.split()
            yield f"{last + timedelta(days=1)} balance {name}  {quantity} ~ 0 {unit}"

    @staticmethod
    def _part(part: str) -> str:
        part = re.sub(r"[^A-Za-z0-9\-\u0080-\U0010ffff]", "-", one_line(part))
        part = "".join(sign if sign.isalnum() or sign == "-" else "-" for sign in part)
        starts = part[:1].upper()
        return starts + part[1:] if re.match(r"[A-Z0-9]", starts) else f"X{part}"

    @staticmethod
    def _text(text: str) -> str:
        return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


DIALECTS: dict[str, type[Dialect]] = {"hledger": Hledger, "beancount": Beancount}


@dataclass(frozen=True)
class Known:
    """An account with its name in the journal."""

    name: str
    account: Account


def journal(dialect_class: type[Dialect], book: int | None = None) -> Iterator[str]:
    """The journal, line by line: of the whole ledger, or of every transfer that touches one book (its id).

    Accounts of other books in such a transfer are declared, but their balances are not asserted.
    Everything is read from one snapshot.
    """
    own_transaction = not connection.in_atomic_block
    with transaction.atomic():
        if own_transaction:
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        first, last = _span()
        dialect = dialect_class(first)
        accounts = _named(dialect, _accounts(book))
        yield from dialect.opening()
        for known in accounts.values():
            yield from dialect.account(known.name, known.account)
        yield ""
        for head, lines in _transfers(book):
            yield from dialect.transfer(head)
            for account_id, quantity in lines:
                known = accounts[account_id]
                yield f"    {known.name}  {amount(quantity, known.account.unit)}"
            yield ""
        own = [known for known in accounts.values() if book in (None, known.account.book_id)]
        held = [(known.name, amount(known.account.balance, known.account.unit)) for known in own]
        yield from dialect.balances(held, last)


def _accounts(book: int | None) -> list[Account]:
    accounts = Account.objects.order_by("id")
    if book is None:
        return list(accounts)
    with connection.cursor() as cursor:
        cursor.execute(USED, [book])
        touched = {row[0] for row in cursor.fetchall()}
    return [account for account in accounts if account.book_id == book or account.pk in touched]


def _named(dialect: Dialect, accounts: list[Account]) -> dict[int, Known]:
    """Unique names: a repeated name gets the account's id as a suffix."""
    taken: set[str] = set()
    named = {}
    for account in accounts:
        name = dialect.name(account)
        if name in taken:
            name = f"{name}-{account.pk}"
        taken.add(name)
        named[account.pk] = Known(name, account)
    return named


def _span() -> tuple[date, date]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(occurred_on) FROM ledger_transfer")
        first = cursor.fetchone()[0]
    today = timezone.localdate()
    return first or today, today


def _transfers(book: int | None) -> Iterator[tuple[Head, Iterator[tuple[int, int]]]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(ROWS, {"book": book})
        rows: Iterator[tuple[Any, ...]] = iter(cursor)
        for _number, legs in groupby(rows, key=itemgetter(1)):
            whole = list(legs)
            yield Head(*whole[0][:6]), ((row[6], row[7]) for row in whole)
