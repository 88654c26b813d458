"""A deposit and its transfers say the same, whoever writes which: on its way, arrived, or both taken back."""

from django.db import migrations

# Checked at commit, from both sides: the row and its transfers change within one transaction.
AGREE = """
DROP FUNCTION donations_deposit_taken_back CASCADE;

CREATE FUNCTION donations_check_deposit(the_number text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    deposit donations_cash_deposit%ROWTYPE;
    standing record;
BEGIN
    SELECT * INTO deposit FROM donations_cash_deposit WHERE number = the_number FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(moved.fen) FILTER (WHERE posted.kind = 'deposit'), 0) AS sent,
           coalesce(sum(moved.fen) FILTER (WHERE posted.kind = 'deposit_received'), 0) AS arrived
        INTO standing
    FROM ledger_transfer posted
    CROSS JOIN LATERAL (
        SELECT sum(amount) AS fen FROM ledger_entry WHERE transfer_id = posted.id AND amount > 0
    ) moved
    WHERE posted.idempotency_key IN ('deposit:' || the_number, 'deposit_received:' || the_number)
      AND NOT EXISTS (SELECT FROM ledger_transfer undone WHERE undone.reverses_id = posted.id);
    IF (standing.sent, standing.arrived) IS DISTINCT FROM (
        CASE WHEN deposit.state = 'withdrawn' THEN 0 ELSE deposit.amount_fen END,
        CASE WHEN deposit.state = 'received' THEN deposit.amount_fen ELSE 0 END
    ) THEN
        RAISE EXCEPTION 'cash deposit % is %, and its transfers say otherwise', deposit.number, deposit.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_deposit_agrees_with_its_transfers';
    END IF;
END $$;

CREATE FUNCTION donations_deposit_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM donations_check_deposit(NEW.number);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cash_deposit_agrees_with_its_transfers AFTER INSERT OR UPDATE ON donations_cash_deposit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION donations_deposit_agrees();

-- A reversal has the kind of its original, and a key of its own.
CREATE FUNCTION donations_transfer_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM donations_check_deposit(split_part(posted.idempotency_key, ':', 2))
    FROM ledger_transfer posted WHERE posted.id = coalesce(NEW.reverses_id, NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cash_deposit_changes_with_its_transfers AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind IN ('deposit', 'deposit_received'))
    EXECUTE FUNCTION donations_transfer_agrees();
"""

BACK = """
DROP FUNCTION donations_deposit_agrees, donations_transfer_agrees, donations_check_deposit CASCADE;

CREATE FUNCTION donations_deposit_taken_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger_transfer posted
        WHERE posted.idempotency_key IN ('deposit:' || NEW.number, 'deposit_received:' || NEW.number)
          AND NOT EXISTS (SELECT FROM ledger_transfer undone WHERE undone.reverses_id = posted.id)
    ) THEN
        RAISE EXCEPTION 'cash deposit % is taken back only with its transfers reversed', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_deposit_taken_back_by_reversal_alone';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cash_deposit_taken_back_by_reversal_alone AFTER UPDATE ON donations_cash_deposit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'withdrawn')
    EXECUTE FUNCTION donations_deposit_taken_back();
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0007_gifts_found_by_index")]

    operations = [migrations.RunSQL(AGREE, BACK)]
