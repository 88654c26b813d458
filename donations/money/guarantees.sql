-- Gifts, donors and requests to void, and what the ledger has of them.

CREATE OR REPLACE FUNCTION donations_gifts_in_the_books() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
    SELECT gift.number INTO wrong FROM fresh gift
    LEFT JOIN funds_fund fund ON fund.id = gift.fund_id
    LEFT JOIN funds_purpose purpose ON (purpose.id, purpose.fund_id) = (gift.purpose_id, gift.fund_id)
    LEFT JOIN ledger_account place ON place.book_id = fund.book_id AND CASE
        WHEN gift.way IN ('cash', 'cheque') THEN place.role = 'station_cash' AND place.party = gift.station_id
        ELSE place.role = 'bank' END
    LEFT JOIN ledger_transfer posted ON posted.id = gift.transfer_id
    CROSS JOIN LATERAL (
        SELECT sum(amount) FILTER (WHERE amount > 0) AS debited,
               sum(amount) FILTER (WHERE account_id = place.id) AS kept,
               sum(-amount) FILTER (WHERE account_id = purpose.net_account_id) AS credited
        FROM ledger_entry WHERE transfer_id = gift.transfer_id
    ) moved
    WHERE posted.id IS NULL OR (
              moved.debited, moved.kept, moved.credited,
              posted.kind, posted.occurred_on, posted.reverses_id, posted.actor_id, posted.source_id
          ) IS DISTINCT FROM (
              gift.amount_fen, gift.amount_fen, gift.amount_fen,
              'gift:' || gift.donor_kind, gift.given_on, NULL::bigint, gift.recorded_by_id, gift.id
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
CREATE OR REPLACE TRIGGER gift_says_the_same_as_its_transfer AFTER INSERT ON donations_gift
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION donations_gifts_in_the_books();

-- A donor with gifts stays of its charity and kind.
CREATE OR REPLACE FUNCTION donations_donor_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM donations_gift WHERE donor_id = OLD.id) THEN
        RAISE EXCEPTION 'donor % has gifts and stays of its charity and kind', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_with_gifts_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER donor_with_gifts_stays BEFORE UPDATE ON donations_donor FOR EACH ROW
    WHEN ((OLD.charity_id, OLD.kind) IS DISTINCT FROM (NEW.charity_id, NEW.kind))
    EXECUTE FUNCTION donations_donor_kept();

-- Whoever added a donor sees the phone and the ID. A new donor comes with a gift of who added it; checked at commit.
CREATE OR REPLACE FUNCTION donations_donor_added() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM (
            SELECT recorded_by_id FROM donations_gift WHERE donor_id = ANY (ARRAY[
                NEW.id, (SELECT merged_into_id FROM donations_donor WHERE id = NEW.id)
            ]) OFFSET 0
        ) gift
        WHERE gift.recorded_by_id = NEW.added_by_id
    ) THEN
        RAISE EXCEPTION 'donor %: somebody else recorded it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_is_added_by_who_recorded';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS donor_is_added_by_who_recorded ON donations_donor;
CREATE CONSTRAINT TRIGGER donor_is_added_by_who_recorded AFTER INSERT ON donations_donor
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.added_by_id IS NOT NULL)
    EXECUTE FUNCTION donations_donor_added();

CREATE OR REPLACE FUNCTION donations_check_voided(the_transfer bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE gift donations_gift%ROWTYPE;
BEGIN
    SELECT * INTO gift FROM donations_gift WHERE transfer_id = the_transfer;
    IF FOUND AND (gift.state = 'voided') <> EXISTS (SELECT FROM ledger_transfer WHERE reverses_id = the_transfer) THEN
        RAISE EXCEPTION 'gift % is voided if and only if its transfer is reversed', gift.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_voided_by_reversal_alone';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION donations_gift_voided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM donations_check_voided(NEW.transfer_id);
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS gift_voided_by_reversal_alone ON donations_gift;
CREATE CONSTRAINT TRIGGER gift_voided_by_reversal_alone AFTER UPDATE OF state ON donations_gift
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION donations_gift_voided();

CREATE OR REPLACE FUNCTION donations_transfer_reversed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM donations_check_voided(NEW.reverses_id);
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS gift_voided_with_its_transfer ON ledger_transfer;
CREATE CONSTRAINT TRIGGER gift_voided_with_its_transfer AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL)
    EXECUTE FUNCTION donations_transfer_reversed();

