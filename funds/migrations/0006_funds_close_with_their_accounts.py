"""What is over holds nothing and takes nothing in: a fund closes, and a purpose retires, with its accounts."""

from django.db import migrations

from charity_hub.search_paths import pinned

# An account is closed at zero alone. Checked at commit, when fund and accounts are both written.
CLOSED = """
CREATE FUNCTION funds_fund_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_account WHERE book_id = NEW.book_id AND NOT closed) THEN
        RAISE EXCEPTION 'fund % is closed, and accounts of it are not', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_closed_with_its_accounts';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_closed_with_its_accounts AFTER UPDATE OF state ON funds_fund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state <> 'closed' AND NEW.state = 'closed')
    EXECUTE FUNCTION funds_fund_closed();

CREATE FUNCTION funds_purpose_retired() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger_account WHERE id IN (NEW.net_account_id, NEW.committed_account_id) AND NOT closed
    ) THEN
        RAISE EXCEPTION 'purpose % is retired, and accounts of it are not closed', NEW.slug
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purpose_retired_with_its_accounts';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER purpose_retired_with_its_accounts AFTER UPDATE OF retired_on ON funds_purpose
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.retired_on IS NULL AND NEW.retired_on IS NOT NULL)
    EXECUTE FUNCTION funds_purpose_retired();
"""

BACK = "DROP FUNCTION funds_fund_closed, funds_purpose_retired CASCADE;"


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0005_requests_and_seed_money_agree_with_the_ledger"),
        ("charity_hub", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(CLOSED, BACK),
        pinned("funds"),
    ]
