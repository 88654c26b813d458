"""What PostgreSQL guarantees of funds and spending, whoever writes."""

from django.db import migrations

from charity_hub.search_paths import pinned

# The state of a row moves by the same table as FUND_FLOW and SPENDING_FLOW; a new row begins at the start.
MOVES = """
CREATE FUNCTION funds_fund_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a fund begins as a draft, not as %', NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_state_moves_by_the_table';
        END IF;
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'under_review'),
        ('under_review', 'draft'), ('under_review', 'active'),
        ('active', 'suspended'), ('active', 'winding_up'),
        ('suspended', 'active'), ('suspended', 'winding_up'),
        ('winding_up', 'closed')
    ) THEN
        RAISE EXCEPTION 'a fund does not move from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_state_moves_by_the_table';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_state_moves_by_the_table BEFORE INSERT OR UPDATE OF state ON funds_fund
    FOR EACH ROW EXECUTE FUNCTION funds_fund_moves();

CREATE FUNCTION funds_spending_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'filed' THEN
            RAISE EXCEPTION 'a spending request begins as filed, not as %', NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_state_moves_by_the_table';
        END IF;
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('filed', 'returned'), ('filed', 'withdrawn'), ('filed', 'approved'), ('filed', 'ended'),
        ('returned', 'filed'), ('returned', 'withdrawn'), ('returned', 'ended'),
        ('approved', 'paid'), ('approved', 'released')
    ) THEN
        RAISE EXCEPTION 'a spending request does not move from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_state_moves_by_the_table';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER spending_state_moves_by_the_table BEFORE INSERT OR UPDATE OF state ON funds_spending_request
    FOR EACH ROW EXECUTE FUNCTION funds_spending_moves();
"""

# Checked at commit, so that a committee can be exchanged within one transaction.
CONSTITUTION = """
CREATE FUNCTION funds_check_constitution(the_fund bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE seats integer; chairs integer; supervisors integer; unrestricted integer;
BEGIN
    -- Locked, so that two changes of one committee are counted one after the other.
    PERFORM FROM funds_fund WHERE id = the_fund AND state NOT IN ('draft', 'under_review') FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT count(*) FILTER (WHERE position <> 'supervisor'), count(*) FILTER (WHERE position = 'chair'),
           count(*) FILTER (WHERE position = 'supervisor')
        INTO seats, chairs, supervisors FROM funds_committee_member WHERE fund_id = the_fund;
    IF seats < 5 OR seats % 2 = 0 OR chairs <> 1 THEN
        RAISE EXCEPTION 'fund %: % seats with % chair(s); a committee is odd, at least 5, with one chair',
            the_fund, seats, chairs
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_committee_odd_at_least_five_one_chair';
    END IF;
    IF supervisors < 1 THEN
        RAISE EXCEPTION 'fund % has no supervisor', the_fund
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_has_a_supervisor';
    END IF;
    SELECT count(*) INTO unrestricted FROM funds_purpose WHERE fund_id = the_fund AND NOT restricted;
    IF unrestricted <> 1 THEN
        RAISE EXCEPTION 'fund %: % unrestricted purposes, there is exactly one', the_fund, unrestricted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_has_one_unrestricted_purpose';
    END IF;
END $$;

CREATE FUNCTION funds_fund_constitution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM funds_check_constitution(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_constitution_of_fund AFTER INSERT OR UPDATE OF state ON funds_fund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_fund_constitution();

CREATE FUNCTION funds_part_constitution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM funds_check_constitution(OLD.fund_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM funds_check_constitution(NEW.fund_id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_constitution_of_committee AFTER INSERT OR UPDATE OR DELETE ON funds_committee_member
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_part_constitution();
CREATE CONSTRAINT TRIGGER fund_constitution_of_purposes AFTER INSERT OR UPDATE OR DELETE ON funds_purpose
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_part_constitution();
"""

# What is decided stays as decided; what is final stays as it is; nothing of it is deleted. A payee's account may be
# put under another key, and nothing else with it.
DECIDED = """
ALTER TABLE funds_spending_request ADD CONSTRAINT spending_purpose_of_its_fund
    FOREIGN KEY (purpose_id, fund_id) REFERENCES funds_purpose (id, fund_id) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION funds_spending_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE otherwise funds_spending_request%ROWTYPE := NEW;
BEGIN
    IF people_reencrypts(TG_RELID, OLD.payee_account, NEW.payee_account) THEN
        otherwise.payee_account := OLD.payee_account;
        IF otherwise IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    IF OLD.state IN ('paid', 'released', 'withdrawn', 'ended') AND OLD IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION 'spending request % is final', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_final_never_changes';
    END IF;
    IF OLD.state = 'approved' AND (
        OLD.number, OLD.fund_id, OLD.purpose_id, OLD.use, OLD.title, OLD.amount_fen, OLD.payee_kind, OLD.payee_name,
        OLD.payee_bank, OLD.payee_account, OLD.filed_by_id, OLD.approved_by_id, OLD.approved_on
    ) IS DISTINCT FROM (
        NEW.number, NEW.fund_id, NEW.purpose_id, NEW.use, NEW.title, NEW.amount_fen, NEW.payee_kind, NEW.payee_name,
        NEW.payee_bank, NEW.payee_account, NEW.filed_by_id, NEW.approved_by_id, NEW.approved_on
    ) THEN
        RAISE EXCEPTION 'spending request % is approved as it stands', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_decided_figures_never_change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER spending_decided_never_changes BEFORE UPDATE ON funds_spending_request
    FOR EACH ROW EXECUTE FUNCTION funds_spending_decided();

CREATE FUNCTION funds_keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: rows that money depends on are kept', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER spending_is_never_deleted BEFORE DELETE ON funds_spending_request
    FOR EACH ROW EXECUTE FUNCTION funds_keep_row();
CREATE TRIGGER spending_is_never_truncated BEFORE TRUNCATE ON funds_spending_request
    FOR EACH STATEMENT EXECUTE FUNCTION funds_keep_row();
CREATE TRIGGER fund_is_never_deleted BEFORE DELETE ON funds_fund
    FOR EACH ROW WHEN (OLD.state NOT IN ('draft', 'under_review')) EXECUTE FUNCTION funds_keep_row();
"""

