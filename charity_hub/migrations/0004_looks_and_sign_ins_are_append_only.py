"""Audit rows are protected: what was looked at, who came through the door and whose second factor was reset is
never rewritten. Looks and sign-ins may go once they have been kept for six months (等保 2.0 level 2).
"""

from django.db import migrations

from charity_hub.search_paths import pinned

FORWARDS = """
CREATE FUNCTION people_audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;

CREATE FUNCTION people_audit_keep_six_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at > now() - interval '6 months' THEN
        RAISE EXCEPTION 'DELETE of %: refused before six months are over', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER people_look_is_never_changed BEFORE UPDATE OR TRUNCATE ON people_look
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();
CREATE TRIGGER people_look_is_kept_six_months BEFORE DELETE ON people_look
FOR EACH ROW EXECUTE FUNCTION people_audit_keep_six_months();

CREATE TRIGGER people_sign_in_is_never_changed BEFORE UPDATE OR TRUNCATE ON people_sign_in
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();
CREATE TRIGGER people_sign_in_is_kept_six_months BEFORE DELETE ON people_sign_in
FOR EACH ROW EXECUTE FUNCTION people_audit_keep_six_months();

CREATE TRIGGER people_factor_reset_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON people_factor_reset
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();
"""

BACKWARDS = """
DROP FUNCTION people_audit_keep_six_months CASCADE;
DROP FUNCTION people_audit_refuse_change CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0003_transitions_are_append_only")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS), pinned("people")]
