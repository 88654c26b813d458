"""Posting that takes the same time however large the ledger is, and writes each entry once.

A plan that PostgreSQL makes from its statistics may read whole tables for a single posting. Here none can:
each row is asked for by its key (``OFFSET 0`` keeps a subquery where it stands, and row by row).
``ledger_post`` numbers entries as it inserts them, so that they need no second writing; the trigger still
numbers those that come without, and lets no wrong number pass.
"""

from importlib import import_module

from django.db import migrations

before = import_module("charity_hub.migrations.0002_ledger_guarantees")

POST = """
CREATE FUNCTION ledger_post(
    keys text[], kinds text[], days date[], memos text[], source_types integer[], sources bigint[],
    actors bigint[], reversed bigint[], line_keys text[], line_accounts bigint[], line_amounts bigint[]
) RETURNS TABLE (idempotency_key text, id bigint, posted_at timestamptz) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    -- The trigger's locks in the trigger's order: what is read below stays true until the commit.
    PERFORM FROM ledger_book b
    WHERE b.id = ANY (ARRAY(SELECT a.book_id FROM ledger_account a WHERE a.id = ANY (line_accounts)))
    ORDER BY b.id FOR SHARE;
    PERFORM FROM ledger_account a WHERE a.id = ANY (line_accounts) ORDER BY a.id FOR NO KEY UPDATE;

    RETURN QUERY WITH made AS (
        INSERT INTO ledger_transfer AS t
            (idempotency_key, kind, occurred_on, memo, source_type_id, source_id, actor_id, reverses_id)
        SELECT * FROM unnest(keys, kinds, days, memos, source_types, sources, actors, reversed)
        ON CONFLICT DO NOTHING
        RETURNING t.idempotency_key, t.id, t.posted_at
    ), line AS (
        SELECT made.id AS transfer_id, given.account, given.amount, given.step,
               count(*) OVER so_far AS count, sum(given.amount) OVER so_far AS total
        FROM unnest(line_keys, line_accounts, line_amounts)
            WITH ORDINALITY AS given(key, account, amount, step)
        JOIN made ON made.idempotency_key = given.key
        WINDOW so_far AS (PARTITION BY given.account ORDER BY given.step ROWS UNBOUNDED PRECEDING)
    ), entered AS (
        INSERT INTO ledger_entry (transfer_id, account_id, amount, number, balance_after)
        SELECT line.transfer_id, line.account, line.amount, a.entry_count + line.count, a.balance + line.total
        FROM line, LATERAL (
            SELECT a.entry_count, a.balance FROM ledger_account a WHERE a.id = line.account OFFSET 0
        ) a
        ORDER BY line.step
    )
    SELECT made.idempotency_key::text, made.id, made.posted_at FROM made;
END $$;
"""

POSTING = """
CREATE OR REPLACE FUNCTION ledger_entry_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    account record;
    entry record;
    wrong record;
    ids bigint[] := '{}';
    totals bigint[] := '{}';
    counts bigint[] := '{}';
BEGIN
    -- Books before accounts, each in id order: everyone takes the locks in the same order, so no ring of
    -- waiters forms. Closing a month waits for postings under way, and they for it.
    PERFORM FROM ledger_book b
    WHERE b.id = ANY (ARRAY(
        SELECT a.book_id FROM (SELECT DISTINCT account_id FROM added) moved, LATERAL (
            SELECT a.book_id FROM ledger_account a WHERE a.id = moved.account_id OFFSET 0
        ) a
    ))
    ORDER BY b.id FOR SHARE;

    FOR account IN
        SELECT a.id, a.code, a.closed, a.balance * a.normal_side - a.floor AS available,
               (a.balance + moved.total) * a.normal_side < a.floor AS short, moved.total, moved.count
        FROM (
            SELECT account_id, sum(amount) AS total, count(*) AS count
            FROM added GROUP BY account_id ORDER BY account_id
        ) moved, LATERAL (
            SELECT * FROM ledger_account a WHERE a.id = moved.account_id OFFSET 0 FOR NO KEY UPDATE OF a
        ) a
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
        ids := ids || account.id;
        totals := totals || account.total::bigint;
        counts := counts || account.count;
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
                   min(a.unit) <> max(a.unit) AS mixed, max(a.closed_through) AS closed_through
            FROM added LEFT JOIN LATERAL (
                SELECT a.unit, b.closed_through
                FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id
                WHERE a.id = added.account_id OFFSET 0
            ) a ON true
            GROUP BY added.transfer_id
        ) part LEFT JOIN LATERAL (
            SELECT t.id, t.occurred_on, t.reverses_id FROM ledger_transfer t
            WHERE t.id = part.transfer_id OFFSET 0
        ) t ON true
    ) judged
    WHERE rule IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transfer % breaks the rule %', wrong.transfer_id, wrong.rule
        USING ERRCODE = 'check_violation', CONSTRAINT = wrong.rule,
              DETAIL = json_build_object('transfer', wrong.transfer_id, 'occurred_on', wrong.occurred_on,
                                         'closed_through', wrong.closed_through),
              HINT = 'A transfer''s entries come in one INSERT, two or more, in one unit, and sum to zero.';
    END IF;

    -- None, when ledger_post wrote them. One that came with a wrong number is refused: it is never changed.
    FOR entry IN
        SELECT step.id, a.entry_count + step.count AS number, a.balance + step.total AS balance_after
        FROM (
            SELECT id, account_id, number, balance_after,
                   count(*) OVER so_far AS count, sum(amount) OVER so_far AS total
            FROM added WINDOW so_far AS (PARTITION BY account_id ORDER BY id ROWS UNBOUNDED PRECEDING)
        ) step, LATERAL (
            SELECT a.entry_count, a.balance FROM ledger_account a WHERE a.id = step.account_id OFFSET 0
        ) a
        WHERE step.number IS DISTINCT FROM a.entry_count + step.count
           OR step.balance_after <> a.balance + step.total
    LOOP
        UPDATE ledger_entry SET number = entry.number, balance_after = entry.balance_after WHERE id = entry.id;
    END LOOP;

    INSERT INTO ledger_month_total AS m (account_id, month, kind, debits, credits)
    SELECT added.account_id, t.month, t.kind, sum(greatest(added.amount, 0)), sum(greatest(-added.amount, 0))
    FROM added, LATERAL (
        SELECT date_trunc('month', t.occurred_on::timestamp)::date AS month, t.kind
        FROM ledger_transfer t WHERE t.id = added.transfer_id OFFSET 0
    ) t
    GROUP BY added.account_id, t.month, t.kind
    ON CONFLICT (account_id, month, kind) DO UPDATE
    SET debits = m.debits + excluded.debits, credits = m.credits + excluded.credits;

    -- Last: until now the entries just numbered lie beyond what the account counts, and prove the totals.
    UPDATE ledger_account a
    SET balance = a.balance + moved.total, entry_count = a.entry_count + moved.count
    FROM unnest(ids, totals, counts) AS moved(id, total, count)
    WHERE a.id = moved.id AND a.id = ANY (ids);

    RETURN NULL;
END $$;
"""

