"""Donors are found by the last four digits of their phones."""

from itertools import batched
from typing import Any

from django.db import migrations, models

from charity_hub.people.encryption import end_index

BATCH = 2_000


def fill(apps: Any, _editor: object) -> None:
    """Hash the phones that are there: only who holds the keys can."""
    donors = apps.get_model("donations", "Donor").objects
    with_phone = donors.exclude(phone="").order_by("pk").only("phone")
    for batch in batched(with_phone.iterator(chunk_size=BATCH), BATCH, strict=False):
        for donor in batch:
            donor.phone_end_index = end_index(donor.phone)
        donors.bulk_update(batch, ["phone_end_index"])


class Migration(migrations.Migration):
    dependencies = [("donations", "0005_who_voids")]

    operations = [
        migrations.AddField(
            model_name="donor",
            name="phone_end_index",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=64),
        ),
        migrations.AddIndex(
            model_name="donor",
            index=models.Index(
                condition=models.Q(("phone_end_index", ""), _negated=True),
                fields=["phone_end_index"],
                name="donor_by_phone_end",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
