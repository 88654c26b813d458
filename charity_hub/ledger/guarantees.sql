-- Books, accounts, transfers, entries, month totals and seals: docs/reference/ledger-rules.md.

-- One plan for a session, made without looking at the values: it asks for rows by their keys in any case, and to plan
-- takes longer than to post. Made while tables are small it must do for large ones, so it neither reads whole tables
-- nor joins by hash; and to find one row by its key, a bitmap of pages is made for nothing. What ledger_post and
-- ledger_entry_post set, holds for the triggers that they set off, too.
CREATE OR REPLACE FUNCTION ledger_post(
    keys text[], kinds text[], days date[], memos text[], source_types integer[], sources bigint[],
    actors bigint[], reversed bigint[], line_keys text[], line_accounts bigint[], line_amounts bigint[]
) RETURNS TABLE (idempotency_key text, id bigint, posted_at timestamptz) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
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

-- Whether a reversal undoes its original leg by leg.
CREATE OR REPLACE FUNCTION ledger_mirrors(reversal bigint, original bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT count(*) FROM ledger_entry e WHERE e.transfer_id = reversal)
         = (SELECT count(*) FROM ledger_entry e WHERE e.transfer_id = original)
       AND NOT EXISTS (
            SELECT e.account_id, e.amount FROM ledger_entry e WHERE e.transfer_id = reversal
            EXCEPT ALL
            SELECT e.account_id, -e.amount FROM ledger_entry e WHERE e.transfer_id = original
       );
END $$;

