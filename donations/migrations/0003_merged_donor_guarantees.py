"""What PostgreSQL guarantees of merged donors, whoever writes: no cycle, no way back, no gift of theirs."""

from django.db import migrations

from charity_hub.search_paths import pinned

# A row is merged once, into a donor of its charity and kind who stands for itself. The locks make two
# merges, or a merge and a gift, wait for each other; 0002_guarantees refuses a merged donor's gifts.
MERGED = """
CREATE FUNCTION donations_donor_merged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept donations_donor%ROWTYPE;
BEGIN
    IF NEW.merged_into_id IS NULL THEN
        RAISE EXCEPTION 'donor % is merged for good', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_merged_for_good';
    END IF;
    PERFORM FROM donations_donor WHERE id = NEW.id FOR UPDATE;
    SELECT * INTO kept FROM donations_donor WHERE id = NEW.merged_into_id FOR SHARE;
    IF kept.merged_into_id IS NOT NULL THEN
        RAISE EXCEPTION 'donor % is merged itself and takes in no other', kept.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_merged_into_one_who_stands';
    END IF;
    IF (kept.charity_id, kept.kind) IS DISTINCT FROM (NEW.charity_id, NEW.kind) THEN
        RAISE EXCEPTION 'donor % is of another charity or kind than %', NEW.id, kept.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_merged_within_charity_and_kind';
    END IF;
    IF OLD.merged_into_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM donations_donor WHERE id = OLD.merged_into_id AND merged_into_id = NEW.merged_into_id
    ) THEN
        RAISE EXCEPTION 'donor % is merged for good', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_merged_for_good';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donor_merged_for_good BEFORE UPDATE ON donations_donor FOR EACH ROW
    WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id) EXECUTE FUNCTION donations_donor_merged();

CREATE FUNCTION donations_donor_begins_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'donor %: nobody is recorded merged', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'donor_begins_alone';
END $$;
CREATE TRIGGER donor_begins_alone BEFORE INSERT ON donations_donor FOR EACH ROW
    WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION donations_donor_begins_alone();

-- Who had been merged into this donor now belongs to the one it was merged into: never two steps to go.
CREATE FUNCTION donations_donor_takes_along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE donations_donor SET merged_into_id = NEW.merged_into_id WHERE merged_into_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER donor_takes_along AFTER UPDATE ON donations_donor FOR EACH ROW
    WHEN (OLD.merged_into_id IS NULL AND NEW.merged_into_id IS NOT NULL)
    EXECUTE FUNCTION donations_donor_takes_along();
"""

# Checked at commit: every gift of a merged donor went along.
NO_GIFT_STAYS = """
CREATE FUNCTION donations_merged_donor_has_none() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM donations_gift WHERE donor_id = NEW.id) THEN
        RAISE EXCEPTION 'donor % is merged and has gifts', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'merged_donor_has_no_gift';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER merged_donor_has_no_gift AFTER UPDATE ON donations_donor
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL)
    EXECUTE FUNCTION donations_merged_donor_has_none();
"""

# What a merged donor was known by goes on finding the one kept.
STAYS = """
CREATE TRIGGER merged_donor_is_never_deleted BEFORE DELETE ON donations_donor FOR EACH ROW
    WHEN (OLD.merged_into_id IS NOT NULL) EXECUTE FUNCTION donations_keep_row();
CREATE TRIGGER merged_donor_stays_of_charity_and_kind BEFORE UPDATE ON donations_donor FOR EACH ROW
    WHEN (OLD.merged_into_id IS NOT NULL
        AND (OLD.charity_id, OLD.kind) IS DISTINCT FROM (NEW.charity_id, NEW.kind))
    EXECUTE FUNCTION donations_keep_row();
"""

BACK = """
DROP FUNCTION donations_donor_merged, donations_donor_begins_alone, donations_donor_takes_along,
    donations_merged_donor_has_none CASCADE;
DROP TRIGGER merged_donor_is_never_deleted ON donations_donor;
DROP TRIGGER merged_donor_stays_of_charity_and_kind ON donations_donor;
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0002_guarantees")]
    replaces = [("donations", "0005_merged_donor_guarantees"), ("donations", "0009_merged_donors_stay")]

    operations = [
        migrations.RunSQL("".join([MERGED, NO_GIFT_STAYS, STAYS]), BACK),
        pinned("donations"),
    ]
