"""A request and its transfers say the same, whoever writes which; so do a fund, its seed money and its leftovers.

Accounts are found by their roles, and transfers by the row that they belong to; neither by how a code is spelled.
"""

from django.db import migrations

from charity_hub.ledger.proofs import proof
from charity_hub.search_paths import pinned

# What was opened before accounts had roles.
ROLES = """
UPDATE ledger_account account SET role = 'bank' FROM funds_fund fund
    WHERE account.book_id = fund.book_id AND account.code = 'bank:' || fund.code AND account.role = '';
UPDATE ledger_account account SET role = 'free', party = purpose.id FROM funds_purpose purpose
    WHERE account.id = purpose.net_account_id AND account.role = '';
UPDATE ledger_account account SET role = 'committed', party = purpose.id FROM funds_purpose purpose
    WHERE account.id = purpose.committed_account_id AND account.role = '';
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

BEFORE = """
DROP FUNCTION funds_transfer_agrees, funds_fund_seeded, funds_check_seed, funds_spending_agrees, funds_check_spending
    CASCADE;
"""

SPENDING = """
CREATE VIEW funds_spending_request_entries AS
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
"""

# How much is left over is nobody's to say but the books'. What a transfer of leftovers may move is said here: out of
# the fund's free money and its bank, into the bank and the unrestricted money of one fund of the same host.
FUNDS = """
CREATE VIEW funds_fund_entries AS
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
"""

# A purpose's money lies in accounts of its own, in the book of its fund. Checked at commit: a fund gets its book
# and its purposes their accounts within one transaction.
OWN_ACCOUNTS = """
CREATE FUNCTION funds_purpose_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE CONSTRAINT TRIGGER purpose_accounts_are_its_own AFTER INSERT OR UPDATE ON funds_purpose
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_purpose_accounts();

CREATE FUNCTION funds_fund_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_book WHERE id = NEW.book_id AND code = NEW.code) THEN
        RAISE EXCEPTION 'fund % has a book of its own', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_book_is_its_own';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_book_is_its_own BEFORE INSERT OR UPDATE ON funds_fund
    FOR EACH ROW WHEN (NEW.book_id IS NOT NULL) EXECUTE FUNCTION funds_fund_book();
"""

USES = ["aid", "service", "activity", "goods", "management_fee", "other"]
PROVEN, UNPROVEN = proof(
    "funds_spending_request",
    "funds.spendingrequest",
    "spending_agrees_with_its_transfers",
    ["commit", "release", *(f"payment:{use}" for use in USES)],
)
PROVEN_FUND, UNPROVEN_FUND = proof(
    "funds_fund", "funds.fund", "fund_agrees_with_its_transfers", ["seed", "leftover"]
)
BACK = UNPROVEN + UNPROVEN_FUND + """
DROP VIEW funds_spending_request_entries, funds_fund_entries;
DROP FUNCTION funds_purpose_accounts, funds_fund_book CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0008_guards_declared"),
        ("charity_hub", "0013_transfers_belong_to_rows"),
    ]

    operations = [
        migrations.RunSQL(
            ROLES + BEFORE + SPENDING + FUNDS + PROVEN + PROVEN_FUND + OWN_ACCOUNTS, BACK
        ),
        pinned("funds"),
    ]
