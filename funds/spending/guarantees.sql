-- Spending requests, and what the ledger has of them.

CREATE OR REPLACE FUNCTION funds_spending_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE otherwise funds_spending_request%ROWTYPE := NEW;
BEGIN
    IF people_reencrypts(TG_RELID, OLD.payee_account, NEW.payee_account) THEN
        otherwise.payee_account := OLD.payee_account;
        IF otherwise IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    IF OLD.state IN ('paid', 'released', 'withdrawn', 'ended') AND OLD IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION 'spending request % is final', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_final_never_changes';
    END IF;
    IF OLD.state = 'approved' AND (
        OLD.number, OLD.fund_id, OLD.purpose_id, OLD.use, OLD.title, OLD.amount_fen, OLD.payee_kind, OLD.payee_name,
        OLD.payee_bank, OLD.payee_account, OLD.filed_by_id, OLD.approved_by_id, OLD.approved_on
    ) IS DISTINCT FROM (
        NEW.number, NEW.fund_id, NEW.purpose_id, NEW.use, NEW.title, NEW.amount_fen, NEW.payee_kind, NEW.payee_name,
        NEW.payee_bank, NEW.payee_account, NEW.filed_by_id, NEW.approved_by_id, NEW.approved_on
    ) THEN
        RAISE EXCEPTION 'spending request % is approved as it stands', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_decided_figures_never_change';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER spending_decided_never_changes BEFORE UPDATE ON funds_spending_request
    FOR EACH ROW EXECUTE FUNCTION funds_spending_decided();
CREATE OR REPLACE TRIGGER spending_is_never_deleted BEFORE DELETE ON funds_spending_request
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER spending_is_never_truncated BEFORE TRUNCATE ON funds_spending_request
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The lock makes a fund that leaves its state and its requests wait for each other.
CREATE OR REPLACE FUNCTION funds_spending_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE fund record;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = NEW.state THEN
        RETURN NEW;
    END IF;
    SELECT code, state INTO fund FROM funds_fund WHERE id = NEW.fund_id FOR SHARE;
    IF fund.state <> 'active' AND NOT (fund.state = 'winding_up' AND NEW.state = 'paid') THEN
        RAISE EXCEPTION 'fund % is %, so no request is % now', fund.code, fund.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_needs_a_fund_in_force';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER spending_needs_a_fund_in_force BEFORE INSERT OR UPDATE OF state ON funds_spending_request
    FOR EACH ROW WHEN (NEW.state IN ('filed', 'approved', 'paid'))
    EXECUTE FUNCTION funds_spending_in_force();

CREATE OR REPLACE VIEW funds_spending_request_entries AS
WITH request AS (
    SELECT request.id, request.state, request.use, request.amount_fen, request.approved_on, request.paid_on,
           purpose.net_account_id AS free, purpose.committed_account_id AS committed, bank.id AS bank
    FROM funds_spending_request request
    JOIN funds_purpose purpose ON purpose.id = request.purpose_id
    JOIN funds_fund fund ON fund.id = request.fund_id
    LEFT JOIN ledger_account bank ON bank.book_id = fund.book_id AND bank.role = 'bank'
)
SELECT id AS source_id, line.kind, line.occurred_on, line.account_id, line.amount
FROM request, LATERAL (VALUES
    ('commit', approved_on, free, amount_fen, state IN ('approved', 'released', 'paid')),
    ('commit', approved_on, committed, -amount_fen, state IN ('approved', 'released', 'paid')),
    ('release', NULL, committed, amount_fen, state = 'released'),
    ('release', NULL, free, -amount_fen, state = 'released'),
    ('payment:' || use, paid_on, committed, amount_fen, state = 'paid'),
    ('payment:' || use, paid_on, bank, -amount_fen, state = 'paid')
) line (kind, occurred_on, account_id, amount, stands)
WHERE line.stands;
