"""Gifts, deposits and their transfers say the same, whoever writes which.

Accounts are found by their roles, and transfers by the row that they belong to; neither by how a code is spelled.
"""

from django.db import migrations

from charity_hub.ledger.proofs import proof
from charity_hub.search_paths import pinned

# What was opened before accounts had roles.
ROLES = """
UPDATE ledger_account account
    SET role = CASE split_part(account.code, ':', 1) WHEN 'cash' THEN 'station_cash' ELSE 'in_transit' END,
        party = station.id
    FROM donations_station station, funds_fund fund
    WHERE account.book_id = fund.book_id AND account.role = ''
      AND account.code IN ('cash:' || station.code || ':' || fund.code, 'transit:' || station.code || ':' || fund.code);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

BEFORE = "DROP FUNCTION donations_deposit_agrees, donations_transfer_agrees, donations_check_deposit CASCADE;"

DEPOSITS = """
CREATE VIEW donations_cash_deposit_entries AS
WITH deposit AS (
    SELECT deposit.*, cash.id AS cash, transit.id AS transit, bank.id AS bank
    FROM donations_cash_deposit deposit
    JOIN funds_fund fund ON fund.id = deposit.fund_id
    LEFT JOIN ledger_account cash ON (cash.book_id, cash.role, cash.party)
        = (fund.book_id, 'station_cash', deposit.station_id)
    LEFT JOIN ledger_account transit ON (transit.book_id, transit.role, transit.party)
        = (fund.book_id, 'in_transit', deposit.station_id)
    LEFT JOIN ledger_account bank ON (bank.book_id, bank.role) = (fund.book_id, 'bank')
)
SELECT id AS source_id, line.kind, line.occurred_on, line.account_id, line.amount
FROM deposit, LATERAL (VALUES
    ('deposit', handed_in_on, transit, amount_fen, state IN ('handed_in', 'received')),
    ('deposit', handed_in_on, cash, -amount_fen, state IN ('handed_in', 'received')),
    ('deposit_received', received_on, bank, amount_fen, state = 'received'),
    ('deposit_received', received_on, transit, -amount_fen, state = 'received')
) line (kind, occurred_on, account_id, amount, stands)
WHERE line.stands;
"""

GIFTS = """
CREATE VIEW donations_gift_entries AS
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
CREATE FUNCTION donations_transfer_has_its_gift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM donations_gift WHERE transfer_id = NEW.id AND id = NEW.source_id) THEN
        RAISE EXCEPTION 'transfer % of kind % belongs to no gift', NEW.id, NEW.kind
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_transfer_belongs_to_its_gift';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER gift_transfer_belongs_to_its_gift AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.reverses_id IS NULL AND NEW.kind IN ('gift:person', 'gift:organization', 'gift:anonymous'))
    EXECUTE FUNCTION donations_transfer_has_its_gift();
"""

PROVEN, UNPROVEN = proof(
    "donations_cash_deposit",
    "donations.cashdeposit",
    "cash_deposit_agrees_with_its_transfers",
    ["deposit", "deposit_received"],
)
BACK = UNPROVEN + """
DROP VIEW donations_cash_deposit_entries, donations_gift_entries;
DROP FUNCTION donations_transfer_has_its_gift CASCADE;
"""

# As before, but that accounts are found by their roles and the transfer belongs to the gift.
IN_THE_BOOKS = """
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0009_guards_declared"),
        ("funds", "0009_rows_and_transfers_say_the_same"),
        ("charity_hub", "0013_transfers_belong_to_rows"),
    ]

    operations = [
        migrations.RunSQL(ROLES + BEFORE + DEPOSITS + GIFTS + PROVEN + IN_THE_BOOKS, BACK),
        pinned("donations"),
    ]
