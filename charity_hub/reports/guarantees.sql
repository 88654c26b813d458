-- Annual reports: their states, versions and frozen figures.

CREATE OR REPLACE FUNCTION reports_canonical(figures jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    CASE jsonb_typeof(figures)
    WHEN 'object' THEN
        RETURN '{' || coalesce((
            SELECT string_agg(to_json(key)::text || ':' || reports_canonical(value), ',' ORDER BY key COLLATE "C")
            FROM jsonb_each(figures)
        ), '') || '}';
    WHEN 'array' THEN
        RETURN '[' || coalesce((
            SELECT string_agg(reports_canonical(value), ',' ORDER BY place)
            FROM jsonb_array_elements(figures) WITH ORDINALITY AS item(value, place)
        ), '') || ']';
    WHEN 'string' THEN
        RETURN figures::text;
    WHEN 'number' THEN
        IF figures::text ~ '^-?[0-9]+$' THEN
            RETURN figures::text;
        END IF;
    ELSE
        NULL;
    END CASE;
    RAISE EXCEPTION 'the figures of a report are strings and integers only, not %', figures
    USING ERRCODE = 'check_violation', CONSTRAINT = 'annual_report_figures_are_integers';
END $$;

CREATE OR REPLACE FUNCTION reports_annual_report_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before reports_annual_report;
    moved text := 'new';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state IN ('issued', 'discarded') THEN
            IF NEW IS DISTINCT FROM OLD THEN
                RAISE EXCEPTION 'a report that is % is never changed', OLD.state
                USING ERRCODE = 'restrict_violation',
                      CONSTRAINT = 'annual_report_' || OLD.state || '_is_final';
            END IF;
            RETURN NEW;
        END IF;
        IF (NEW.id, NEW.subject_kind, NEW.subject_code, NEW.year, NEW.version, NEW.correction_note)
            IS DISTINCT FROM
            (OLD.id, OLD.subject_kind, OLD.subject_code, OLD.year, OLD.version, OLD.correction_note)
        THEN
            RAISE EXCEPTION 'what a report is about never changes'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'annual_report_keeps_its_subject';
        END IF;
        moved := OLD.state;
    END IF;

    IF TG_OP = 'INSERT' OR NEW.state <> OLD.state THEN
        IF (moved, NEW.state) NOT IN (
            ('new', 'computing'), ('computing', 'draft'), ('draft', 'computing'), ('draft', 'issued'),
            ('computing', 'discarded'), ('draft', 'discarded')
        ) THEN
            RAISE EXCEPTION 'a report does not go from % to %', moved, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'annual_report_moves_step_by_step';
        END IF;
    END IF;

    IF TG_OP = 'INSERT' THEN
        SELECT * INTO before FROM reports_annual_report r
        WHERE (r.subject_kind, r.subject_code, r.year) = (NEW.subject_kind, NEW.subject_code, NEW.year)
            AND r.state NOT IN ('discarded')
        ORDER BY r.version DESC LIMIT 1;
        -- Of two open versions at once the unique index knows; here only the order of versions is looked at.
        IF NEW.version <> coalesce(before.version, 0) + 1 AND NEW.version IS DISTINCT FROM before.version THEN
            RAISE EXCEPTION 'the next version is %', coalesce(before.version, 0) + 1
            USING ERRCODE = 'check_violation', CONSTRAINT = 'annual_report_versions_are_consecutive';
        END IF;
    END IF;

    IF NEW.figures IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.state = 'issued'
        OR (NEW.figures, NEW.figures_hash) IS DISTINCT FROM (OLD.figures, OLD.figures_hash))
    THEN
        IF encode(sha256(convert_to(reports_canonical(NEW.figures), 'UTF8')), 'hex') <> NEW.figures_hash THEN
            RAISE EXCEPTION 'the hash is not that of the figures'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'annual_report_hash_is_of_its_figures';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER annual_report_is_guarded BEFORE INSERT OR UPDATE ON reports_annual_report
FOR EACH ROW EXECUTE FUNCTION reports_annual_report_guard();
CREATE OR REPLACE TRIGGER annual_report_is_never_removed BEFORE DELETE OR TRUNCATE ON reports_annual_report
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE VIEW reports_annual_report_certified AS
SELECT id AS source_id, jsonb_build_object(
    'subject', subject_name, 'code', subject_code, 'year', year, 'version', version, 'figures_hash', figures_hash
) AS facts
FROM reports_annual_report WHERE state = 'issued';
