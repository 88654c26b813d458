-- What the ledger has of a deposit in its present state.
CREATE OR REPLACE VIEW donations_cash_deposit_entries AS
WITH deposit AS (
    SELECT deposit.id, deposit.state, deposit.amount_fen, deposit.handed_in_on, deposit.received_on,
           cash.id AS cash, transit.id AS transit, bank.id AS bank
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
