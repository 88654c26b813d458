"""The history of decisions: a row once written is never changed or removed, whoever tries."""

from django.db import migrations

from charity_hub.search_paths import pinned

FORWARDS = """
CREATE FUNCTION workflow_transition_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER workflow_transition_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON workflow_transition
FOR EACH STATEMENT EXECUTE FUNCTION workflow_transition_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0002_ledger_guarantees")]

    operations = [
        migrations.RunSQL(FORWARDS, reverse_sql="DROP FUNCTION workflow_transition_refuse_change() CASCADE;"),
        pinned("workflow"),
    ]
