"""What PostgreSQL itself guarantees about the ledger, whoever writes (psql included).

Every refusal carries a telling name as its constraint, so that ``charity_hub.ledger.errors`` can turn it
into a sentence, and where figures help, JSON as its detail.
"""

from django.db import migrations

# One statement-level trigger on entries does all the work of posting. It reads the new rows once per step
# (transition table), so a batch of a thousand transfers on one hot account costs a thousand rows, not a
# thousand updates of one row.
POSTING = """
CREATE FUNCTION ledger_entry_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    account record;
    wrong record;
BEGIN
    -- Books before accounts, each in id order: everyone takes the locks in the same order, so no ring of
    -- waiters forms. Closing a month waits for postings under way, and they for it.
    PERFORM FROM ledger_book b
    WHERE b.id IN (SELECT a.book_id FROM added JOIN ledger_account a ON a.id = added.account_id)
    ORDER BY b.id FOR SHARE;

    FOR account IN
        SELECT a.id, a.code, a.closed, a.balance * a.normal_side - a.floor AS available,
               a.balance * a.normal_side + moved.total * a.normal_side < a.floor AS short
        FROM (SELECT account_id, sum(amount) AS total FROM added GROUP BY account_id) moved
        JOIN ledger_account a ON a.id = moved.account_id
        ORDER BY a.id FOR NO KEY UPDATE OF a
    LOOP
        IF account.closed THEN
            RAISE EXCEPTION 'account % is closed', account.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_is_open',
                  DETAIL = json_build_object('account', account.id);
        ELSIF account.short THEN
            -- The CHECK says the same again below; here the figure is known under the lock.
            RAISE EXCEPTION 'account % would pass its floor', account.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_balance_at_or_above_floor',
                  DETAIL = json_build_object('account', account.id, 'available', account.available);
        END IF;
    END LOOP;

    -- A transfer is written whole, in one statement: so it can be judged here, and nobody adds to it later.
    SELECT * INTO wrong FROM (
        SELECT part.transfer_id, part.closed_through, t.occurred_on,
            CASE
                WHEN t.id IS NULL THEN 'ledger_entry_has_its_transfer'
                WHEN part.entries <> (SELECT count(*) FROM ledger_entry e WHERE e.transfer_id = t.id)
                    THEN 'ledger_transfer_is_written_whole'
                WHEN part.entries < 2 THEN 'ledger_transfer_has_two_entries'
                WHEN part.mixed THEN 'ledger_transfer_has_one_unit'
                WHEN part.total <> 0 THEN 'ledger_transfer_sums_to_zero'
                WHEN part.closed_through >= t.occurred_on THEN 'ledger_month_is_open'
                WHEN t.id <= (SELECT s.last_transfer FROM ledger_seal s ORDER BY s.day DESC LIMIT 1)
                    THEN 'ledger_transfer_is_after_the_seal'
                WHEN t.reverses_id IS NOT NULL AND (
                    part.entries <> (SELECT count(*) FROM ledger_entry e WHERE e.transfer_id = t.reverses_id)
                    OR EXISTS (
                        SELECT e.account_id, e.amount FROM ledger_entry e WHERE e.transfer_id = t.id
                        EXCEPT ALL
                        SELECT e.account_id, -e.amount FROM ledger_entry e WHERE e.transfer_id = t.reverses_id
                    )
                ) THEN 'ledger_reversal_mirrors'
            END AS rule
        FROM (
            SELECT added.transfer_id, count(*) AS entries, sum(added.amount) AS total,
                   min(a.unit) <> max(a.unit) AS mixed, max(b.closed_through) AS closed_through
            FROM added
            LEFT JOIN ledger_account a ON a.id = added.account_id
            LEFT JOIN ledger_book b ON b.id = a.book_id
            GROUP BY added.transfer_id
        ) part
        LEFT JOIN ledger_transfer t ON t.id = part.transfer_id
    ) judged
    WHERE rule IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transfer % breaks the rule %', wrong.transfer_id, wrong.rule
        USING ERRCODE = 'check_violation', CONSTRAINT = wrong.rule,
              DETAIL = json_build_object('transfer', wrong.transfer_id, 'occurred_on', wrong.occurred_on,
                                         'closed_through', wrong.closed_through),
              HINT = 'A transfer''s entries come in one INSERT, two or more, in one unit, and sum to zero.';
    END IF;

    UPDATE ledger_entry e
    SET number = a.entry_count + step.count, balance_after = a.balance + step.total
    FROM (
        SELECT id, account_id, row_number() OVER so_far AS count, sum(amount) OVER so_far AS total
        FROM added WINDOW so_far AS (PARTITION BY account_id ORDER BY id ROWS UNBOUNDED PRECEDING)
    ) step
    JOIN ledger_account a ON a.id = step.account_id
    WHERE e.id = step.id;

    INSERT INTO ledger_month_total AS m (account_id, month, kind, debits, credits)
    SELECT added.account_id, date_trunc('month', t.occurred_on::timestamp)::date AS month, t.kind,
           sum(greatest(added.amount, 0)), sum(greatest(-added.amount, 0))
    FROM added JOIN ledger_transfer t ON t.id = added.transfer_id
    GROUP BY added.account_id, 2, t.kind
    ON CONFLICT (account_id, month, kind) DO UPDATE
    SET debits = m.debits + excluded.debits, credits = m.credits + excluded.credits;

    -- Last: until now the entries just numbered lie beyond what the account counts, and prove the totals.
    UPDATE ledger_account a
    SET balance = a.balance + moved.total, entry_count = a.entry_count + moved.count
    FROM (SELECT account_id, sum(amount) AS total, count(*) AS count FROM added GROUP BY account_id) moved
    WHERE a.id = moved.account_id;

    RETURN NULL;
END $$;
"""

