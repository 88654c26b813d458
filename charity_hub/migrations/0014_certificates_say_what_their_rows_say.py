"""A certificate is of a kind that the code declares, and says what its row says.

Looked at when the transaction ends: a report and its certificate are issued together.
"""

from django.db import migrations

from charity_hub.search_paths import pinned

FORWARDS = """
CREATE VIEW reports_annual_report_certified AS
SELECT id AS source_id, jsonb_build_object(
    'subject', subject_name, 'code', subject_code, 'year', year, 'version', version, 'figures_hash', figures_hash
) AS facts
FROM reports_annual_report WHERE state = 'issued';

CREATE FUNCTION documents_certificate_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    known documents_certificate_kind;
    wanted jsonb;
    rule text;
BEGIN
    IF NOT EXISTS (
        SELECT FROM documents_certificate c WHERE c.id = NEW.id AND c.revoked_at IS NULL AND c.replaced_at IS NULL
    ) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO known FROM documents_certificate_kind k WHERE k.code = NEW.kind;
    IF NOT FOUND THEN
        rule := 'certificate_kind_is_declared';
    ELSIF known.view <> '' THEN
        EXECUTE format('SELECT facts FROM %I WHERE source_id = $1', known.view) INTO wanted USING NEW.source_id;
        IF wanted IS NULL OR NOT NEW.facts @> wanted OR known.source <> (
            SELECT c.app_label || '.' || c.model FROM django_content_type c WHERE c.id = NEW.source_type_id
        ) THEN
            rule := 'certificate_says_what_its_row_says';
        END IF;
    END IF;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION 'certificate of kind % is refused: %', NEW.kind, rule
            USING ERRCODE = 'check_violation', CONSTRAINT = rule;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER certificate_says_what_its_row_says AFTER INSERT ON documents_certificate
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION documents_certificate_agrees();
"""

BACK = "DROP FUNCTION documents_certificate_agrees CASCADE; DROP VIEW reports_annual_report_certified;"


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0013_transfers_belong_to_rows")]

    operations = [migrations.RunSQL(FORWARDS, BACK), pinned("documents")]
