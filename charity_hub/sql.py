"""PostgreSQL's guarantees, installed after each ``migrate`` by the role that owns the tables.

Migrations contain tables, columns and constraints. Functions, views and triggers are declared once each, in
their
present form:

- in ``guarantees.sql`` of a room or of an app. A file can be run again: ``CREATE OR REPLACE``;
  a constraint trigger, which PostgreSQL cannot replace, is dropped before it is created;
- beside a model, as a guard (``charity_hub.guards``, ``charity_hub.workflow``);
- with the registration of a proof (``charity_hub.ledger.proofs``).

A migration drops what is no longer declared; guards are removed automatically. ``verify_ledger`` names
every difference in a database.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pgtrigger
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from charity_hub.ledger import proofs

# Without this, temporary tables come first in a search path, and a temporary ``donations_donor`` would hide
# the real one from the function that guards it.
PINNED: Final = """
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname !~ '^(_|pgtrigger_)'
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', one, current_schema());
    END LOOP;
END $$;
"""

# Functions of guards that no model declares any more.
UNUSED: Final = """
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'pgtrigger\\_%'
            AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = p.oid)
    LOOP
        EXECUTE format('DROP FUNCTION %s', one);
    END LOOP;
END $$;
"""


def declared() -> Iterator[str]:
    """The statements in the order in which they are run: those of ``charity_hub`` first, guards last."""
    for floor in settings.FLOORS:
        for path in sorted((settings.BASE_DIR / floor).rglob("guarantees.sql"), key=_depth):
            yield path.read_text(encoding="utf-8")
    yield from proofs.rendered()
    for model, guard in pgtrigger.registered():
        yield guard.compile(model).install_sql


def _depth(path: Path) -> tuple[int, Path]:
    """An app's own file comes before those of its rooms."""
    return len(path.parts), path


def install(**_signal: Any) -> None:
    """Install all declared guarantees or none.

    A database that is migrated to an earlier state is left unchanged, because the declarations do not fit its
    tables.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in declared():
            cursor.execute(statement)
        cursor.execute(PINNED)
        pgtrigger.prune()
        cursor.execute(UNUSED)