CREATE OR REPLACE FUNCTION donations_donor_merged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept donations_donor%ROWTYPE;
BEGIN
    IF NEW.merged_into_id IS NULL THEN
        RAISE EXCEPTION 'donor % is merged for good', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_merged_for_good';
    END IF;
    PERFORM FROM donations_donor WHERE id = NEW.id FOR UPDATE;
    SELECT * INTO kept FROM donations_donor WHERE id = NEW.merged_into_id FOR SHARE;
    IF kept.merged_into_id IS NOT NULL THEN
        RAISE EXCEPTION 'donor % is merged itself and takes in no other', kept.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_merged_into_one_who_stands';
    END IF;
    IF (kept.charity_id, kept.kind) IS DISTINCT FROM (NEW.charity_id, NEW.kind) THEN
        RAISE EXCEPTION 'donor % is of another charity or kind than %', NEW.id, kept.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_merged_within_charity_and_kind';
    END IF;
    IF OLD.merged_into_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM donations_donor WHERE id = OLD.merged_into_id AND merged_into_id = NEW.merged_into_id
    ) THEN
        RAISE EXCEPTION 'donor % is merged for good', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_merged_for_good';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER donor_merged_for_good BEFORE UPDATE ON donations_donor FOR EACH ROW
    WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id) EXECUTE FUNCTION donations_donor_merged();

CREATE OR REPLACE FUNCTION donations_donor_begins_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'donor %: nobody is recorded merged', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_begins_alone';
END $$;
CREATE OR REPLACE TRIGGER donor_begins_alone BEFORE INSERT ON donations_donor FOR EACH ROW
    WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION donations_donor_begins_alone();

-- Who had been merged into this donor now belongs to the one it was merged into: never two steps to go.
CREATE OR REPLACE FUNCTION donations_donor_takes_along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE donations_donor SET merged_into_id = NEW.merged_into_id WHERE merged_into_id = NEW.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER donor_takes_along AFTER UPDATE ON donations_donor FOR EACH ROW
    WHEN (OLD.merged_into_id IS NULL AND NEW.merged_into_id IS NOT NULL)
    EXECUTE FUNCTION donations_donor_takes_along();

CREATE OR REPLACE FUNCTION donations_merged_donor_has_none() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM donations_gift WHERE donor_id = NEW.id) THEN
        RAISE EXCEPTION 'donor % is merged and has gifts', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'merged_donor_has_no_gift';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS merged_donor_has_no_gift ON donations_donor;
CREATE CONSTRAINT TRIGGER merged_donor_has_no_gift AFTER UPDATE ON donations_donor
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL)
    EXECUTE FUNCTION donations_merged_donor_has_none();
CREATE OR REPLACE TRIGGER merged_donor_is_never_deleted BEFORE DELETE ON donations_donor FOR EACH ROW
    WHEN (OLD.merged_into_id IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER merged_donor_stays_of_charity_and_kind BEFORE UPDATE ON donations_donor FOR EACH ROW
    WHEN (OLD.merged_into_id IS NOT NULL
        AND (OLD.charity_id, OLD.kind) IS DISTINCT FROM (NEW.charity_id, NEW.kind))
    EXECUTE FUNCTION refuse_change();

-- Whoever recorded a gift voids it on the day (of Shanghai) on which it was recorded, while nobody else has seen it.
CREATE OR REPLACE FUNCTION donations_gift_voided_by() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.recorded_at AT TIME ZONE 'Asia/Shanghai')::date <> (now() AT TIME ZONE 'Asia/Shanghai')::date
        OR EXISTS (
            SELECT FROM documents_certificate certificate
            JOIN django_content_type kind ON kind.id = certificate.source_type_id
            WHERE (kind.app_label, kind.model, certificate.source_id) = ('donations', 'gift', OLD.id)
        )
        OR (OLD.way IN ('cash', 'cheque') AND EXISTS (
            SELECT FROM donations_cash_deposit deposit
            JOIN ledger_transfer posted ON posted.source_id = deposit.id
            JOIN django_content_type kind ON kind.id = posted.source_type_id
            WHERE (deposit.station_id, deposit.fund_id) = (OLD.station_id, OLD.fund_id)
                AND deposit.state <> 'withdrawn' AND posted.id > OLD.transfer_id
                AND (kind.app_label, kind.model, posted.kind) = ('donations', 'cashdeposit', 'deposit')
        ))
    THEN
        RAISE EXCEPTION 'gift % is not voided by who recorded it', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_voided_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER gift_voided_by_another BEFORE UPDATE ON donations_gift FOR EACH ROW
    WHEN (OLD.voided_by_id IS NULL AND NEW.voided_by_id = OLD.recorded_by_id)
    EXECUTE FUNCTION donations_gift_voided_by();