POSTING_TRIGGER = """
CREATE TRIGGER ledger_entry_post AFTER INSERT ON ledger_entry
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_post();
"""

TRANSFERS = """
CREATE FUNCTION ledger_transfer_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    original record;
    rule text;
BEGIN
    -- The guarantees look at what others have just committed; an older snapshot would not see it.
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'the ledger is written at READ COMMITTED only'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_is_read_committed';
    END IF;

    NEW.posted_at := clock_timestamp();
    IF NEW.occurred_on > (NEW.posted_at AT TIME ZONE 'Asia/Shanghai')::date THEN
        RAISE EXCEPTION '% is in the future', NEW.occurred_on
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transfer_is_not_in_the_future',
              DETAIL = json_build_object('occurred_on', NEW.occurred_on);
    END IF;

    IF NEW.reverses_id IS NOT NULL THEN
        SELECT t.kind, t.occurred_on, t.reverses_id INTO original
        FROM ledger_transfer t WHERE t.id = NEW.reverses_id;
        rule := CASE
            WHEN NOT FOUND THEN 'ledger_reversal_has_its_original'
            WHEN original.reverses_id IS NOT NULL THEN 'ledger_reversal_is_final'
            WHEN original.kind <> NEW.kind THEN 'ledger_reversal_keeps_the_kind'
            WHEN original.occurred_on > NEW.occurred_on THEN 'ledger_reversal_is_not_earlier'
        END;
        IF rule IS NOT NULL THEN
            RAISE EXCEPTION 'transfer % cannot be reversed so: %', NEW.reverses_id, rule
            USING ERRCODE = 'check_violation', CONSTRAINT = rule;
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_transfer_stamp BEFORE INSERT ON ledger_transfer
FOR EACH ROW EXECUTE FUNCTION ledger_transfer_stamp();

-- An empty transfer moves nothing and would stand open for entries for ever: refused at commit.
CREATE FUNCTION ledger_transfer_has_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_entry e WHERE e.transfer_id = NEW.id) THEN
        RAISE EXCEPTION 'transfer % has no entries', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transfer_has_entries';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_transfer_has_entries AFTER INSERT ON ledger_transfer
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_transfer_has_entries();

-- Ids say in which order things were posted, and seals rely on it: they come from the sequence alone.
ALTER TABLE ledger_transfer ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE ledger_entry ALTER COLUMN id SET GENERATED ALWAYS;
"""

# What is posted stays as it was posted; the only undo is a reversal.
APPEND_ONLY = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER ledger_transfer_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

