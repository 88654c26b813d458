"""Comparing rows with their transfers: a view lists the entries that each row must have.

A room whose rows move money has one view in its ``guarantees.sql``, ``<table>_entries``, with a line for
each entry:

    source_id, kind, occurred_on (NULL: any day), account_id, amount

and calls ``register_proof``. Whenever the row or one of its transfers is written, PostgreSQL then compares
the view with the transfers whose source is the row,
without reversals and reversed transfers. It refuses differences at the end of the transaction.
``verify_ledger`` compares all rows.
"""

from collections.abc import Iterator
from typing import Final

from django.apps import apps

from charity_hub.ledger import kinds

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
DROP TRIGGER IF EXISTS {rule} ON {table};
CREATE CONSTRAINT TRIGGER {rule} AFTER INSERT OR UPDATE ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {table}_row_agrees();

CREATE OR REPLACE FUNCTION {table}_transfer_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {table}_check_entries(NEW.source_id);
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS {rule}_too ON ledger_transfer;
CREATE CONSTRAINT TRIGGER {rule}_too AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind IN ({kinds}))
    EXECUTE FUNCTION {table}_transfer_agrees();
"""

_rules: dict[str, str] = {}


def register_proof(model: str, rule: str) -> None:
    """Compare the rows of a model (``app.model``, lower case) with the transfers of the kinds registered with
    it.

    ``rule`` is the constraint name of the refusal.
    """
    _rules[model] = rule


def rendered() -> Iterator[str]:
    """The SQL of each proof."""
    for model, rule in _rules.items():
        codes = [kind.code for kind in kinds.registered() if kind.source == model]
        yield PROOF.format(
            table=apps.get_model(model)._meta.db_table,
            model=model,
            rule=rule,
            kinds=", ".join(f"'{code}'" for code in codes),
        )
