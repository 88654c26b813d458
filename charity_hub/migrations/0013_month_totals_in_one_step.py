"""A month's total is written once a posting, and judged as it is written.

Until now each posting inserted or updated its totals and recomputed them from the entries afterwards, twice a
statement: a fifth of what a posting cost. It is enough to know when a total may be written, because posting
itself adds up every entry, always, in the statement that brings it:

* only for an account, a month and a kind of which an entry is not counted yet (``counted_through`` names it), and
  such entries exist only until posting is done with them;
* only once until then. Whoever writes a total before posting does, has posting stopped.
"""

from importlib import import_module

from django.db import migrations

first = import_module("charity_hub.migrations.0002_ledger_guarantees")
second = import_module("charity_hub.migrations.0007_posting_at_any_size")
third = import_module("charity_hub.migrations.0011_month_totals_count_an_entry_once")

BEFORE, _INSERT, AFTER = second.POSTING.partition("    INSERT INTO ledger_month_total")
TOTALS = """    -- Nobody else writes these rows meanwhile: the accounts are locked.
    MERGE INTO ledger_month_total m USING (
        SELECT added.account_id, t.month, t.kind, sum(greatest(added.amount, 0)) AS debits,
               sum(greatest(-added.amount, 0)) AS credits,
               (SELECT e.number FROM ledger_entry e WHERE e.id = max(added.id)) AS newest
        FROM added, LATERAL (
            SELECT date_trunc('month', t.occurred_on::timestamp)::date AS month, t.kind
            FROM ledger_transfer t WHERE t.id = added.transfer_id OFFSET 0
        ) t
        GROUP BY added.account_id, t.month, t.kind
    ) moved ON m.account_id = moved.account_id AND m.month = moved.month AND m.kind = moved.kind
    WHEN MATCHED THEN UPDATE
        SET debits = m.debits + moved.debits, credits = m.credits + moved.credits,
            counted_through = moved.newest
    WHEN NOT MATCHED THEN INSERT (account_id, month, kind, debits, credits, counted_through)
        VALUES (moved.account_id, moved.month, moved.kind, moved.debits, moved.credits, moved.newest);

"""
POSTING = BEFORE + TOTALS + AFTER[AFTER.index("    -- Last:"):]

JUDGED = """
DROP FUNCTION ledger_month_total_counts_once() CASCADE;
DROP FUNCTION ledger_month_totals_follow_entries() CASCADE;
DROP FUNCTION ledger_uncounted(bigint[]);

CREATE FUNCTION ledger_month_total_follows_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted bigint;
    rule text;
BEGIN
    SELECT a.entry_count INTO counted
    FROM ledger_account a, LATERAL (
        SELECT e.transfer_id FROM ledger_entry e
        WHERE e.account_id = a.id AND e.number = NEW.counted_through OFFSET 0
    ) e, LATERAL (
        SELECT t.kind, t.occurred_on FROM ledger_transfer t WHERE t.id = e.transfer_id OFFSET 0
    ) t
    WHERE a.id = NEW.account_id AND NEW.counted_through > a.entry_count AND t.kind = NEW.kind
      AND t.occurred_on >= NEW.month AND t.occurred_on < NEW.month + interval '1 month';

    rule := CASE
        WHEN counted IS NULL THEN 'ledger_month_total_is_written_by_posting'
        WHEN TG_OP = 'UPDATE' AND (OLD.id, OLD.account_id, OLD.month, OLD.kind)
            IS DISTINCT FROM (NEW.id, NEW.account_id, NEW.month, NEW.kind)
            THEN 'ledger_month_total_is_written_by_posting'
        WHEN TG_OP = 'UPDATE' AND OLD.counted_through > counted THEN 'ledger_month_total_counts_an_entry_once'
    END;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = rule, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_month_total_is_written_by_posting BEFORE INSERT OR UPDATE ON ledger_month_total
FOR EACH ROW EXECUTE FUNCTION ledger_month_total_follows_posting();
"""

# MERGE joins as the planner likes, and the plan is kept: made while there are few totals, it may read them all.
NESTED = """
ALTER FUNCTION ledger_entry_post() SET enable_hashjoin = off;
ALTER FUNCTION ledger_entry_post() SET enable_mergejoin = off;
"""

UNDO = (
    "DROP FUNCTION ledger_month_total_follows_posting() CASCADE;"
    + second.POSTING
    + "ALTER FUNCTION ledger_entry_post() RESET ALL;"
    + second.MONTH_TOTALS[second.MONTH_TOTALS.index("CREATE FUNCTION ledger_uncounted"):]
    + third.COUNTS_ONCE[third.COUNTS_ONCE.index("CREATE FUNCTION"):]
    + third.FOLLOWS
    + first.PINNED
    + second.KEPT_PLANS
)


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0012_functions_keep_to_their_schema")]

    operations = [
        migrations.RunSQL(POSTING + JUDGED + first.PINNED + second.KEPT_PLANS + NESTED, reverse_sql=UNDO),
    ]
