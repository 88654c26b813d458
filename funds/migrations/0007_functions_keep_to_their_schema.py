"""The functions behind the guarantees see no table but the portal's."""

from django.db import migrations

from charity_hub.search_paths import pinned


class Migration(migrations.Migration):
    dependencies = [("funds", "0006_documents_may_be_public")]

    operations = [pinned("funds")]
