"""``/healthz``: the state of the database, the broker and the migrations."""

import os
from functools import cache
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError

OK = "ok"
DOWN = "down"
PENDING = "pending"


def health() -> dict[str, str]:
    """The state of each part: ``ok``, ``down`` or, for migrations not applied yet, ``pending``."""
    database = database_state()
    return {
        "database": database,
        "broker": broker_state(),
        "migrations": migration_state() if database == OK else DOWN,
    }


def database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return DOWN
    return OK


def broker_state() -> str:
    """Redis must answer within two seconds; the folder of the file broker must be writable."""
    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    if folder := options.get("data_folder_out"):
        return OK if Path(folder).is_dir() and os.access(folder, os.W_OK) else DOWN
    try:
        with current_app.connection_for_write(transport_options={"socket_connect_timeout": 2}) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OSError, OperationalError):
        return DOWN
    return OK


class _NotApplied(Exception):  # noqa: N818 - it is an answer
    """Some migrations are not applied."""


def migration_state() -> str:
    try:
        _all_applied()
    except _NotApplied:
        return PENDING
    return OK


@cache
def _all_applied() -> None:
    """Return if all migrations are applied. The result is cached for the life of the process, an exception
    is not.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _NotApplied
