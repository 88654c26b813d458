"""Every transfer is of a kind that the code declares, and belongs to the row that its kind says.

Rooms above say which entries a row stands for (``charity_hub.ledger.proofs``); here is what they compare with.
A seal is the hash of what it covers, and nothing else.
"""

from django.db import migrations

from charity_hub.search_paths import pinned

STAMP = """
CREATE OR REPLACE FUNCTION ledger_transfer_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    original record;
    belongs_to text;
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

    SELECT k.source INTO belongs_to FROM ledger_transfer_kind k WHERE k.code = NEW.kind;
    rule := CASE
        WHEN NOT FOUND THEN 'ledger_transfer_kind_is_declared'
        WHEN belongs_to <> coalesce((
            SELECT c.app_label || '.' || c.model FROM django_content_type c WHERE c.id = NEW.source_type_id
        ), '') THEN 'ledger_transfer_belongs_to_its_row'
    END;
    IF rule IS NULL AND NEW.reverses_id IS NOT NULL THEN
        SELECT t.kind, t.occurred_on, t.reverses_id, t.source_id INTO original
        FROM ledger_transfer t WHERE t.id = NEW.reverses_id;
        rule := CASE
            WHEN NOT FOUND THEN 'ledger_reversal_has_its_original'
            WHEN original.reverses_id IS NOT NULL THEN 'ledger_reversal_is_final'
            WHEN original.kind <> NEW.kind THEN 'ledger_reversal_keeps_the_kind'
            WHEN original.source_id IS DISTINCT FROM NEW.source_id THEN 'ledger_reversal_keeps_the_row'
            WHEN original.occurred_on > NEW.occurred_on THEN 'ledger_reversal_is_not_earlier'
        END;
    END IF;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION 'transfer of kind % is refused: %', NEW.kind, rule
        USING ERRCODE = 'check_violation', CONSTRAINT = rule;
    END IF;
    RETURN NEW;
END $$;
"""

# What a row says of one entry, and how the books differ from it. A day that the row does not know is any day.
DIFFERENCES = """
CREATE TYPE ledger_said_entry AS (kind text, occurred_on date, account_id bigint, amount bigint);

CREATE FUNCTION ledger_differences(the_model text, the_row bigint, said ledger_said_entry[])
RETURNS TABLE (kind text, account_id bigint, amount bigint, times bigint) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH standing AS (
        SELECT t.kind::text AS kind, t.occurred_on, e.account_id, e.amount
        FROM ledger_transfer t JOIN ledger_entry e ON e.transfer_id = t.id
        WHERE t.source_type_id = (
                SELECT c.id FROM django_content_type c WHERE c.app_label || '.' || c.model = the_model
            )
            AND t.source_id = the_row AND t.reverses_id IS NULL
            AND NOT EXISTS (SELECT FROM ledger_transfer undone WHERE undone.reverses_id = t.id)
    ), line AS (
        SELECT s.kind, s.occurred_on, s.account_id, s.amount, 1 AS way FROM unnest(said) s
        UNION ALL
        SELECT b.kind, (
            SELECT s.occurred_on FROM unnest(said) s
            WHERE s.kind = b.kind AND s.account_id = b.account_id AND s.amount = b.amount
                AND coalesce(s.occurred_on, b.occurred_on) = b.occurred_on
            LIMIT 1
        ), b.account_id, b.amount, -1 FROM standing b
    )
    SELECT l.kind, l.account_id, l.amount, sum(l.way)::bigint
    FROM line l GROUP BY l.kind, l.occurred_on, l.account_id, l.amount HAVING sum(l.way) <> 0;
END $$;
"""

