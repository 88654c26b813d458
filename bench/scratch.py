"""A benchmark's own database on the working server, created and dropped by the benchmark."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.db import connection
from psycopg2 import sql

from charity_hub.ledger.kinds import Direction, TransferKind, register_kinds, write_kinds
from tests.database import migrated_template

# Gifts without a row: only the posting is measured.
GIFTS = ("bench:person", "bench:organization", "bench:anonymous")


def address(database: str) -> dict[str, str]:
    """The address of a database of the working server, for libpq."""
    known = connection.get_connection_params()
    names = ("user", "password", "host", "port")
    return {"dbname": database} | {name: str(known[name]) for name in names if known.get(name)}


@contextmanager
def empty_database(name: str, template: str = "template0") -> Iterator[dict[str, str]]:
    """A database without tables, or a copy of ``template``; yields its address and drops it at the end."""
    _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _run("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}", name, template)
    try:
        yield address(name)
    finally:
        _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def migrated_database(name: str = "bench_charity_hub") -> Iterator[dict[str, str]]:
    """Django's connection uses a fresh, migrated database meanwhile; the working database is not touched."""
    with empty_database(name, migrated_template()) as where:
        working = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        register_kinds(*(TransferKind(code, code, Direction.INFLOW, "", donated=True) for code in GIFTS))
        try:
            write_kinds()
            yield where
        finally:
            connection.close()
            connection.settings_dict["NAME"] = working


def _run(statement: str, *names: str) -> None:
    server = psycopg2.connect(**address("postgres"))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    server.close()
