-- Versions of an agreement.

CREATE OR REPLACE FUNCTION funds_agreement_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE the_fund funds_fund%ROWTYPE; latest smallint; begun date; closed date;
BEGIN
    IF NEW.state NOT IN ('proposed', 'agreed') OR (TG_OP = 'UPDATE' AND NEW.state = OLD.state) THEN
        RETURN NEW;
    END IF;
    SELECT * INTO the_fund FROM funds_fund WHERE id = NEW.fund_id FOR NO KEY UPDATE;
    IF the_fund.state NOT IN ('active', 'suspended') THEN
        RAISE EXCEPTION 'fund % is %: its agreement does not change', the_fund.code, the_fund.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_changes_while_its_fund_is_in_force';
    END IF;
    IF NEW.state = 'proposed' THEN
        RETURN NEW;
    END IF;
    SELECT coalesce(max(number), 1), coalesce(max(valid_from), the_fund.starts_on) INTO latest, begun
        FROM funds_agreement_version WHERE fund_id = NEW.fund_id AND state = 'agreed';
    IF NEW.number <> latest + 1 OR NEW.valid_from <= begun THEN
        RAISE EXCEPTION 'version % from % does not follow version % from %', NEW.number, NEW.valid_from, latest, begun
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_versions_follow_each_other';
    END IF;
    SELECT closed_through INTO closed FROM ledger_book WHERE id = the_fund.book_id FOR SHARE;
    IF NEW.valid_from <= closed THEN
        RAISE EXCEPTION 'the books of % are closed through %', the_fund.code, closed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_holds_from_an_open_month';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER agreement_state_moves_by_the_table BEFORE INSERT OR UPDATE ON funds_agreement_version
    FOR EACH ROW EXECUTE FUNCTION funds_agreement_moves();

CREATE OR REPLACE FUNCTION funds_agreement_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decided funds_agreement_version%ROWTYPE := NEW;
BEGIN
    IF OLD.state IN ('proposed', 'returned') AND OLD.state <> NEW.state THEN
        decided.state := OLD.state;
        decided.number := OLD.number;
        decided.agreed_by_id := OLD.agreed_by_id;
        decided.agreed_on := OLD.agreed_on;
    END IF;
    IF decided IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'version % of an agreement stays as it was proposed', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_version_never_changes';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER agreement_version_never_changes BEFORE UPDATE ON funds_agreement_version
    FOR EACH ROW EXECUTE FUNCTION funds_agreement_kept();
CREATE OR REPLACE TRIGGER agreement_version_is_never_deleted BEFORE DELETE ON funds_agreement_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER agreement_version_is_never_truncated BEFORE TRUNCATE ON funds_agreement_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION funds_agreement_bounds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE today date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF NEW.state NOT IN ('proposed', 'agreed') OR (TG_OP = 'UPDATE' AND NEW.state = OLD.state) THEN
        RETURN NEW;
    END IF;
    IF NEW.leftover_fund_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM funds_fund taker JOIN funds_fund giver ON giver.host_id = taker.host_id
        WHERE giver.id = NEW.fund_id AND taker.id = NEW.leftover_fund_id
            AND taker.state NOT IN ('draft', 'under_review')
    ) THEN
        RAISE EXCEPTION 'leftovers of fund % do not go to fund %', NEW.fund_id, NEW.leftover_fund_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_leftovers_stay_with_the_host';
    END IF;
    IF NEW.state = 'agreed' AND NEW.valid_from > least(NEW.agreed_on, today) + 366 THEN
        RAISE EXCEPTION 'a version agreed on % does not begin on %', NEW.agreed_on, NEW.valid_from
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_holds_from_within_a_year';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER agreement_stays_near_and_with_its_host BEFORE INSERT OR UPDATE ON funds_agreement_version
    FOR EACH ROW EXECUTE FUNCTION funds_agreement_bounds();
