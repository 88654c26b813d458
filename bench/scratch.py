"""A database of a benchmark's own, on the working server, made and dropped by the benchmark."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.core.management import call_command
from django.db import connection
from psycopg2 import sql

from charity_hub.ledger.kinds import Direction, TransferKind, register_kinds

# Gifts that belong to no row: what is measured is the posting alone.
GIFTS = ("bench:person", "bench:organization", "bench:anonymous")


def address(database: str) -> dict[str, str]:
    """How libpq reaches a database of the working server."""
    known = connection.get_connection_params()
    names = ("user", "password", "host", "port")
    return {"dbname": database} | {name: str(known[name]) for name in names if known.get(name)}


@contextmanager
def empty_database(name: str) -> Iterator[dict[str, str]]:
    """A database without tables; yields its address and drops it at the end."""
    _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _run("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0", name)
    try:
        yield address(name)
    finally:
        _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def migrated_database(name: str = "bench_charity_hub") -> Iterator[dict[str, str]]:
    """Django's connection goes to a fresh, migrated database meanwhile; the working one is not touched."""
    with empty_database(name) as where:
        working = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        register_kinds(*(TransferKind(code, code, Direction.INFLOW, "", donated=True) for code in GIFTS))
        try:
            call_command("migrate", verbosity=0)
            yield where
        finally:
            connection.close()
            connection.settings_dict["NAME"] = working


def _run(statement: str, name: str) -> None:
    server = psycopg2.connect(**address("postgres"))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
    server.close()
