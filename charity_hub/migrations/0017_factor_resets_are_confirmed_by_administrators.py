"""Only an active administrator confirms the reset of a second factor, whoever writes it."""

from django.db import migrations

from charity_hub.search_paths import pinned

FORWARDS = """
CREATE FUNCTION people_factor_reset_confirmer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP = 'INSERT' OR NEW.confirmed_by_id IS DISTINCT FROM OLD.confirmed_by_id) AND NOT EXISTS (
        SELECT FROM people_user u WHERE u.id = NEW.confirmed_by_id AND u.is_superuser AND u.is_active
    ) THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER factor_reset_is_confirmed_by_an_administrator
    AFTER INSERT OR UPDATE OF confirmed_by_id ON people_factor_reset
    FOR EACH ROW WHEN (NEW.confirmed_by_id IS NOT NULL) EXECUTE FUNCTION people_factor_reset_confirmer();
"""


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0016_histories_are_written_by_triggers")]

    operations = [
        migrations.RunSQL(FORWARDS, "DROP FUNCTION people_factor_reset_confirmer CASCADE"),
        pinned("people"),
    ]
