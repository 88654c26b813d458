"""A version begins within a year, leaves its money with the same charity, and says all it must in words."""

from django.conf import settings
from django.db import migrations, models

from charity_hub.search_paths import pinned

# A first day of 2062 would be the last change ever. The host of a fund is fixed from its activation on.
BOUNDS = """
CREATE FUNCTION funds_agreement_bounds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE today date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF NEW.state NOT IN ('proposed', 'agreed') OR (TG_OP = 'UPDATE' AND NEW.state = OLD.state) THEN
        RETURN NEW;
    END IF;
    IF NEW.leftover_fund_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM funds_fund taker JOIN funds_fund giver ON giver.host_id = taker.host_id
        WHERE giver.id = NEW.fund_id AND taker.id = NEW.leftover_fund_id
            AND taker.state NOT IN ('draft', 'under_review')
    ) THEN
        RAISE EXCEPTION 'leftovers of fund % do not go to fund %', NEW.fund_id, NEW.leftover_fund_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_leftovers_stay_with_the_host';
    END IF;
    IF NEW.state = 'agreed' AND NEW.valid_from > least(NEW.agreed_on, today) + 366 THEN
        RAISE EXCEPTION 'a version agreed on % does not begin on %', NEW.agreed_on, NEW.valid_from
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_holds_from_within_a_year';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_stays_near_and_with_its_host BEFORE INSERT OR UPDATE ON funds_agreement_version
    FOR EACH ROW EXECUTE FUNCTION funds_agreement_bounds();
"""

BACK = "DROP FUNCTION funds_agreement_bounds CASCADE;"

# A character that is no blank, in any locale.
SAYS = r"[^\s\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0010_spending_is_found_by_pinyin"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="agreementversion", name="agreement_says_all_it_must"),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    aim__regex=SAYS,
                    use_terms__regex=SAYS,
                    termination_terms__regex=SAYS,
                    leftover_terms__regex=SAYS,
                    reason__regex=SAYS,
                ),
                name="agreement_says_all_it_must",
            ),
        ),
        migrations.RunSQL(BOUNDS, BACK),
        pinned("funds"),
    ]
