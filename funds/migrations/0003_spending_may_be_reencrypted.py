"""A decided request stays frozen; its payee's account may be put under another key, and nothing else with it."""

from django.db import migrations

FORWARDS = """
CREATE OR REPLACE FUNCTION funds_spending_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE otherwise funds_spending_request%ROWTYPE := NEW;
BEGIN
    IF people_reencrypts(TG_RELID, OLD.payee_account, NEW.payee_account) THEN
        otherwise.payee_account := OLD.payee_account;
        IF otherwise IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    IF OLD.state IN ('paid', 'released', 'withdrawn') AND OLD IS DISTINCT FROM NEW THEN
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
"""

BACKWARDS = """
CREATE OR REPLACE FUNCTION funds_spending_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('paid', 'released', 'withdrawn') AND OLD IS DISTINCT FROM NEW THEN
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0002_guarantees"),
        ("charity_hub", "0006_door_for_reencryption"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
