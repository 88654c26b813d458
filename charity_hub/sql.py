"""What PostgreSQL guarantees, put in force after each ``migrate`` by the role that owns the tables.

Migrations hold tables, columns and constraints. Functions, views and triggers are declared, each once and as
it is in force:

- in ``guarantees.sql`` of a room, and of the ground floor. A file can be run again: ``CREATE OR REPLACE``;
  a constraint trigger, which PostgreSQL does not replace, is dropped before it is created;
- beside a model, as a guard (``charity_hub.guards``, ``charity_hub.workflow``);
- with the registration of a proof (``charity_hub.ledger.proofs``).

What is no longer declared a migration drops; guards that are gone go by themselves. ``verify_ledger`` names
whatever a database holds otherwise.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pgtrigger
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from charity_hub.ledger import proofs

# Temporary tables come first in a search path unless it says otherwise: without this, anybody's own
# ``donations_donor`` hides the real one from the function that guards it.
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
    """The statements, in the order in which they are run: the ground floor's first, guards last."""
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
    """Put what is declared in force, all or nothing.

    A database that is migrated to an earlier state is left alone: what is declared does not fit its tables.
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
