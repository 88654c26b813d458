"""What an acknowledgement must say of its gift; its other words are the portal's."""

from django.db import migrations

VIEW = """
CREATE VIEW donations_gift_certified AS
SELECT id AS source_id, jsonb_build_object(
    'number', number, 'given_on', to_char(given_on, 'YYYY-MM-DD'), 'amount_fen', amount_fen
) AS facts
FROM donations_gift WHERE state = 'recorded';
"""


class Migration(migrations.Migration):
    dependencies = [("donations", "0010_rows_and_transfers_say_the_same")]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW donations_gift_certified")]
