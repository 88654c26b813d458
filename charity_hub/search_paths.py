"""Where PostgreSQL's functions look for tables, whoever calls them: in the portal's schema."""

from typing import Final

from django.db import migrations

_PINNED: Final = """
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname ~ '^({prefixes})_'
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', one, current_schema());
    END LOOP;
END $$;
"""


def pinned(*prefixes: str) -> migrations.RunSQL:
    """Let all functions whose names begin so look into the schema that they lie in.

    Temporary tables come first in a search path unless it says otherwise: without this, anybody's own
    ``donations_donor`` hides the real one from the function that guards it. To be repeated after a migration
    that creates or replaces a function, for both leave it without.
    """
    sql = _PINNED.format(prefixes="|".join(prefixes))
    return migrations.RunSQL(sql, reverse_sql=migrations.RunSQL.noop)