CREATE TRIGGER ledger_entry_is_never_removed BEFORE DELETE OR TRUNCATE ON ledger_entry
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- Posting numbers an entry once, in the statement that inserts it; nobody ever sees one without a number.
CREATE TRIGGER ledger_entry_is_never_changed BEFORE UPDATE ON ledger_entry
FOR EACH ROW WHEN (
    OLD.number IS NOT NULL OR NEW.number IS NULL
    OR (OLD.id, OLD.transfer_id, OLD.account_id, OLD.amount)
        IS DISTINCT FROM (NEW.id, NEW.transfer_id, NEW.account_id, NEW.amount)
) EXECUTE FUNCTION ledger_refuse_change();

CREATE TRIGGER ledger_seal_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

CREATE TRIGGER ledger_month_total_is_never_removed BEFORE DELETE ON ledger_month_total
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

CREATE TRIGGER ledger_month_total_is_never_emptied BEFORE TRUNCATE ON ledger_month_total
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""

# Whoever writes a month's total, and from wherever: it moves by exactly the entries that its account does not
# count yet, and such entries exist only while posting runs.
MONTH_TOTALS = """
CREATE FUNCTION ledger_month_total_follows_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh record;
    debits bigint := NEW.debits;
    credits bigint := NEW.credits;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        debits := debits - OLD.debits;
        credits := credits - OLD.credits;
    END IF;
    SELECT count(*) AS entries, sum(greatest(e.amount, 0)) AS debits, sum(greatest(-e.amount, 0)) AS credits
    INTO fresh
    FROM ledger_account a
    JOIN ledger_entry e ON e.account_id = a.id AND e.number > a.entry_count
    JOIN ledger_transfer t ON t.id = e.transfer_id
    WHERE a.id = NEW.account_id AND t.kind = NEW.kind
      AND date_trunc('month', t.occurred_on::timestamp)::date = NEW.month;
    IF fresh.entries = 0 OR (fresh.debits, fresh.credits) IS DISTINCT FROM (debits::numeric, credits::numeric)
        OR (TG_OP = 'UPDATE' AND (OLD.id, OLD.account_id, OLD.month, OLD.kind)
            IS DISTINCT FROM (NEW.id, NEW.account_id, NEW.month, NEW.kind))
    THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_month_total_is_written_by_posting AFTER INSERT OR UPDATE ON ledger_month_total
FOR EACH ROW EXECUTE FUNCTION ledger_month_total_follows_entries();
"""

