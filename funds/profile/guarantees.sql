-- Funds, their committee and purposes, and what the ledger has of them.

CREATE OR REPLACE FUNCTION funds_check_constitution(the_fund bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE seats integer; chairs integer; supervisors integer; unrestricted integer;
BEGIN
    -- Locked, so that two changes of one committee are counted one after the other.
    PERFORM FROM funds_fund WHERE id = the_fund AND state NOT IN ('draft', 'under_review') FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT count(*) FILTER (WHERE position <> 'supervisor'), count(*) FILTER (WHERE position = 'chair'),
           count(*) FILTER (WHERE position = 'supervisor')
        INTO seats, chairs, supervisors FROM funds_committee_member WHERE fund_id = the_fund;
    IF seats < 5 OR seats % 2 = 0 OR chairs <> 1 THEN
        RAISE EXCEPTION 'fund %: % seats with % chair(s); a committee is odd, at least 5, with one chair',
            the_fund, seats, chairs
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_committee_odd_at_least_five_one_chair';
    END IF;
    IF supervisors < 1 THEN
        RAISE EXCEPTION 'fund % has no supervisor', the_fund
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_has_a_supervisor';
    END IF;
    SELECT count(*) INTO unrestricted FROM funds_purpose WHERE fund_id = the_fund AND NOT restricted;
    IF unrestricted <> 1 THEN
        RAISE EXCEPTION 'fund %: % unrestricted purposes, there is exactly one', the_fund, unrestricted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_has_one_unrestricted_purpose';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION funds_fund_constitution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM funds_check_constitution(NEW.id);
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS fund_constitution_of_fund ON funds_fund;
CREATE CONSTRAINT TRIGGER fund_constitution_of_fund AFTER INSERT OR UPDATE OF state ON funds_fund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_fund_constitution();

CREATE OR REPLACE FUNCTION funds_part_constitution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM funds_check_constitution(OLD.fund_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM funds_check_constitution(NEW.fund_id);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS fund_constitution_of_committee ON funds_committee_member;
CREATE CONSTRAINT TRIGGER fund_constitution_of_committee AFTER INSERT OR UPDATE OR DELETE ON funds_committee_member
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_part_constitution();
DROP TRIGGER IF EXISTS fund_constitution_of_purposes ON funds_purpose;
CREATE CONSTRAINT TRIGGER fund_constitution_of_purposes AFTER INSERT OR UPDATE OR DELETE ON funds_purpose
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_part_constitution();
CREATE OR REPLACE TRIGGER fund_is_never_deleted BEFORE DELETE ON funds_fund
    FOR EACH ROW WHEN (OLD.state NOT IN ('draft', 'under_review')) EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION funds_fund_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.code, OLD.region_id, OLD.host_id, OLD.seed_money_fen, OLD.management_fee_bp, OLD.leftover_fund_id, OLD.book_id,
        OLD.proposed_by_id, OLD.activated_by_id, OLD.activated_on)
       IS DISTINCT FROM
       (NEW.code, NEW.region_id, NEW.host_id, NEW.seed_money_fen, NEW.management_fee_bp, NEW.leftover_fund_id, NEW.book_id,
        NEW.proposed_by_id, NEW.activated_by_id, NEW.activated_on) THEN
        RAISE EXCEPTION 'fund % is agreed as it stands', OLD.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_agreed_terms_never_change';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER fund_agreed_terms_never_change BEFORE UPDATE ON funds_fund
    FOR EACH ROW WHEN (OLD.state NOT IN ('draft', 'under_review')) EXECUTE FUNCTION funds_fund_agreed();

CREATE OR REPLACE FUNCTION funds_purpose_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.fund_id, OLD.slug, OLD.restricted, OLD.net_account_id, OLD.committed_account_id) IS DISTINCT FROM
       (NEW.id, NEW.fund_id, NEW.slug, NEW.restricted, NEW.net_account_id, NEW.committed_account_id) THEN
        RAISE EXCEPTION 'purpose % keeps what was given for it', OLD.slug
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purpose_with_accounts_never_changes';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER purpose_with_accounts_never_changes BEFORE UPDATE ON funds_purpose
    FOR EACH ROW WHEN (OLD.net_account_id IS NOT NULL) EXECUTE FUNCTION funds_purpose_kept();
CREATE OR REPLACE TRIGGER purpose_with_accounts_is_never_deleted BEFORE DELETE ON funds_purpose
    FOR EACH ROW WHEN (OLD.net_account_id IS NOT NULL) EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION funds_fund_nothing_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM funds_spending_request WHERE fund_id = NEW.id AND state IN ('filed', 'returned')
    ) THEN
        RAISE EXCEPTION 'fund % ends while requests are open', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_ends_with_its_fund';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS spending_ends_with_its_fund ON funds_fund;
CREATE CONSTRAINT TRIGGER spending_ends_with_its_fund AFTER UPDATE OF state ON funds_fund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('winding_up', 'closed'))
    EXECUTE FUNCTION funds_fund_nothing_open();

CREATE OR REPLACE FUNCTION funds_fund_first_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.aim, OLD.agreement_number, OLD.signed_on, OLD.starts_on, OLD.ends_on, OLD.use_terms, OLD.rights_terms,
        OLD.termination_terms, OLD.leftover_terms, OLD.seed_money_from)
       IS DISTINCT FROM
       (NEW.aim, NEW.agreement_number, NEW.signed_on, NEW.starts_on, NEW.ends_on, NEW.use_terms, NEW.rights_terms,
        NEW.termination_terms, NEW.leftover_terms, NEW.seed_money_from) THEN
        RAISE EXCEPTION 'the agreement of % is changed by a new version, not overwritten', OLD.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_agreed_words_never_change';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER fund_agreed_words_never_change BEFORE UPDATE ON funds_fund
    FOR EACH ROW WHEN (OLD.state NOT IN ('draft', 'under_review')) EXECUTE FUNCTION funds_fund_first_agreement();