# The written description of the seal (docs/reference/ledger-rules.md), once more in SQL.
SEALS = """
CREATE FUNCTION ledger_seal_hash(the_day date, previous text, after bigint, through bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN encode(sha256(convert_to(
        '["seal","' || the_day || '",' || to_json(previous)::text || ']' || chr(10) || coalesce((
            SELECT string_agg(
                '["transfer",' || t.id || ',' || to_json(t.kind)::text || ',"' || t.occurred_on || '","'
                || to_char(t.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00",'
                || to_json(t.memo)::text || ',' || coalesce(t.source_type_id::text, 'null') || ','
                || coalesce(t.source_id::text, 'null') || ',' || coalesce(t.actor_id::text, 'null') || ','
                || to_json(t.idempotency_key)::text || ',' || coalesce(t.reverses_id::text, 'null') || ']' || chr(10)
                || coalesce((
                    SELECT string_agg(
                        '["entry",' || e.id || ',' || to_json(a.code)::text || ',' || e.number || ',' || e.amount
                        || ',' || e.balance_after || ']' || chr(10), '' ORDER BY e.id)
                    FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.transfer_id = t.id
                ), ''), '' ORDER BY t.id)
            FROM ledger_transfer t WHERE t.id > after AND t.id <= through
        ), ''), 'UTF8')), 'hex');
END $$;

CREATE OR REPLACE FUNCTION ledger_seal_extends_the_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before ledger_seal;
    newest bigint;
    rule text;
BEGIN
    -- Nothing is being posted from here on, so no smaller id can still appear.
    LOCK TABLE ledger_transfer IN SHARE ROW EXCLUSIVE MODE;
    NEW.sealed_at := clock_timestamp();
    SELECT * INTO before FROM ledger_seal s ORDER BY s.day DESC LIMIT 1;
    SELECT coalesce(max(t.id), 0) INTO newest FROM ledger_transfer t;
    rule := CASE
        WHEN NEW.day <= before.day
            OR NEW.day > (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date
            OR NEW.previous_hash <> coalesce(before.hash, '')
            OR NEW.first_transfer <> coalesce(before.last_transfer, 0)
            OR NEW.last_transfer < NEW.first_transfer
            OR NEW.last_transfer > greatest(newest, NEW.first_transfer)
            OR (NEW.transfer_count, NEW.entry_count) <> (
                SELECT count(DISTINCT t.id), count(e.id)
                FROM ledger_transfer t LEFT JOIN ledger_entry e ON e.transfer_id = t.id
                WHERE t.id > NEW.first_transfer AND t.id <= NEW.last_transfer
            )
            THEN 'ledger_seal_extends_the_chain'
        WHEN NEW.hash <> ledger_seal_hash(NEW.day, NEW.previous_hash, NEW.first_transfer, NEW.last_transfer)
            THEN 'ledger_seal_is_the_hash_of_what_it_covers'
    END;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION 'the seal of % is refused: %', NEW.day, rule
        USING ERRCODE = 'check_violation', CONSTRAINT = rule;
    END IF;
    RETURN NEW;
END $$;
"""

# Who changed something, and on which page, is added while a request goes on, and never changed afterwards.
CONTEXTS = """
CREATE FUNCTION people_context_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.created_at) THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    NEW.metadata := NEW.metadata || jsonb_strip_nulls(OLD.metadata);
    RETURN NEW;
END $$;
CREATE TRIGGER history_context_only_grows BEFORE UPDATE OR DELETE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION people_context_only_grows();
CREATE TRIGGER history_context_is_never_emptied BEFORE TRUNCATE ON pghistory_context
    FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();
"""


# The functions that were replaced stay as they are: what they look up is there.
BACK = """
DROP FUNCTION people_context_only_grows CASCADE;
DROP TRIGGER history_context_is_never_emptied ON pghistory_context;
DROP FUNCTION ledger_differences, ledger_seal_hash;
DROP TYPE ledger_said_entry;
"""


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0012_guards_declared"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [
        migrations.RunSQL(STAMP + DIFFERENCES + SEALS + CONTEXTS, BACK),
        pinned("ledger", "people"),
    ]
