"""A request that nobody decided on ends with its fund, and none stays open with a fund that ends."""

from django.db import migrations, models


def amended(function: str, old: str, new: str) -> str:
    """SQL that puts one part of a function in the place of another, and fails when that part is not there."""
    return f"""
DO $do$
DECLARE body text := pg_get_functiondef('{function}'::regproc);
BEGIN
    IF position($old${old}$old$ IN body) = 0 THEN
        RAISE EXCEPTION '{function} does not say what is to be changed';
    END IF;
    EXECUTE replace(body, $old${old}$old$, $new${new}$new$);
END $do$;
"""


MOVES = ("funds_spending_moves", "('filed', 'approved'),", "('filed', 'approved'), ('filed', 'ended'), ('returned', 'ended'),")
FINAL = ("funds_spending_decided", "('paid', 'released', 'withdrawn')", "('paid', 'released', 'withdrawn', 'ended')")

# Checked at commit: the fund and its requests change within one transaction.
NOTHING_OPEN = """
CREATE FUNCTION funds_check_nothing_open(the_fund bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Locked, so that a request that is filed and a fund that ends see each other.
    PERFORM FROM funds_fund WHERE id = the_fund AND state IN ('winding_up', 'closed') FOR NO KEY UPDATE;
    IF FOUND AND EXISTS (
        SELECT FROM funds_spending_request WHERE fund_id = the_fund AND state IN ('filed', 'returned')
    ) THEN
        RAISE EXCEPTION 'fund % ends while requests are open', the_fund
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spending_ends_with_its_fund';
    END IF;
END $$;

CREATE FUNCTION funds_fund_nothing_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM funds_check_nothing_open(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER spending_ends_with_its_fund AFTER UPDATE OF state ON funds_fund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('winding_up', 'closed'))
    EXECUTE FUNCTION funds_fund_nothing_open();

CREATE FUNCTION funds_spending_nothing_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM funds_fund WHERE id = NEW.fund_id FOR NO KEY UPDATE;
    PERFORM funds_check_nothing_open(NEW.fund_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER spending_opens_with_a_fund_in_force AFTER INSERT OR UPDATE OF state ON funds_spending_request
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('filed', 'returned'))
    EXECUTE FUNCTION funds_spending_nothing_open();
"""

NOTHING_OPEN_BACK = """
DROP FUNCTION funds_fund_nothing_open, funds_spending_nothing_open, funds_check_nothing_open CASCADE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0003_spending_may_be_reencrypted'),
    ]

    operations = [
        migrations.AlterField(
            model_name='spendingrequest',
            name='state',
            field=models.CharField(choices=[('filed', 'Waiting for approval'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn'), ('ended', 'Ended with the fund'), ('approved', 'Approved, to be paid'), ('released', 'Approval released'), ('paid', 'Paid')], default='filed', max_length=12, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='spendingrequestevent',
            name='state',
            field=models.CharField(choices=[('filed', 'Waiting for approval'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn'), ('ended', 'Ended with the fund'), ('approved', 'Approved, to be paid'), ('released', 'Approval released'), ('paid', 'Paid')], default='filed', max_length=12, verbose_name='state'),
        ),
        migrations.RunSQL(
            amended(*MOVES) + amended(*FINAL) + NOTHING_OPEN,
            NOTHING_OPEN_BACK
            + amended("funds_spending_moves", MOVES[2], MOVES[1])
            + amended("funds_spending_decided", FINAL[2], FINAL[1]),
        ),
    ]
