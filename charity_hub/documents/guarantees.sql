-- Certificates say what their rows say, and are replaced for good.

CREATE OR REPLACE FUNCTION documents_replaced_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'certificate % is replaced for good', OLD.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_replaced_for_good';
END $$;
CREATE OR REPLACE TRIGGER certificate_replaced_for_good BEFORE UPDATE ON documents_certificate FOR EACH ROW
    WHEN (OLD.replaced_at IS NOT NULL AND OLD.replaced_at IS DISTINCT FROM NEW.replaced_at)
    EXECUTE FUNCTION documents_replaced_for_good();

CREATE OR REPLACE FUNCTION documents_certificate_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
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
DROP TRIGGER IF EXISTS certificate_says_what_its_row_says ON documents_certificate;
CREATE CONSTRAINT TRIGGER certificate_says_what_its_row_says AFTER INSERT ON documents_certificate
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION documents_certificate_agrees();
