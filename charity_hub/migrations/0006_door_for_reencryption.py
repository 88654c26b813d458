"""Who may put a value under another key where a row is frozen: the table's owner, who says so."""

from django.db import migrations

from charity_hub.search_paths import pinned

# The owner can drop the guarantees anyhow; the role that the portal works with can neither drop them nor
# pass here. The declaration is there so that the owner's slip of the hand is refused like anybody's.
FORWARDS = """
CREATE FUNCTION people_owns(the_table regclass) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = the_table
$$;

CREATE FUNCTION people_reencrypts(the_table regclass, old_token text, new_token text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('charity_hub.reencrypting', true), '') = 'on'
       AND people_owns(the_table)
       -- The same text under another key is a token of the same length.
       AND old_token <> '' AND new_token ~ '^gAAAA[A-Za-z0-9_=-]+$' AND length(old_token) = length(new_token)
$$;
"""

BACKWARDS = "DROP FUNCTION people_reencrypts, people_owns;"


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0005_report_guarantees")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS), pinned("people")]
