"""The functions behind the guarantees see no table but the portal's."""

from django.db import migrations

from charity_hub.search_paths import pinned


class Migration(migrations.Migration):
    dependencies = [("donations", "0009_merged_donors_stay")]

    operations = [pinned("donations")]
