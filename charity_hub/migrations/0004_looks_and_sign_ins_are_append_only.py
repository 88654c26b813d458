"""Audit rows are protected: what was looked at and who came through the door is never rewritten."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION people_audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER people_look_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON people_look
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();

CREATE TRIGGER people_sign_in_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON people_sign_in
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0003_transitions_are_append_only")]

    operations = [
        migrations.RunSQL(FORWARDS, reverse_sql="DROP FUNCTION people_audit_refuse_change() CASCADE;"),
    ]
