-- Annual reports: their versions and frozen figures.

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

CREATE OR REPLACE FUNCTION reports_annual_report_next_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last integer;
BEGIN
    SELECT max(r.version) INTO last FROM reports_annual_report r
    WHERE (r.subject_kind, r.subject_code, r.year) = (NEW.subject_kind, NEW.subject_code, NEW.year)
        AND r.state <> 'discarded';
    -- Of two open versions at once the unique index knows; here only the order of versions is looked at.
    IF NEW.version <> coalesce(last, 0) + 1 AND NEW.version IS DISTINCT FROM last THEN
        RAISE EXCEPTION 'the next version is %', coalesce(last, 0) + 1
        USING ERRCODE = 'check_violation', CONSTRAINT = 'annual_report_versions_are_consecutive';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER report_versions_are_consecutive BEFORE INSERT ON reports_annual_report
FOR EACH ROW EXECUTE FUNCTION reports_annual_report_next_version();

CREATE OR REPLACE FUNCTION reports_annual_report_hashed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.figures IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.state = 'issued'
        OR (NEW.figures, NEW.figures_hash) IS DISTINCT FROM (OLD.figures, OLD.figures_hash))
        AND encode(sha256(convert_to(reports_canonical(NEW.figures), 'UTF8')), 'hex') <> NEW.figures_hash
    THEN
        RAISE EXCEPTION 'the hash is not that of the figures'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'annual_report_hash_is_of_its_figures';
    END IF;
    RETURN NEW;
END $$;
-- Set off after the guards of the model: PostgreSQL goes by the names.
CREATE OR REPLACE TRIGGER report_hash_is_of_its_figures BEFORE INSERT OR UPDATE ON reports_annual_report
FOR EACH ROW EXECUTE FUNCTION reports_annual_report_hashed();

CREATE OR REPLACE VIEW reports_annual_report_certified AS
SELECT id AS source_id, jsonb_build_object(
    'subject', subject_name, 'code', subject_code, 'year', year, 'version', version, 'figures_hash', figures_hash
) AS facts
FROM reports_annual_report WHERE state = 'issued';
