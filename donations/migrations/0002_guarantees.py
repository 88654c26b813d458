"""What PostgreSQL guarantees of gifts, donors and cash on its way, whoever writes."""

from django.db import migrations

NUMBERS = """
CREATE SEQUENCE donations_gift_number;
CREATE SEQUENCE donations_deposit_number;
"""

PURPOSE_OF_FUND = """
ALTER TABLE donations_gift ADD CONSTRAINT gift_purpose_belongs_to_its_fund
    FOREIGN KEY (purpose_id, fund_id) REFERENCES funds_purpose (id, fund_id);
"""

KEPT = """
CREATE FUNCTION donations_keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: rows that money depends on are kept', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER gift_is_never_deleted BEFORE DELETE ON donations_gift
    FOR EACH ROW EXECUTE FUNCTION donations_keep_row();
CREATE TRIGGER gift_is_never_truncated BEFORE TRUNCATE ON donations_gift
    FOR EACH STATEMENT EXECUTE FUNCTION donations_keep_row();
CREATE TRIGGER cash_deposit_is_never_deleted BEFORE DELETE ON donations_cash_deposit
    FOR EACH ROW EXECUTE FUNCTION donations_keep_row();
CREATE TRIGGER cash_deposit_is_never_truncated BEFORE TRUNCATE ON donations_cash_deposit
    FOR EACH STATEMENT EXECUTE FUNCTION donations_keep_row();
"""

# Only the consents, the receipt's number, the note, and the state (once) may change.
UNCHANGED = """
CREATE FUNCTION donations_gift_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.number, OLD.station_id, OLD.fund_id, OLD.purpose_id, OLD.donor_id, OLD.donor_kind, OLD.amount_fen,
        OLD.way, OLD.given_on, OLD.handler, OLD.recorded_by_id, OLD.recorded_at, OLD.key, OLD.transfer_id)
       IS DISTINCT FROM
       (NEW.id, NEW.number, NEW.station_id, NEW.fund_id, NEW.purpose_id, NEW.donor_id, NEW.donor_kind, NEW.amount_fen,
        NEW.way, NEW.given_on, NEW.handler, NEW.recorded_by_id, NEW.recorded_at, NEW.key, NEW.transfer_id) THEN
        RAISE EXCEPTION 'gift % is recorded as it stands; void it and record it anew', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_is_never_edited';
    END IF;
    IF OLD.state = 'voided' AND NEW.state <> 'voided' THEN
        RAISE EXCEPTION 'gift % is voided for good', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_voided_for_good';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gift_is_never_edited BEFORE UPDATE ON donations_gift
    FOR EACH ROW EXECUTE FUNCTION donations_gift_unchanged();

CREATE FUNCTION donations_deposit_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.number, OLD.station_id, OLD.fund_id, OLD.amount_fen, OLD.handed_in_on, OLD.slip, OLD.handed_in_by_id,
        OLD.key)
       IS DISTINCT FROM
       (NEW.id, NEW.number, NEW.station_id, NEW.fund_id, NEW.amount_fen, NEW.handed_in_on, NEW.slip, NEW.handed_in_by_id,
        NEW.key)
       OR OLD.state = 'received' THEN
        RAISE EXCEPTION 'cash deposit % is as it stands', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_deposit_is_never_edited';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cash_deposit_is_never_edited BEFORE UPDATE ON donations_cash_deposit
    FOR EACH ROW EXECUTE FUNCTION donations_deposit_unchanged();
"""

# Checked at commit: a gift and its transfer say the same, and a gift is voided if and only if its transfer is reversed.
IN_THE_BOOKS = """
CREATE FUNCTION donations_gift_in_the_books() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE posted ledger_transfer%ROWTYPE; credited bigint; debited numeric;
BEGIN
    SELECT * INTO posted FROM ledger_transfer WHERE id = NEW.transfer_id;
    SELECT sum(amount) FILTER (WHERE amount > 0), sum(-amount) FILTER (WHERE account_id = net_account_id)
        INTO debited, credited
        FROM ledger_entry JOIN funds_purpose ON funds_purpose.id = NEW.purpose_id
        WHERE transfer_id = NEW.transfer_id;
    IF posted.reverses_id IS NOT NULL OR posted.kind <> 'gift:' || NEW.donor_kind
       OR posted.occurred_on <> NEW.given_on
       OR debited IS DISTINCT FROM NEW.amount_fen OR credited IS DISTINCT FROM NEW.amount_fen THEN
        RAISE EXCEPTION 'gift %: its transfer does not say the same', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_says_the_same_as_its_transfer';
    END IF;
    IF NEW.donor_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM donations_donor JOIN funds_fund ON funds_fund.host_id = donations_donor.charity_id
        WHERE donations_donor.id = NEW.donor_id AND funds_fund.id = NEW.fund_id
          AND donations_donor.kind = NEW.donor_kind
    ) THEN
        RAISE EXCEPTION 'gift %: its donor is of another charity or kind', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_donor_is_of_the_host_charity';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER gift_says_the_same_as_its_transfer AFTER INSERT ON donations_gift
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION donations_gift_in_the_books();

CREATE FUNCTION donations_check_voided(the_transfer bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE gift donations_gift%ROWTYPE;
BEGIN
    SELECT * INTO gift FROM donations_gift WHERE transfer_id = the_transfer;
    IF FOUND AND (gift.state = 'voided') <> EXISTS (SELECT FROM ledger_transfer WHERE reverses_id = the_transfer) THEN
        RAISE EXCEPTION 'gift % is voided if and only if its transfer is reversed', gift.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_voided_by_reversal_alone';
    END IF;
END $$;
CREATE FUNCTION donations_gift_voided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM donations_check_voided(NEW.transfer_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER gift_voided_by_reversal_alone AFTER UPDATE OF state ON donations_gift
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION donations_gift_voided();
CREATE CONSTRAINT TRIGGER gift_recorded_not_voided AFTER INSERT ON donations_gift
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state <> 'recorded')
    EXECUTE FUNCTION donations_gift_voided();
CREATE FUNCTION donations_transfer_reversed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM donations_check_voided(NEW.reverses_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER gift_voided_with_its_transfer AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL)
    EXECUTE FUNCTION donations_transfer_reversed();
"""

BACK = """
ALTER TABLE donations_gift DROP CONSTRAINT gift_purpose_belongs_to_its_fund;
DROP FUNCTION donations_keep_row, donations_gift_unchanged, donations_deposit_unchanged, donations_gift_in_the_books,
    donations_gift_voided, donations_transfer_reversed, donations_check_voided CASCADE;
DROP SEQUENCE donations_gift_number, donations_deposit_number;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0001_initial"),
        ("funds", "0001_initial"),
        ("charity_hub", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL("".join([NUMBERS, PURPOSE_OF_FUND, KEPT, UNCHANGED, IN_THE_BOOKS]), BACK),
    ]
