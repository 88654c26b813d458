"""A request and its transfers say the same, whoever writes which; so do a fund and its seed money."""

from django.db import migrations

from charity_hub.search_paths import pinned

# Checked at commit, from both sides: the row and its transfers change within one transaction.
SPENDING = """
CREATE FUNCTION funds_check_spending(the_request bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    request funds_spending_request%ROWTYPE;
    standing record;
BEGIN
    SELECT * INTO request FROM funds_spending_request WHERE id = the_request FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(-moved.fen) FILTER (WHERE posted.kind = 'commit'), 0) AS promised,
           coalesce(sum(moved.fen) FILTER (WHERE posted.kind = 'release'), 0) AS released,
           coalesce(sum(moved.fen) FILTER (WHERE posted.kind = 'payment:' || request.use), 0) AS paid,
           coalesce(sum(moved.from_purpose) FILTER (WHERE posted.kind IN ('commit', 'release')), 0) AS from_purpose,
           coalesce(sum(moved.from_bank) FILTER (WHERE posted.kind LIKE 'payment:%'), 0) AS from_bank,
           count(*) FILTER (WHERE posted.occurred_on IS DISTINCT FROM CASE posted.kind
               WHEN 'commit' THEN request.approved_on
               WHEN 'release' THEN posted.occurred_on
               ELSE request.paid_on END) AS on_other_days
        INTO standing
    FROM ledger_transfer posted
    JOIN funds_purpose purpose ON purpose.id = request.purpose_id
    JOIN funds_fund fund ON fund.id = request.fund_id
    JOIN ledger_account bank ON bank.code = 'bank:' || fund.code
    CROSS JOIN LATERAL (
        SELECT sum(amount) FILTER (WHERE account_id = purpose.committed_account_id) AS fen,
               sum(amount) FILTER (WHERE account_id = purpose.net_account_id) AS from_purpose,
               sum(-amount) FILTER (WHERE account_id = bank.id) AS from_bank
        FROM ledger_entry WHERE transfer_id = posted.id
    ) moved
    WHERE posted.idempotency_key IN (
            'spending:' || the_request || ':commit', 'spending:' || the_request || ':release',
            'spending:' || the_request || ':payment')
      AND NOT EXISTS (SELECT FROM ledger_transfer undone WHERE undone.reverses_id = posted.id);
    IF (
        standing.on_other_days, standing.promised, standing.released, standing.from_purpose,
        standing.paid, standing.from_bank
    ) IS DISTINCT FROM (
        0,
        CASE WHEN request.state IN ('approved', 'released', 'paid') THEN request.amount_fen ELSE 0 END,
        CASE WHEN request.state = 'released' THEN request.amount_fen ELSE 0 END,
        CASE WHEN request.state IN ('approved', 'paid') THEN request.amount_fen ELSE 0 END,
        CASE WHEN request.state = 'paid' THEN request.amount_fen ELSE 0 END,
        CASE WHEN request.state = 'paid' THEN request.amount_fen ELSE 0 END
    ) THEN
        RAISE EXCEPTION 'spending request % is %, and its transfers say otherwise', request.number, request.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_agrees_with_its_transfers';
    END IF;
END $$;

CREATE FUNCTION funds_spending_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM funds_check_spending(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER spending_agrees_with_its_transfers AFTER UPDATE OF state ON funds_spending_request
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION funds_spending_agrees();
"""

SEED = """
CREATE FUNCTION funds_check_seed(the_code text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    fund funds_fund%ROWTYPE;
    posted_fen bigint;
BEGIN
    SELECT * INTO fund FROM funds_fund WHERE code = the_code FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(-entry.amount), 0) INTO posted_fen
    FROM ledger_transfer posted
    JOIN ledger_entry entry ON entry.transfer_id = posted.id
    JOIN funds_purpose purpose ON purpose.net_account_id = entry.account_id
        AND purpose.fund_id = fund.id AND NOT purpose.restricted
    WHERE posted.idempotency_key = 'seed:' || the_code AND posted.kind = 'seed'
      AND NOT EXISTS (SELECT FROM ledger_transfer undone WHERE undone.reverses_id = posted.id);
    IF posted_fen <> (CASE WHEN fund.state IN ('draft', 'under_review') THEN 0 ELSE fund.seed_money_fen END) THEN
        RAISE EXCEPTION 'fund %: the books hold another seed money than agreed', the_code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_seed_money_is_in_the_books';
    END IF;
END $$;

CREATE FUNCTION funds_fund_seeded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM funds_check_seed(NEW.code);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_seed_money_is_in_the_books AFTER UPDATE OF state ON funds_fund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state = 'under_review' AND NEW.state = 'active')
    EXECUTE FUNCTION funds_fund_seeded();
"""

# A reversal has the kind of its original, and a key of its own.
BOOKS = """
CREATE FUNCTION funds_transfer_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE the_key text;
BEGIN
    SELECT idempotency_key INTO the_key FROM ledger_transfer WHERE id = coalesce(NEW.reverses_id, NEW.id);
    IF the_key ~ '^spending:[0-9]{1,18}:' THEN
        PERFORM funds_check_spending(split_part(the_key, ':', 2)::bigint);
    ELSIF the_key LIKE 'seed:%' THEN
        PERFORM funds_check_seed(split_part(the_key, ':', 2));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_changes_with_its_transfers AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.kind ~ '^(commit|release|seed|payment:)')
    EXECUTE FUNCTION funds_transfer_agrees();
"""

BACK = """
DROP FUNCTION funds_transfer_agrees, funds_fund_seeded, funds_check_seed, funds_spending_agrees, funds_check_spending
    CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0004_first_agreements_leave_with_their_host"),
        ("charity_hub", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL("".join([SPENDING, SEED, BOOKS]), BACK),
        pinned("funds"),
    ]
