"""A first agreement, too, leaves its money with the same charity, from the day its fund is activated on."""

from django.db import migrations

from charity_hub.search_paths import pinned

# The host of a fund is fixed from its activation on, so what holds in this moment holds for good.
LEFTOVERS = """
CREATE FUNCTION funds_fund_leftovers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM funds_fund WHERE id = NEW.leftover_fund_id AND host_id = NEW.host_id
        AND state NOT IN ('draft', 'under_review') FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'leftovers of fund % do not go to fund %', NEW.code, NEW.leftover_fund_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_leftovers_stay_with_the_host';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_leftovers_stay_with_the_host BEFORE UPDATE OF state ON funds_fund FOR EACH ROW
    WHEN (OLD.state = 'under_review' AND NEW.state = 'active' AND NEW.leftover_fund_id IS NOT NULL)
    EXECUTE FUNCTION funds_fund_leftovers();
"""

BACK = "DROP FUNCTION funds_fund_leftovers CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("funds", "0003_agreements_are_never_overwritten")]

    operations = [
        migrations.RunSQL(LEFTOVERS, BACK),
        pinned("funds"),
    ]
