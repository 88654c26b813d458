"""A donor who was merged stays, as what they were: what they were known by goes on finding the one kept."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER merged_donor_is_never_deleted BEFORE DELETE ON donations_donor FOR EACH ROW
    WHEN (OLD.merged_into_id IS NOT NULL) EXECUTE FUNCTION donations_keep_row();
CREATE TRIGGER merged_donor_stays_of_charity_and_kind BEFORE UPDATE ON donations_donor FOR EACH ROW
    WHEN (OLD.merged_into_id IS NOT NULL
        AND (OLD.charity_id, OLD.kind) IS DISTINCT FROM (NEW.charity_id, NEW.kind))
    EXECUTE FUNCTION donations_keep_row();
"""
BACKWARDS = """
DROP TRIGGER merged_donor_is_never_deleted ON donations_donor;
DROP TRIGGER merged_donor_stays_of_charity_and_kind ON donations_donor;
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0008_deposits_agree_with_the_ledger")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
