"""What holds rows and transfers together: a view says which entries each row stands for.

A room whose rows move money makes one view in a migration, ``<table>_entries``, with a line for each entry:

    source_id, kind, occurred_on (NULL: any day), account_id, amount

and calls ``proof``. From then on PostgreSQL compares, whenever the row or one of its transfers is written,
what the view says with what stands in the books: transfers that name the row as their source, without
reversals and what they reverse. What differs when the transaction ends is refused. ``verify_ledger`` compares
all rows.
"""

from collections.abc import Sequence
from typing import Final

PROOF: Final = """
CREATE OR REPLACE FUNCTION {table}_check_entries(the_row bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    PERFORM FROM {table} WHERE id = the_row FOR NO KEY UPDATE;
    SELECT * INTO wrong FROM ledger_differences('{model}', the_row, ARRAY(
        SELECT ROW(said.kind, said.occurred_on, said.account_id, said.amount)::ledger_said_entry
        FROM {table}_entries said WHERE said.source_id = the_row
    )) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '{table} % and its transfers differ: %', the_row, wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION {table}_row_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {table}_check_entries(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER {rule} AFTER INSERT OR UPDATE ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {table}_row_agrees();

CREATE OR REPLACE FUNCTION {table}_transfer_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {table}_check_entries(NEW.source_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER {rule}_too AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind IN ({kinds}))
    EXECUTE FUNCTION {table}_transfer_agrees();
"""

UNDO: Final = "DROP FUNCTION {table}_transfer_agrees, {table}_row_agrees, {table}_check_entries CASCADE;"


def proof(table: str, model: str, rule: str, kinds: Sequence[str]) -> tuple[str, str]:
    """The SQL that holds a table's rows to their transfers of these kinds, and the SQL that undoes it.

    ``model`` is what the kinds were registered with as their source; ``rule`` names the refusal.
    """
    names = ", ".join(f"'{kind}'" for kind in kinds)
    return (
        PROOF.format(table=table, model=model, rule=rule, kinds=names),
        UNDO.format(table=table),
    )
