"""The lock of a running job: an advisory lock of PostgreSQL, held by the worker's database session.

Whoever runs a job holds its lock; when the worker is killed, PostgreSQL ends the session and releases the
lock at once. So a job that is running while its lock is free has lost its worker, and a second worker that
takes up a job whose first worker is still running gets no lock and stops.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

CLASS = 0x6A6F62  # "job", so that other uses of advisory locks do not meet ours
_LARGEST = 2**31


@contextmanager
def hold(job_id: int) -> Iterator[bool]:
    """Hold a job's lock while inside; yields False, and holds nothing, when another session has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [CLASS, job_id % _LARGEST])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [CLASS, job_id % _LARGEST])


def locked_jobs() -> set[int]:
    """The ids (modulo 2³¹) of the jobs whose lock is held right now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [CLASS],
        )
        return {row[0] for row in cursor.fetchall()}


def is_locked(job_id: int, among: set[int]) -> bool:
    return job_id % _LARGEST in among
