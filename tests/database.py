"""The test database: copied from one that was migrated once, emptied quickly, with two ranges of keys."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg2.sql import SQL, Identifier

from charity_hub import sql

IMPORTED: Final = re.compile(rf"^(?:from|import) ((?:{'|'.join(settings.FLOORS)})[\w.]+)", re.MULTILINE)
# Keys of prepared rows (tests/prepared.py) start after the first, those of all other rows after the second.
LOW, HIGH = 5_000, 100_000
_last_low = LOW


# --- the template -------------------------------------------------------------------------------


def migrated_template() -> str:
    """The name of a migrated database to copy. The first process creates it, in about 15 seconds.

    The name contains a hash of what determines the content: migrations, what they import, what is declared
    for
    PostgreSQL, installed versions.
    """
    prefix = "charity_hub_migrated_"
    name = prefix + _code_state()
    # The lock ends with the connection.
    with connection.creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [prefix])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        found = {datname for (datname,) in cursor.fetchall()}
        if name not in found:
            for older in found:
                cursor.execute(SQL("DROP DATABASE {}").format(Identifier(older)))
            _make(f"{prefix}unfinished")
            cursor.execute(
                SQL("ALTER DATABASE {} RENAME TO {}").format(
                    Identifier(f"{prefix}unfinished"), Identifier(name)
                )
            )
    return name


def _make(name: str) -> None:
    with connection.creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(Identifier(name)))
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _code_state() -> str:
    migrations = sorted(settings.BASE_DIR.glob("*/migrations/*.py"))
    imported = {module for file in migrations for module in IMPORTED.findall(file.read_text())}
    sources = [settings.BASE_DIR / f"{module.replace('.', '/')}.py" for module in sorted(imported)]
    files = [*migrations, *filter(Path.is_file, sources), settings.BASE_DIR / "requirements-dev.txt"]
    content = [*(file.read_bytes() for file in files), *(statement.encode() for statement in sql.declared())]
    return hashlib.sha256(b"\0".join(content)).hexdigest()[:12]


# --- tables -------------------------------------------------------------------------------------


@cache
def columns() -> dict[str, dict[str, str]]:
    """The tables that the migrations leave empty, with the types of their columns, without generated
    columns.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT quote_ident(relname), quote_ident(attname), format_type(atttypid, atttypmod)
              FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
             WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
               AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
             ORDER BY relname, attnum
            """
        )
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in cursor.fetchall():
            found.setdefault(table, {})[column] = kind
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in found)
        )
        filled = {table for (table,) in cursor.fetchall()}
    return {table: kinds for table, kinds in found.items() if table not in filled}


def empty() -> None:
    """Delete the rows of tests, without triggers; TRUNCATE would take a second for no rows."""
    deletions = "; ".join(f"DELETE FROM {table}" for table in columns())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET session_replication_role = replica; {deletions}; SET session_replication_role = DEFAULT"
        )


# --- keys ---------------------------------------------------------------------------------------


def _sequences() -> dict[str, int]:
    """The sequence of each table's keys. Numbers that people read have their own sequences."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT oid::regclass::text, COALESCE(pg_sequence_last_value(oid), 1) FROM pg_class
             WHERE relkind = 'S' AND EXISTS (SELECT FROM pg_depend
                   WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype IN ('a', 'i'))
            """
        )
        return dict(cursor.fetchall())


def _set(last: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(sequence, last) FROM unnest(%s::regclass[], %s::bigint[]) AS _ (sequence, last)",
            [list(last), list(last.values())],
        )


def high_keys() -> None:
    """From now on rows get keys above ``HIGH``."""
    _set({name: max(last, HIGH) for name, last in _sequences().items()})


@contextmanager
def low_keys() -> Iterator[None]:
    """Rows get unused keys below ``HIGH``; blocks may be nested."""
    global _last_low
    before = _sequences()
    within = {last for last in before.values() if last < HIGH}
    _set(dict.fromkeys(before, max(_last_low, *within, LOW)))
    try:
        yield
    finally:
        _last_low = max(_sequences().values())
        _set(dict.fromkeys(before, _last_low) if within else before)
