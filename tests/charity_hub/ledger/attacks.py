"""What the attacks on the ledger share: raw SQL that goes round Python, and the rule that stops it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from charity_hub.ledger.models import Account


def sql(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run a statement as psql would, with the deferred checks made at once, as at a commit."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall() if cursor.description else []
    check_deferred()
    return rows


def check_deferred() -> None:
    """Make the checks that wait for the commit now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def refused_by(rule: str) -> Iterator[None]:
    """What is inside must be refused by the constraint or trigger of this name, and leave nothing behind."""
    check_deferred()
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg2.Error)
    assert cause.diag.constraint_name == rule


def new_transfer(
    key: str = "raw", *, kind: str = "trial:given", on: str = "2025-03-05", **columns: Any
) -> int:
    """A transfer row without entries, not yet committed; its id."""
    names = ["idempotency_key", "kind", "occurred_on", *columns]
    places = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ledger_transfer ({', '.join(names)}) VALUES ({places}) RETURNING id",
            [key, kind, on, *columns.values()],
        )
        return int(cursor.fetchone()[0])


def enter(transfer: int, *lines: tuple[Account, int]) -> None:
    """All lines of a transfer in one INSERT."""
    enter_all(*((transfer, account, amount) for account, amount in lines))


def enter_all(*entries: tuple[int, Account, int]) -> None:
    """Entries of any transfers in one INSERT: each transfer, account and amount in fen."""
    values = ", ".join(["(%s, %s, %s)"] * len(entries))
    parameters = [value for transfer, account, amount in entries for value in (transfer, account.pk, amount)]
    sql(f"INSERT INTO ledger_entry (transfer_id, account_id, amount) VALUES {values}", *parameters)