-- Checked at commit: the row names who reversed the transfer.
CREATE OR REPLACE FUNCTION donations_gift_voided_by_who_reversed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_transfer undone
                   WHERE (undone.reverses_id, undone.actor_id) = (NEW.transfer_id, NEW.voided_by_id)) THEN
        RAISE EXCEPTION 'gift %: somebody else reversed its transfer', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_voided_by_who_reversed';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS gift_voided_by_who_reversed ON donations_gift;
CREATE CONSTRAINT TRIGGER gift_voided_by_who_reversed AFTER UPDATE ON donations_gift
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.voided_by_id IS NULL AND NEW.voided_by_id IS NOT NULL)
    EXECUTE FUNCTION donations_gift_voided_by_who_reversed();

-- A request is granted only with a voided gift.
CREATE OR REPLACE FUNCTION donations_void_request_granted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM donations_gift WHERE id = NEW.gift_id AND state = 'voided') THEN
        RAISE EXCEPTION 'request %: the gift is not voided', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'void_request_granted_by_voiding';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER void_request_granted_by_voiding BEFORE UPDATE ON donations_void_request
    FOR EACH ROW WHEN (NEW.state = 'granted') EXECUTE FUNCTION donations_void_request_granted();

CREATE OR REPLACE VIEW donations_gift_entries AS
SELECT gift.id AS source_id, 'gift:' || gift.donor_kind AS kind, gift.given_on AS occurred_on,
       line.account_id, line.amount
FROM donations_gift gift
JOIN funds_fund fund ON fund.id = gift.fund_id
JOIN funds_purpose purpose ON (purpose.id, purpose.fund_id) = (gift.purpose_id, gift.fund_id)
LEFT JOIN ledger_account place ON place.book_id = fund.book_id AND CASE
    WHEN gift.way IN ('cash', 'cheque') THEN place.role = 'station_cash' AND place.party = gift.station_id
    ELSE place.role = 'bank' END,
LATERAL (VALUES (place.id, gift.amount_fen), (purpose.net_account_id, -gift.amount_fen)) line (account_id, amount)
WHERE gift.state = 'recorded';

-- Each transfer of a gift is the one that a gift names as its own. That both say the same, the gift's own trigger has
-- seen, for a whole statement at once.
CREATE OR REPLACE FUNCTION donations_transfer_has_its_gift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM donations_gift WHERE transfer_id = NEW.id AND id = NEW.source_id) THEN
        RAISE EXCEPTION 'transfer % of kind % belongs to no gift', NEW.id, NEW.kind
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_transfer_belongs_to_its_gift';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS gift_transfer_belongs_to_its_gift ON ledger_transfer;
CREATE CONSTRAINT TRIGGER gift_transfer_belongs_to_its_gift AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.reverses_id IS NULL AND NEW.kind IN ('gift:person', 'gift:organization', 'gift:anonymous'))
    EXECUTE FUNCTION donations_transfer_has_its_gift();

CREATE OR REPLACE VIEW donations_gift_certified AS
SELECT id AS source_id, jsonb_build_object(
    'number', number, 'given_on', to_char(given_on, 'YYYY-MM-DD'), 'amount_fen', amount_fen
) AS facts
FROM donations_gift WHERE state = 'recorded';
