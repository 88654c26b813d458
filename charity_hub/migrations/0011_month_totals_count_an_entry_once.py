"""An entry is counted once in its month's total, however many writers there are in the statement.

Since entries may come with their numbers, one statement could insert them together with a total that agrees
with them; posting then counted them once more. Now a total says through which entry of its account it has
counted, and posting stops where that is further than the account itself.
"""

from importlib import import_module

from django.db import migrations, models

first = import_module("charity_hub.migrations.0002_ledger_guarantees")
before = import_module("charity_hub.migrations.0007_posting_at_any_size")

COUNTS_ONCE = """
ALTER TABLE ledger_month_total ADD COLUMN counted_through bigint;

CREATE FUNCTION ledger_month_total_counts_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.counted_through > (
        SELECT a.entry_count FROM ledger_account a WHERE a.id = NEW.account_id
    ) THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    NEW.counted_through := (SELECT max(e.number) FROM ledger_entry e WHERE e.account_id = NEW.account_id);
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_month_total_counts_an_entry_once BEFORE INSERT OR UPDATE ON ledger_month_total
FOR EACH ROW EXECUTE FUNCTION ledger_month_total_counts_once();
"""

FOLLOWED = before.MONTH_TOTALS[
    before.MONTH_TOTALS.index("CREATE FUNCTION ledger_month_totals_follow_entries")
    : before.MONTH_TOTALS.index("CREATE TRIGGER")
].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")  # fmt: skip

# Judged at the statement's end: a total that was written before the entries came says less than there is.
FOLLOWS = FOLLOWED.replace(
    "    IF wrong THEN",
    """    IF wrong OR EXISTS (
        SELECT FROM written w WHERE w.counted_through IS DISTINCT FROM (
            SELECT max(e.number) FROM ledger_entry e WHERE e.account_id = w.account_id
        )
    ) THEN""",
)

UNDO = f"""
DROP FUNCTION ledger_month_total_counts_once() CASCADE;
ALTER TABLE ledger_month_total DROP COLUMN counted_through;
{FOLLOWED}
{first.PINNED}
{before.KEPT_PLANS}
"""


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0010_second_factors_are_reset")]

    operations = [
        migrations.RunSQL(
            COUNTS_ONCE + FOLLOWS + first.PINNED + before.KEPT_PLANS,
            reverse_sql=UNDO,
            state_operations=[
                migrations.AddField(
                    model_name="monthtotal",
                    name="counted_through",
                    field=models.BigIntegerField(editable=False, null=True),
                ),
            ],
        ),
    ]
