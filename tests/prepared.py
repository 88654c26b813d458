"""Rows that many tests start with, created once and inserted again.

``@prepared`` decorates builders without arguments or with plain values. The first call builds in the usual
way, by
the portal's own actions, inside a savepoint with emptied tables; the new rows are recorded and the
savepoint is rolled back. From then on they are inserted directly into each test that asks, in one statement
and without triggers, which have checked them once. Rows that come from another builder stay with that
builder.

Prepared rows have low keys, as if they had been created first; all other rows of a test get higher keys. Each
day has its own rows, because most of them contain its date; times of day are moved to the moment of the call.
If a test has created its own rows in place of prepared ones, the builder builds in the usual way.
"""

import functools
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import time_machine
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone, translation

from tests import database

type Place = tuple[str, str]  # a table, and the position of the row in it

SHIFT = "@@ shift @@"
# Transfers that are put back were posted at another time than when they were prepared.
HASHED_ANEW = "UPDATE ledger_transfer t SET content_hash = ledger_transfer_hash(t)"
ROLE = "session_replication_role"
PAST_TRIGGERS = (
    f"SELECT set_config('tests.role_before', current_setting('{ROLE}'), true); SET LOCAL {ROLE} = replica"
)
AS_BEFORE = f"SELECT set_config('{ROLE}', current_setting('tests.role_before'), true)"


@dataclass(frozen=True)
class Rows:
    """The rows of a builder: the row that it returns, the builders whose rows it needs, how to write its
    own rows.
    """

    model: type[Model]
    key: Any
    needs: "list[Rows]"
    statement: str
    built_at: datetime


@dataclass
class Building:
    """A running builder: the rows of the builders that it called."""

    needs: list[Rows] = field(default_factory=list)
    of_others: set[Place] = field(default_factory=set)


_kept: dict[Hashable, Rows] = {}
_asked: Counter[Hashable] = Counter()
_at_work: list[Building] = []


def prepared[**P, M: Model](build: Callable[P, M]) -> Callable[P, M]:
    """Build once; later calls with the same arguments on the same day insert the rows again."""

    @functools.wraps(build)
    def call(*args: P.args, **kwargs: P.kwargs) -> M:
        rows = _rows(build, args, kwargs)
        if rows is None:
            return build(*args, **kwargs)
        before = _places() if _at_work else set()
        row: Any = rows.model._base_manager.filter(pk=rows.key).first()
        if row is None:
            try:
                _put_back(rows)
            except IntegrityError:
                return build(*args, **kwargs)
            row = rows.model._base_manager.get(pk=rows.key)
        if _at_work:
            _at_work[-1].needs.append(rows)
            _at_work[-1].of_others |= _places() - before
        return row  # type: ignore[no-any-return]

    return call


def _rows(build: Callable[..., Model], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Rows | None:
    """The prepared rows; ``None`` if it is not worth preparing them, as for the day of a single test."""
    if "PYTEST_VERSION" not in os.environ:  # benchmarks use the builders on their own databases
        return None
    if not all(isinstance(value, str | int | date) for value in (*args, *kwargs.values())):
        return None
    keys = tuple(settings.FIELD_ENCRYPTION_KEYS)
    key = (build, args, tuple(sorted(kwargs.items())), timezone.localdate(), keys)
    if key not in _kept:
        _asked[key] += 1
        usual = not args and not kwargs and not time_machine.escape_hatch.is_travelling()
        if not usual and not _at_work and _asked[key] == 1:
            return None
        _kept[key] = _prepare(functools.partial(build, *args, **kwargs))
    return _kept[key]


def _prepare(build: Callable[[], Model]) -> Rows:
    with database.low_keys(), transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        database.empty()
        _at_work.append(Building())
        try:
            row = build()
        finally:
            building = _at_work.pop()
        places = _places() - building.of_others
        rows = Rows(type(row), row.pk, building.needs, _statement(row, places), timezone.now())
        transaction.set_rollback(True)
    return rows


def _places() -> set[Place]:
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{table}', ctid::text FROM {table}" for table in database.columns())
        )
        return set(cursor.fetchall())


def _statement(row: Model, places: set[Place]) -> str:
    """INSERTs of the rows at ``places``, unless ``row`` exists; ``row`` itself comes last."""
    own = row._meta.db_table
    by_table = defaultdict(list)
    for table, place in places:
        by_table[table].append(place)
    inserts = []
    with connection.cursor() as cursor:
        unless = cursor.mogrify(
            f"NOT EXISTS (SELECT FROM {own} WHERE {row._meta.pk.column} = %s)", [row.pk]
        ).decode()
        for table in sorted(by_table, key=lambda one: one == own):
            columns = database.columns()[table]
            texts = ", ".join(f"{name}::text" for name in columns)
            cursor.execute(f"SELECT {texts} FROM {table} WHERE ctid = ANY(%s::tid[])", [by_table[table]])
            tuples = [
                "("
                + ", ".join(
                    cursor.mogrify(f"%s::{kind}", [value]).decode()
                    + (f" + '{SHIFT}'::interval" if kind == "timestamp with time zone" else "")
                    for value, kind in zip(values, columns.values(), strict=True)
                )
                + ")"
                for values in cursor.fetchall()
            ]
            inserts.append(
                f"INSERT INTO {table} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE"
                f" SELECT * FROM (VALUES {', '.join(tuples)}) AS row WHERE {unless}"
            )
    return "; ".join(inserts)


def _put_back(rows: Rows) -> None:
    shift = f"{(timezone.now() - rows.built_at).total_seconds()} seconds"
    statements = "; ".join(one.statement for one in _in_order(rows)).replace(SHIFT, shift)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{PAST_TRIGGERS}; {statements}; {HASHED_ANEW}; {AS_BEFORE}")


def _in_order(rows: Rows) -> list[Rows]:
    """The builders whose rows it needs, each once, and itself."""
    needed = {id(one): one for need in rows.needs for one in _in_order(need)}
    return [*needed.values(), rows]
