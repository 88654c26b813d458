"""Who added a donor, and by which numbers people looked for one within the hour."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Of the donors that are there: whoever recorded all of their gifts.
ADDED = """
UPDATE donations_donor donor SET added_by_id = given.recorder
FROM (
    SELECT donor_id, min(recorded_by_id) AS recorder FROM donations_gift WHERE donor_id IS NOT NULL
    GROUP BY donor_id HAVING count(*) = count(recorded_by_id) AND min(recorded_by_id) = max(recorded_by_id)
) given
WHERE given.donor_id = donor.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0003_merged_donor_guarantees"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="donor",
            name="added_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="DonorLookup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked", models.CharField(max_length=64)),
                ("counts", models.BooleanField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "donations_donor_lookup",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "asked"), name="donor_lookup_once")
                ],
            },
        ),
        migrations.RunSQL(ADDED, migrations.RunSQL.noop),
    ]
