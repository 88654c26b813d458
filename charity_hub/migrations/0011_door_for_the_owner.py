"""The owner of a table who rotates the keys of personal data says so; nobody else passes by saying it."""

from django.db import migrations

from charity_hub.search_paths import pinned

FORWARDS = """
CREATE FUNCTION people_door_is_open(the_table regclass) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('charity_hub.reencrypting', true), '') = 'on' AND people_owns(the_table)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0010_sent_forms")]

    operations = [
        migrations.RunSQL(FORWARDS, "DROP FUNCTION people_door_is_open(regclass)"),
        pinned("people"),
    ]