CREATE OR REPLACE FUNCTION funds_fund_leftovers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM funds_fund WHERE id = NEW.leftover_fund_id AND host_id = NEW.host_id
        AND state NOT IN ('draft', 'under_review') FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'leftovers of fund % do not go to fund %', NEW.code, NEW.leftover_fund_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_leftovers_stay_with_the_host';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER fund_leftovers_stay_with_the_host BEFORE UPDATE OF state ON funds_fund FOR EACH ROW
    WHEN (OLD.state = 'under_review' AND NEW.state = 'active' AND NEW.leftover_fund_id IS NOT NULL)
    EXECUTE FUNCTION funds_fund_leftovers();

CREATE OR REPLACE FUNCTION funds_fund_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_account WHERE book_id = NEW.book_id AND NOT closed) THEN
        RAISE EXCEPTION 'fund % is closed, and accounts of it are not', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_closed_with_its_accounts';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS fund_closed_with_its_accounts ON funds_fund;
CREATE CONSTRAINT TRIGGER fund_closed_with_its_accounts AFTER UPDATE OF state ON funds_fund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state <> 'closed' AND NEW.state = 'closed')
    EXECUTE FUNCTION funds_fund_closed();

CREATE OR REPLACE FUNCTION funds_purpose_retired() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger_account WHERE id IN (NEW.net_account_id, NEW.committed_account_id) AND NOT closed
    ) THEN
        RAISE EXCEPTION 'purpose % is retired, and accounts of it are not closed', NEW.slug
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purpose_retired_with_its_accounts';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS purpose_retired_with_its_accounts ON funds_purpose;
CREATE CONSTRAINT TRIGGER purpose_retired_with_its_accounts AFTER UPDATE OF retired_on ON funds_purpose
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.retired_on IS NULL AND NEW.retired_on IS NOT NULL)
    EXECUTE FUNCTION funds_purpose_retired();

CREATE OR REPLACE VIEW funds_fund_entries AS
SELECT fund.id AS source_id, 'seed' AS kind, fund.activated_on AS occurred_on, line.account_id, line.amount
FROM funds_fund fund
JOIN funds_purpose purpose ON purpose.fund_id = fund.id AND NOT purpose.restricted
LEFT JOIN ledger_account bank ON bank.book_id = fund.book_id AND bank.role = 'bank',
LATERAL (VALUES (bank.id, fund.seed_money_fen), (purpose.net_account_id, -fund.seed_money_fen))
    line (account_id, amount)
WHERE fund.state NOT IN ('draft', 'under_review') AND fund.seed_money_fen > 0
UNION ALL
SELECT fund.id, posted.kind, posted.occurred_on, entry.account_id, entry.amount
FROM ledger_transfer posted
JOIN funds_fund fund ON fund.id = posted.source_id AND fund.state IN ('winding_up', 'closed')
JOIN ledger_entry entry ON entry.transfer_id = posted.id
JOIN ledger_account account ON account.id = entry.account_id
JOIN funds_fund owner ON owner.book_id = account.book_id AND owner.host_id = fund.host_id
LEFT JOIN funds_purpose purpose ON purpose.net_account_id = account.id
WHERE posted.kind = 'leftover' AND posted.reverses_id IS NULL
  AND NOT EXISTS (SELECT FROM ledger_transfer undone WHERE undone.reverses_id = posted.id)
  AND CASE
      WHEN owner.id = fund.id THEN
          (account.role = 'bank' AND entry.amount < 0) OR (purpose.id IS NOT NULL AND entry.amount > 0)
      ELSE
          (account.role = 'bank' AND entry.amount > 0) OR (NOT purpose.restricted AND entry.amount < 0)
      END;

CREATE OR REPLACE FUNCTION funds_purpose_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM funds_purpose purpose JOIN funds_fund fund ON fund.id = purpose.fund_id
        LEFT JOIN ledger_account free ON free.id = purpose.net_account_id
        LEFT JOIN ledger_account committed ON committed.id = purpose.committed_account_id
        WHERE purpose.id = NEW.id AND (purpose.net_account_id IS NOT NULL OR purpose.committed_account_id IS NOT NULL)
          AND (free.book_id, free.role, free.party, committed.book_id, committed.role, committed.party)
              IS DISTINCT FROM (fund.book_id, 'free', purpose.id, fund.book_id, 'committed', purpose.id)
    ) THEN
        RAISE EXCEPTION 'purpose % holds its money in accounts of its own', NEW.slug
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purpose_accounts_are_its_own';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS purpose_accounts_are_its_own ON funds_purpose;
CREATE CONSTRAINT TRIGGER purpose_accounts_are_its_own AFTER INSERT OR UPDATE ON funds_purpose
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_purpose_accounts();

CREATE OR REPLACE FUNCTION funds_fund_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_book WHERE id = NEW.book_id AND code = NEW.code) THEN
        RAISE EXCEPTION 'fund % has a book of its own', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_book_is_its_own';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER fund_book_is_its_own BEFORE INSERT OR UPDATE ON funds_fund
    FOR EACH ROW WHEN (NEW.book_id IS NOT NULL) EXECUTE FUNCTION funds_fund_book();