# Whoever writes months' totals, and from wherever: they move by exactly the entries that their accounts do
# not count yet, and such entries exist only while posting runs. Judged once a statement, not once a row.
MONTH_TOTALS = """
DROP TRIGGER ledger_month_total_is_written_by_posting ON ledger_month_total;
DROP FUNCTION ledger_month_total_follows_entries();

CREATE FUNCTION ledger_uncounted(account_ids bigint[])
RETURNS TABLE (account_id bigint, month date, kind text, debits numeric, credits numeric) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT a.id, t.month, t.kind, sum(greatest(e.amount, 0)), sum(greatest(-e.amount, 0))
    FROM ledger_account a, LATERAL (
        SELECT e.transfer_id, e.amount FROM ledger_entry e
        WHERE e.account_id = a.id AND e.number > a.entry_count OFFSET 0
    ) e, LATERAL (
        SELECT date_trunc('month', t.occurred_on::timestamp)::date AS month, t.kind::text
        FROM ledger_transfer t WHERE t.id = e.transfer_id OFFSET 0
    ) t
    WHERE a.id = ANY (account_ids)
    GROUP BY a.id, t.month, t.kind;
END $$;

CREATE FUNCTION ledger_month_totals_follow_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    accounts bigint[] := ARRAY(SELECT DISTINCT account_id FROM written);
    wrong boolean;
BEGIN
    IF accounts = '{}' THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        wrong := EXISTS (
            SELECT account_id, month, kind::text, debits, credits FROM written
            EXCEPT SELECT * FROM ledger_uncounted(accounts)
        );
    ELSE
        wrong := EXISTS (
            SELECT account_id, month, kind::text, w.debits - f.debits, w.credits - f.credits
            FROM written w LEFT JOIN former f USING (id, account_id, month, kind)
            EXCEPT SELECT * FROM ledger_uncounted(accounts)
        );
    END IF;
    IF wrong THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
              CONSTRAINT = 'ledger_month_total_is_written_by_posting';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_month_total_begins_with_posting AFTER INSERT ON ledger_month_total
REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION ledger_month_totals_follow_entries();

CREATE TRIGGER ledger_month_total_is_written_by_posting AFTER UPDATE ON ledger_month_total
REFERENCING OLD TABLE AS former NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION ledger_month_totals_follow_entries();
"""

# One plan for a session, made without looking at the values: it asks for rows by their keys in any case, and
# to plan takes longer than to post. Without sequential scans, because it may be made while tables are small.
KEPT_PLANS = """
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'ledger\\_%'
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET enable_seqscan = off', one);
        EXECUTE format('ALTER FUNCTION %s SET plan_cache_mode = force_generic_plan', one);
    END LOOP;
END $$;
"""

UNDO = """
DROP FUNCTION ledger_post(
    text[], text[], date[], text[], integer[], bigint[], bigint[], bigint[], text[], bigint[], bigint[]
);
DROP FUNCTION ledger_month_totals_follow_entries() CASCADE;
DROP FUNCTION ledger_uncounted(bigint[]);
""" + before.POSTING.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") + before.MONTH_TOTALS + before.PINNED


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0006_door_for_reencryption")]

    operations = [
        migrations.RunSQL(
            POST + POSTING + MONTH_TOTALS + before.PINNED + KEPT_PLANS, reverse_sql=UNDO
        ),
    ]
