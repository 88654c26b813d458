"""A fund is a street's or a community's: never a district's, a city's or a province's."""

from django.db import migrations

# A region's key is its code: 9 digits name a street or town, 12 a community or village.
FORWARDS = """
ALTER TABLE funds_fund ADD CONSTRAINT fund_of_a_street_or_community CHECK (char_length(region_id) IN (9, 12));
"""
BACKWARDS = "ALTER TABLE funds_fund DROP CONSTRAINT fund_of_a_street_or_community;"


class Migration(migrations.Migration):
    dependencies = [("funds", "0004_open_requests_end_with_their_fund")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
