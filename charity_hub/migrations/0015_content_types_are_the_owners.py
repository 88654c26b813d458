"""The names of models, by which a transfer is held to its row, are written by ``migrate`` alone.

Django makes every name then; the portal only reads them. Whoever could rename one could post a payment
without a request, and give the name back.
"""

from django.db import migrations

from charity_hub.search_paths import pinned

FORWARDS = """
CREATE FUNCTION people_owners_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT people_owns(TG_RELID) THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER content_types_are_the_owners
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON django_content_type
    FOR EACH STATEMENT EXECUTE FUNCTION people_owners_alone();
"""

# As PostgreSQL prints it after it was read back from a backup: ``verify_ledger`` compares the print.
READ_BACK = """
DO $$
DECLARE
    printed text := pg_get_triggerdef(oid) FROM pg_trigger
        WHERE tgname = 'ledger_account_stays_what_it_is' AND tgrelid = 'ledger_account'::regclass;
BEGIN
    DROP TRIGGER ledger_account_stays_what_it_is ON ledger_account;
    EXECUTE printed;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("charity_hub", "0014_certificates_say_what_their_rows_say"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunSQL(FORWARDS, "DROP FUNCTION people_owners_alone CASCADE"),
        migrations.RunSQL(READ_BACK, migrations.RunSQL.noop),
        pinned("people"),
    ]
