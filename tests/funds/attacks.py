"""Going round Python: raw SQL, and the name of the rule by which PostgreSQL refuses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pgtrigger
import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction


def sql(statement: str, *values: Any) -> None:
    """Run SQL and check at once what is left to be checked at commit, of it and of what was before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def sql_unchecked(statement: str, *values: Any) -> None:
    """Run SQL and leave its checks for later: the row of a pair that goes first."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    with pytest.raises(DatabaseError) as error:
        yield
    cause = error.value.__cause__
    assert isinstance(cause, psycopg2.Error)
    assert cause.diag.constraint_name == constraint


@contextmanager
def triggers_off() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def without_rule(table: str, rule: str) -> None:
    """Let one trigger sleep until the test is over, where another rule is what is attacked."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for commit keeps a trigger from sleeping
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {rule}")


def without_guard(model: Any, name: str) -> None:
    """Let one guard of a model sleep until the test is over."""
    (guard,) = (one for _model, one in pgtrigger.registered(f"{model._meta.label}:{name}"))
    without_rule(model._meta.db_table, guard.get_pgid(model))
