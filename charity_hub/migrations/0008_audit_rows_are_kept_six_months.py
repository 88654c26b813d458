"""Audit rows are never rewritten; they may go once they have been kept for six months (等保 2.0 level 2)."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION people_audit_keep_six_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at > now() - interval '6 months' THEN
        RAISE EXCEPTION 'DELETE of %: refused before six months are over', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;

DROP TRIGGER people_look_is_never_changed ON people_look;
CREATE TRIGGER people_look_is_never_changed BEFORE UPDATE OR TRUNCATE ON people_look
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();
CREATE TRIGGER people_look_is_kept_six_months BEFORE DELETE ON people_look
FOR EACH ROW EXECUTE FUNCTION people_audit_keep_six_months();

DROP TRIGGER people_sign_in_is_never_changed ON people_sign_in;
CREATE TRIGGER people_sign_in_is_never_changed BEFORE UPDATE OR TRUNCATE ON people_sign_in
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();
CREATE TRIGGER people_sign_in_is_kept_six_months BEFORE DELETE ON people_sign_in
FOR EACH ROW EXECUTE FUNCTION people_audit_keep_six_months();
"""

BACKWARDS = """
DROP FUNCTION people_audit_keep_six_months CASCADE;

DROP TRIGGER people_look_is_never_changed ON people_look;
CREATE TRIGGER people_look_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON people_look
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();

DROP TRIGGER people_sign_in_is_never_changed ON people_sign_in;
CREATE TRIGGER people_sign_in_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON people_sign_in
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0007_posting_at_any_size")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