# A public fund's agreement stays as activated: its code, host, region, seed money, fee and accounts.
AGREED = """
CREATE FUNCTION funds_fund_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.code, OLD.region_id, OLD.host_id, OLD.seed_money_fen, OLD.management_fee_bp, OLD.leftover_fund_id, OLD.book_id,
        OLD.proposed_by_id, OLD.activated_by_id, OLD.activated_on)
       IS DISTINCT FROM
       (NEW.code, NEW.region_id, NEW.host_id, NEW.seed_money_fen, NEW.management_fee_bp, NEW.leftover_fund_id, NEW.book_id,
        NEW.proposed_by_id, NEW.activated_by_id, NEW.activated_on) THEN
        RAISE EXCEPTION 'fund % is agreed as it stands', OLD.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_agreed_terms_never_change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_agreed_terms_never_change BEFORE UPDATE ON funds_fund
    FOR EACH ROW WHEN (OLD.state NOT IN ('draft', 'under_review')) EXECUTE FUNCTION funds_fund_agreed();

CREATE FUNCTION funds_purpose_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.fund_id, OLD.slug, OLD.restricted, OLD.net_account_id, OLD.committed_account_id) IS DISTINCT FROM
       (NEW.id, NEW.fund_id, NEW.slug, NEW.restricted, NEW.net_account_id, NEW.committed_account_id) THEN
        RAISE EXCEPTION 'purpose % keeps what was given for it', OLD.slug
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purpose_with_accounts_never_changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER purpose_with_accounts_never_changes BEFORE UPDATE ON funds_purpose
    FOR EACH ROW WHEN (OLD.net_account_id IS NOT NULL) EXECUTE FUNCTION funds_purpose_kept();
CREATE TRIGGER purpose_with_accounts_is_never_deleted BEFORE DELETE ON funds_purpose
    FOR EACH ROW WHEN (OLD.net_account_id IS NOT NULL) EXECUTE FUNCTION funds_keep_row();
"""

# Requests are filed and approved while their fund is active, and paid until it is closed. One that nobody decided
# on ends with its fund: checked at commit, for the fund and its requests change within one transaction.
NOTHING_OPEN = """
CREATE FUNCTION funds_fund_nothing_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM funds_spending_request WHERE fund_id = NEW.id AND state IN ('filed', 'returned')
    ) THEN
        RAISE EXCEPTION 'fund % ends while requests are open', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_ends_with_its_fund';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER spending_ends_with_its_fund AFTER UPDATE OF state ON funds_fund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('winding_up', 'closed'))
    EXECUTE FUNCTION funds_fund_nothing_open();

-- The lock makes a fund that leaves its state and its requests wait for each other.
CREATE FUNCTION funds_spending_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE fund record;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = NEW.state THEN
        RETURN NEW;
    END IF;
    SELECT code, state INTO fund FROM funds_fund WHERE id = NEW.fund_id FOR SHARE;
    IF fund.state <> 'active' AND NOT (fund.state = 'winding_up' AND NEW.state = 'paid') THEN
        RAISE EXCEPTION 'fund % is %, so no request is % now', fund.code, fund.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_needs_a_fund_in_force';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER spending_needs_a_fund_in_force BEFORE INSERT OR UPDATE OF state ON funds_spending_request
    FOR EACH ROW WHEN (NEW.state IN ('filed', 'approved', 'paid'))
    EXECUTE FUNCTION funds_spending_in_force();
"""

# A fund is a street's or a community's. A region's key is its code: 9 digits name a street or town, 12 a
# community or village.
REGION = """
ALTER TABLE funds_fund ADD CONSTRAINT fund_of_a_street_or_community CHECK (char_length(region_id) IN (9, 12));
"""

NUMBERS = "CREATE SEQUENCE funds_spending_number"

BACK = """
DROP SEQUENCE funds_spending_number;
ALTER TABLE funds_spending_request DROP CONSTRAINT spending_purpose_of_its_fund;
ALTER TABLE funds_fund DROP CONSTRAINT fund_of_a_street_or_community;
DROP FUNCTION funds_fund_nothing_open, funds_spending_in_force, funds_fund_moves,
    funds_spending_moves, funds_fund_constitution, funds_part_constitution, funds_check_constitution,
    funds_spending_decided, funds_keep_row, funds_fund_agreed, funds_purpose_kept CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0001_initial"),
        ("charity_hub", "0006_door_for_reencryption"),
    ]

    operations = [
        migrations.RunSQL(
            "".join([MOVES, CONSTITUTION, DECIDED, AGREED, NOTHING_OPEN, REGION, NUMBERS]), BACK
        ),
        pinned("funds"),
    ]