CREATE OR REPLACE FUNCTION ledger_entry_post() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    wrong record;
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

    -- A transfer is written whole, in one statement: so it can be judged here, and nobody adds to it later.
    -- An entry goes on where the one before it in its account left off.
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
                WHEN t.reverses_id IS NOT NULL AND NOT ledger_mirrors(t.id, t.reverses_id)
                    THEN 'ledger_reversal_mirrors'
                WHEN part.astray THEN 'ledger_entry_follows_the_one_before'
            END AS rule
        FROM (
            SELECT added.transfer_id, count(*) AS entries, sum(added.amount) AS total,
                   min(a.unit) <> max(a.unit) AS mixed, max(a.closed_through) AS closed_through,
                   bool_or(added.balance_after IS DISTINCT FROM added.amount +
                           CASE WHEN added.number = 1 THEN 0 ELSE before.balance_after END) AS astray
            FROM added LEFT JOIN LATERAL (
                SELECT a.unit, b.closed_through
                FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id
                WHERE a.id = added.account_id OFFSET 0
            ) a ON true LEFT JOIN LATERAL (
                SELECT e.balance_after FROM ledger_entry e
                WHERE e.account_id = added.account_id AND e.number = added.number - 1 OFFSET 0
            ) before ON true
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

    -- Whether an account may take it, its own trigger judges, of the row as it is once it is locked.
    UPDATE ledger_account a
    SET balance = a.balance + moved.total, entry_count = a.entry_count + moved.count
    FROM (
        SELECT account_id, sum(amount)::bigint AS total, count(*) AS count
        FROM added GROUP BY account_id ORDER BY account_id
    ) moved
    WHERE a.id = moved.account_id;

    -- Nobody else writes these rows meanwhile: the accounts are locked.
    MERGE INTO ledger_month_total m USING (
        SELECT added.account_id, t.month, t.kind, sum(greatest(added.amount, 0)) AS debits,
               sum(greatest(-added.amount, 0)) AS credits, max(added.number) AS newest
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

    RETURN NULL;
END $$;

-- Entries that come without a number, from someone who writes by hand, get the next one, row by row.
CREATE OR REPLACE FUNCTION ledger_entry_number() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    PERFORM FROM ledger_account a WHERE a.id = NEW.account_id FOR NO KEY UPDATE;
    SELECT e.number, e.balance_after INTO last
    FROM ledger_entry e WHERE e.account_id = NEW.account_id ORDER BY e.number DESC LIMIT 1;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.balance_after := coalesce(last.balance_after, 0) + NEW.amount;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER ledger_entry_number BEFORE INSERT ON ledger_entry
FOR EACH ROW WHEN (NEW.number IS NULL) EXECUTE FUNCTION ledger_entry_number();
CREATE OR REPLACE TRIGGER ledger_entry_post AFTER INSERT ON ledger_entry
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_post();

CREATE OR REPLACE FUNCTION ledger_transfer_hash(t ledger_transfer) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN encode(sha256(convert_to(
        ROW(t.id, t.kind, t.occurred_on, extract(epoch FROM t.posted_at), t.memo, t.source_type_id, t.source_id,
            t.actor_id, t.idempotency_key, t.reverses_id)::text, 'UTF8')), 'hex');
END $$;

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
    NEW.content_hash := ledger_transfer_hash(NEW);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER ledger_transfer_stamp BEFORE INSERT ON ledger_transfer
FOR EACH ROW EXECUTE FUNCTION ledger_transfer_stamp();

-- An empty transfer moves nothing and would stand open for entries for ever: refused at commit.
CREATE OR REPLACE FUNCTION ledger_transfer_has_entries() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_entry e WHERE e.transfer_id = NEW.id) THEN
        RAISE EXCEPTION 'transfer % has no entries', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transfer_has_entries';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS ledger_transfer_has_entries ON ledger_transfer;
CREATE CONSTRAINT TRIGGER ledger_transfer_has_entries AFTER INSERT ON ledger_transfer
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_transfer_has_entries();
CREATE OR REPLACE TRIGGER ledger_transfer_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ledger_entry_is_never_removed BEFORE DELETE OR TRUNCATE ON ledger_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ledger_entry_is_never_changed BEFORE UPDATE ON ledger_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ledger_seal_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ledger_month_total_is_never_removed BEFORE DELETE ON ledger_month_total
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ledger_month_total_is_never_emptied BEFORE TRUNCATE ON ledger_month_total
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION ledger_month_total_follows_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rule text;
BEGIN
    rule := CASE
        WHEN NOT EXISTS (
            SELECT FROM ledger_entry e, LATERAL (
                SELECT t.kind, t.occurred_on FROM ledger_transfer t WHERE t.id = e.transfer_id OFFSET 0
            ) t
            WHERE e.account_id = NEW.account_id AND e.number = NEW.counted_through
              AND t.kind = NEW.kind AND date_trunc('month', t.occurred_on::timestamp) = NEW.month
        ) THEN 'ledger_month_total_is_written_by_posting'
        WHEN TG_OP = 'INSERT' THEN NULL
        WHEN (OLD.id, OLD.account_id, OLD.month, OLD.kind)
            IS DISTINCT FROM (NEW.id, NEW.account_id, NEW.month, NEW.kind)
            THEN 'ledger_month_total_is_written_by_posting'
        WHEN OLD.counted_through >= NEW.counted_through THEN 'ledger_month_total_counts_an_entry_once'
    END;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = rule, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER ledger_month_total_is_written_by_posting BEFORE INSERT OR UPDATE ON ledger_month_total
FOR EACH ROW EXECUTE FUNCTION ledger_month_total_follows_posting();
CREATE OR REPLACE TRIGGER ledger_account_opens_at_zero BEFORE INSERT ON ledger_account
FOR EACH ROW WHEN (NEW.balance <> 0 OR NEW.entry_count <> 0) EXECUTE FUNCTION refuse_change();
-- No constraints: an account stays what it was when it was opened, and a constraint is judged in every posting.
CREATE OR REPLACE TRIGGER ledger_account_has_a_code BEFORE INSERT ON ledger_account
FOR EACH ROW WHEN (NEW.code = '') EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ledger_account_unit_is_known BEFORE INSERT ON ledger_account
FOR EACH ROW WHEN (NEW.unit NOT IN ('CNY', 'TIME')) EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ledger_account_side_follows_its_kind BEFORE INSERT ON ledger_account
FOR EACH ROW WHEN (
    NEW.normal_side IS DISTINCT FROM CASE
        WHEN NEW.kind IN ('asset', 'contra') THEN 1
        WHEN NEW.kind IN ('liability', 'net_assets', 'committed') THEN -1
    END
) EXECUTE FUNCTION refuse_change();

-- A balance is what stands after the account's newest entry, and it moves only when there is a newer one.
CREATE OR REPLACE FUNCTION ledger_account_follows_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest record;
BEGIN
    IF (NEW.balance, NEW.entry_count) IS NOT DISTINCT FROM (OLD.balance, OLD.entry_count) THEN
        RETURN NEW;
    END IF;
    SELECT e.number, e.balance_after INTO newest
    FROM ledger_entry e WHERE e.account_id = NEW.id ORDER BY e.number DESC LIMIT 1;
    IF NEW.entry_count <= OLD.entry_count
        OR (newest.number, newest.balance_after) IS DISTINCT FROM (NEW.entry_count, NEW.balance)
    THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    ELSIF OLD.closed THEN
        RAISE EXCEPTION 'account % is closed', OLD.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_is_open',
              DETAIL = json_build_object('account', OLD.id);
    ELSIF NEW.balance * NEW.normal_side < NEW.floor THEN
        -- The CHECK says the same; here the figure is known.
        RAISE EXCEPTION 'account % would pass its floor', OLD.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'account_balance_at_or_above_floor',
              DETAIL = json_build_object('account', OLD.id,
                                         'available', OLD.balance * OLD.normal_side - OLD.floor);
    END IF;
    RETURN NEW;
END $$;
-- Named columns, not a condition: PostgreSQL would parse that anew in every statement.
CREATE OR REPLACE TRIGGER ledger_account_balance_is_written_by_posting BEFORE UPDATE OF balance, entry_count ON ledger_account
FOR EACH ROW EXECUTE FUNCTION ledger_account_follows_entries();

-- What its entries mean depends on these; and what is closed, is closed for good. Written out, as PostgreSQL prints it
-- before and after a backup alike.
CREATE OR REPLACE TRIGGER ledger_account_stays_what_it_is
BEFORE UPDATE OF id, book_id, unit, code, kind, normal_side, closed ON ledger_account
FOR EACH ROW WHEN (
    OLD.id IS DISTINCT FROM NEW.id OR OLD.book_id IS DISTINCT FROM NEW.book_id
    OR OLD.unit IS DISTINCT FROM NEW.unit OR OLD.code IS DISTINCT FROM NEW.code
    OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.normal_side IS DISTINCT FROM NEW.normal_side
    OR (OLD.closed AND NOT NEW.closed)
) EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ledger_account_with_entries_stays BEFORE DELETE ON ledger_account
FOR EACH ROW WHEN (OLD.entry_count <> 0) EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ledger_account_is_never_emptied BEFORE TRUNCATE ON ledger_account
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION ledger_book_close() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE OR REPLACE TRIGGER ledger_book_close BEFORE INSERT OR UPDATE ON ledger_book
FOR EACH ROW EXECUTE FUNCTION ledger_book_close();
CREATE OR REPLACE TRIGGER ledger_book_keeps_its_code BEFORE UPDATE ON ledger_book
FOR EACH ROW WHEN ((OLD.id, OLD.code) IS DISTINCT FROM (NEW.id, NEW.code))
EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER ledger_book_is_never_emptied BEFORE TRUNCATE ON ledger_book
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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
CREATE OR REPLACE TRIGGER ledger_seal_extends_the_chain BEFORE INSERT ON ledger_seal
FOR EACH ROW EXECUTE FUNCTION ledger_seal_extends_the_chain();

CREATE OR REPLACE FUNCTION ledger_differences(the_model text, the_row bigint, said ledger_said_entry[])
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

CREATE OR REPLACE FUNCTION ledger_seal_hash(the_day date, previous text, after bigint, through bigint) RETURNS text
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
