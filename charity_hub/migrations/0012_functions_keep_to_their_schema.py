"""The functions behind the guarantees see no table but the portal's."""

from django.db import migrations

from charity_hub.search_paths import pinned


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0011_month_totals_count_an_entry_once")]

    operations = [pinned("people", "reports", "workflow")]