ACCOUNTS = """
CREATE TRIGGER ledger_account_opens_at_zero BEFORE INSERT ON ledger_account
FOR EACH ROW WHEN (NEW.balance <> 0 OR NEW.entry_count <> 0) EXECUTE FUNCTION ledger_refuse_change();

-- A balance is what stands after the account's newest entry, and it moves only when there is a newer one.
CREATE FUNCTION ledger_account_follows_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.entry_count <= OLD.entry_count OR NOT EXISTS (
        SELECT FROM ledger_entry e
        WHERE e.account_id = NEW.id AND e.number = NEW.entry_count AND e.balance_after = NEW.balance
    ) OR EXISTS (
        SELECT FROM ledger_entry e WHERE e.account_id = NEW.id AND e.number > NEW.entry_count
    ) THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_account_balance_is_written_by_posting BEFORE UPDATE ON ledger_account
FOR EACH ROW WHEN ((OLD.balance, OLD.entry_count) IS DISTINCT FROM (NEW.balance, NEW.entry_count))
EXECUTE FUNCTION ledger_account_follows_entries();

-- What its entries mean depends on these.
CREATE TRIGGER ledger_account_stays_what_it_is BEFORE UPDATE ON ledger_account
FOR EACH ROW WHEN (
    (OLD.id, OLD.book_id, OLD.unit, OLD.code, OLD.kind, OLD.normal_side)
        IS DISTINCT FROM (NEW.id, NEW.book_id, NEW.unit, NEW.code, NEW.kind, NEW.normal_side)
) EXECUTE FUNCTION ledger_refuse_change();

CREATE TRIGGER ledger_account_with_entries_stays BEFORE DELETE ON ledger_account
FOR EACH ROW WHEN (OLD.entry_count <> 0) EXECUTE FUNCTION ledger_refuse_change();

CREATE TRIGGER ledger_account_is_never_emptied BEFORE TRUNCATE ON ledger_account
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""

BOOKS = """
CREATE FUNCTION ledger_book_close() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rule text;
BEGIN
    rule := CASE
        WHEN TG_OP = 'UPDATE' AND OLD.closed_through IS NOT NULL
             AND (NEW.closed_through IS NULL OR NEW.closed_through < OLD.closed_through)
            THEN 'ledger_book_is_never_reopened'
        WHEN extract(day FROM NEW.closed_through + 1) <> 1 THEN 'ledger_book_closes_at_a_months_end'
        WHEN NEW.closed_through >= (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date
            THEN 'ledger_book_closes_what_is_over'
    END;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION 'book % cannot be closed through %: %', NEW.code, NEW.closed_through, rule
        USING ERRCODE = 'check_violation', CONSTRAINT = rule;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_book_close BEFORE INSERT OR UPDATE ON ledger_book
FOR EACH ROW EXECUTE FUNCTION ledger_book_close();

CREATE TRIGGER ledger_book_keeps_its_code BEFORE UPDATE ON ledger_book
FOR EACH ROW WHEN ((OLD.id, OLD.code) IS DISTINCT FROM (NEW.id, NEW.code))
EXECUTE FUNCTION ledger_refuse_change();

CREATE TRIGGER ledger_book_is_never_emptied BEFORE TRUNCATE ON ledger_book
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""

SEALS = """
CREATE FUNCTION ledger_seal_extends_the_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before ledger_seal;
    newest bigint;
    covered bigint;
BEGIN
    -- Nothing is being posted from here on, so no smaller id can still appear.
    LOCK TABLE ledger_transfer IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO before FROM ledger_seal s ORDER BY s.day DESC LIMIT 1;
    SELECT coalesce(max(t.id), 0) INTO newest FROM ledger_transfer t;
    SELECT count(*) INTO covered FROM ledger_transfer t
    WHERE t.id > NEW.first_transfer AND t.id <= NEW.last_transfer;
    IF NEW.day <= before.day
        OR NEW.day > (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date
        OR NEW.previous_hash <> coalesce(before.hash, '')
        OR NEW.first_transfer <> coalesce(before.last_transfer, 0)
        OR NEW.last_transfer < NEW.first_transfer
        OR NEW.last_transfer > greatest(newest, NEW.first_transfer)
        OR NEW.transfer_count <> covered
    THEN
        RAISE EXCEPTION 'the seal of % does not extend the chain', NEW.day
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_seal_extends_the_chain';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_seal_extends_the_chain BEFORE INSERT ON ledger_seal
FOR EACH ROW EXECUTE FUNCTION ledger_seal_extends_the_chain();
"""

# Temporary tables come first in a search path unless it says otherwise: without this, one named
# ledger_account would hide the real one from the functions above. Sequential scans are off because a plan
# made while the tables were small would be kept by a long session and turn slow as they grow.
PINNED = """
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'ledger\\_%'
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', one, current_schema());
    END LOOP;
END $$;
ALTER FUNCTION ledger_entry_post() SET enable_seqscan = off;
"""

FUNCTIONS = [
    "ledger_entry_post",
    "ledger_transfer_stamp",
    "ledger_transfer_has_entries",
    "ledger_refuse_change",
    "ledger_month_total_follows_entries",
    "ledger_account_follows_entries",
    "ledger_book_close",
    "ledger_seal_extends_the_chain",
]
UNDO = "".join(f"DROP FUNCTION {name}() CASCADE;" for name in FUNCTIONS) + """
ALTER TABLE ledger_transfer ALTER COLUMN id SET GENERATED BY DEFAULT;
ALTER TABLE ledger_entry ALTER COLUMN id SET GENERATED BY DEFAULT;
"""


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0001_initial")]

    operations = [
        migrations.RunSQL(
            POSTING
            + POSTING_TRIGGER
            + TRANSFERS
            + APPEND_ONLY
            + MONTH_TOTALS
            + ACCOUNTS
            + BOOKS
            + SEALS
            + PINNED,
            reverse_sql=UNDO,
        ),
    ]
