"""What PostgreSQL guarantees of gifts, donors and cash on its way, whoever writes."""

from django.db import migrations

from charity_hub.search_paths import pinned

NUMBERS = """
CREATE SEQUENCE donations_gift_number;
CREATE SEQUENCE donations_deposit_number;
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

# Only the consents, the receipt's number, the note, and the state (once) may change; and a gift follows its donor
# into the one that it was merged into.
UNCHANGED = """
CREATE FUNCTION donations_gift_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.number, OLD.station_id, OLD.fund_id, OLD.purpose_id, OLD.donor_kind, OLD.amount_fen,
        OLD.way, OLD.given_on, OLD.handler, OLD.recorded_by_id, OLD.recorded_at, OLD.key, OLD.transfer_id)
       IS DISTINCT FROM
       (NEW.id, NEW.number, NEW.station_id, NEW.fund_id, NEW.purpose_id, NEW.donor_kind, NEW.amount_fen,
        NEW.way, NEW.given_on, NEW.handler, NEW.recorded_by_id, NEW.recorded_at, NEW.key, NEW.transfer_id)
       OR (OLD.donor_id IS DISTINCT FROM NEW.donor_id AND NOT EXISTS (
           SELECT FROM donations_donor WHERE id = OLD.donor_id AND merged_into_id = NEW.donor_id)) THEN
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

-- A deposit stays as it stands; it may be taken back once, and then its transfers are reversed.
CREATE FUNCTION donations_deposit_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.number, OLD.station_id, OLD.fund_id, OLD.amount_fen, OLD.handed_in_on, OLD.slip, OLD.handed_in_by_id,
        OLD.key)
       IS DISTINCT FROM
       (NEW.id, NEW.number, NEW.station_id, NEW.fund_id, NEW.amount_fen, NEW.handed_in_on, NEW.slip, NEW.handed_in_by_id,
        NEW.key)
       OR OLD.state = 'withdrawn'
       OR (OLD.state = 'received' AND (NEW.state <> 'withdrawn'
           OR (OLD.received_by_id, OLD.received_on) IS DISTINCT FROM (NEW.received_by_id, NEW.received_on))) THEN
        RAISE EXCEPTION 'cash deposit % is as it stands', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_deposit_is_never_edited';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cash_deposit_is_never_edited BEFORE UPDATE ON donations_cash_deposit
    FOR EACH ROW EXECUTE FUNCTION donations_deposit_unchanged();

-- The accounts of its cash are found by it.
CREATE FUNCTION donations_station_code_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'station % keeps its code', OLD.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'station_keeps_its_code';
END $$;
CREATE TRIGGER station_keeps_its_code BEFORE UPDATE OF code ON donations_station
    FOR EACH ROW WHEN (OLD.code <> NEW.code) EXECUTE FUNCTION donations_station_code_kept();
"""

# A gift and its transfer say the same, its fund takes money and its donor is one who takes it: checked for the
# whole statement at once, so that a batch stays quick. Neither a transfer nor a purpose with accounts ever changes
# or goes, so what was proven of them here stays true.
IN_THE_BOOKS = """
CREATE FUNCTION donations_gifts_in_the_books() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
    SELECT gift.number INTO wrong FROM fresh gift
    LEFT JOIN funds_fund fund ON fund.id = gift.fund_id
    LEFT JOIN donations_station station ON station.id = gift.station_id
    LEFT JOIN funds_purpose purpose ON (purpose.id, purpose.fund_id) = (gift.purpose_id, gift.fund_id)
    LEFT JOIN ledger_account place ON place.code = CASE
        WHEN gift.way IN ('cash', 'cheque') THEN 'cash:' || station.code || ':' || fund.code
        ELSE 'bank:' || fund.code END
    LEFT JOIN ledger_transfer posted ON posted.id = gift.transfer_id
    CROSS JOIN LATERAL (
        SELECT sum(amount) FILTER (WHERE amount > 0) AS debited,
               sum(amount) FILTER (WHERE account_id = place.id) AS kept,
               sum(-amount) FILTER (WHERE account_id = purpose.net_account_id) AS credited
        FROM ledger_entry WHERE transfer_id = gift.transfer_id
    ) moved
    WHERE posted.id IS NULL OR (
              moved.debited, moved.kept, moved.credited,
              posted.kind, posted.occurred_on, posted.reverses_id, posted.actor_id
          ) IS DISTINCT FROM (
              gift.amount_fen, gift.amount_fen, gift.amount_fen,
              'gift:' || gift.donor_kind, gift.given_on, NULL::bigint, gift.recorded_by_id
          )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'gift %: its transfer does not say the same', wrong.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_says_the_same_as_its_transfer';
    END IF;

    -- The lock makes a fund that is suspended and its gifts wait for each other.
    PERFORM FROM funds_fund WHERE id IN (SELECT fund_id FROM fresh) ORDER BY id FOR SHARE;
    SELECT fund.code, fund.state INTO wrong FROM funds_fund fund
    WHERE fund.id IN (SELECT fund_id FROM fresh) AND fund.state <> 'active'
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'fund % is %, so it takes no gift', wrong.code, wrong.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_is_for_an_active_fund';
    END IF;

    -- The lock makes a merge and a gift wait for each other.
    PERFORM FROM donations_donor WHERE id IN (SELECT donor_id FROM fresh) ORDER BY id FOR KEY SHARE;
    SELECT gift.number, donor.merged_into_id INTO wrong FROM fresh gift
    JOIN funds_fund fund ON fund.id = gift.fund_id
    JOIN donations_donor donor ON donor.id = gift.donor_id
    WHERE donor.charity_id <> fund.host_id OR donor.kind <> gift.donor_kind OR donor.merged_into_id IS NOT NULL
    LIMIT 1;
    IF FOUND AND wrong.merged_into_id IS NOT NULL THEN
        RAISE EXCEPTION 'gift %: its donor is merged into another one', wrong.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'merged_donor_takes_no_gift';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'gift %: its donor is of another charity or kind', wrong.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_donor_is_of_the_host_charity';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER gift_says_the_same_as_its_transfer AFTER INSERT ON donations_gift
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION donations_gifts_in_the_books();

-- A donor with gifts stays of its charity and kind.
CREATE FUNCTION donations_donor_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM donations_gift WHERE donor_id = OLD.id) THEN
        RAISE EXCEPTION 'donor % has gifts and stays of its charity and kind', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_with_gifts_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donor_with_gifts_stays BEFORE UPDATE ON donations_donor FOR EACH ROW
    WHEN ((OLD.charity_id, OLD.kind) IS DISTINCT FROM (NEW.charity_id, NEW.kind))
    EXECUTE FUNCTION donations_donor_kept();
"""

# Checked at commit: a gift is voided if and only if its transfer is reversed.
VOIDED = """
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

# A deposit and its transfers say the same: on its way, arrived, or both taken back. Checked at commit, from both
# sides: the row and its transfers change within one transaction.
DEPOSITS = """
CREATE FUNCTION donations_check_deposit(the_number text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    deposit donations_cash_deposit%ROWTYPE;
    place record;
    standing record;
    handed_in bigint;
    arrived bigint;
BEGIN
    SELECT * INTO deposit FROM donations_cash_deposit WHERE number = the_number FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT 'cash:' || station.code || ':' || fund.code AS cash,
           'transit:' || station.code || ':' || fund.code AS transit,
           'bank:' || fund.code AS bank
        INTO place
    FROM donations_station station, funds_fund fund
    WHERE station.id = deposit.station_id AND fund.id = deposit.fund_id;
    SELECT coalesce(-sum(amount) FILTER (WHERE kind = 'deposit' AND code = place.cash), 0) AS taken,
           coalesce(sum(amount) FILTER (WHERE kind = 'deposit' AND code = place.transit), 0) AS sent,
           coalesce(-sum(amount) FILTER (WHERE kind = 'deposit_received' AND code = place.transit), 0) AS received,
           coalesce(sum(amount) FILTER (WHERE kind = 'deposit_received' AND code = place.bank), 0) AS banked
        INTO standing
    FROM (
        SELECT posted.kind, account.code, entry.amount
        FROM ledger_transfer posted
        JOIN ledger_entry entry ON entry.transfer_id = posted.id
        JOIN ledger_account account ON account.id = entry.account_id
        WHERE posted.idempotency_key IN ('deposit:' || the_number, 'deposit_received:' || the_number)
          AND NOT EXISTS (SELECT FROM ledger_transfer undone WHERE undone.reverses_id = posted.id)
    ) line;
    handed_in := CASE WHEN deposit.state = 'withdrawn' THEN 0 ELSE deposit.amount_fen END;
    arrived := CASE WHEN deposit.state = 'received' THEN deposit.amount_fen ELSE 0 END;
    IF (standing.taken, standing.sent, standing.received, standing.banked)
       IS DISTINCT FROM (handed_in, handed_in, arrived, arrived) THEN
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
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind LIKE 'deposit%')
    EXECUTE FUNCTION donations_transfer_agrees();
"""

BACK = """
DROP FUNCTION donations_deposit_agrees, donations_transfer_agrees, donations_check_deposit, donations_keep_row,
    donations_gift_unchanged, donations_deposit_unchanged, donations_station_code_kept, donations_gifts_in_the_books,
    donations_donor_kept, donations_gift_voided, donations_transfer_reversed, donations_check_voided CASCADE;
DROP SEQUENCE donations_gift_number, donations_deposit_number;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0001_initial"),
        ("funds", "0001_initial"),
        ("charity_hub", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "".join([NUMBERS, KEPT, UNCHANGED, IN_THE_BOOKS, VOIDED, DEPOSITS]), BACK
        ),
        pinned("donations"),
    ]
