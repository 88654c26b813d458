"""Resets of second factors: a row says whose, by whom and why, and is never changed or removed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


APPEND_ONLY = """
CREATE TRIGGER people_factor_reset_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON people_factor_reset
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("charity_hub", "0009_report_drafts_may_be_discarded"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactorReset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="time")),
                (
                    "actor",
                    models.ForeignKey(
                        help_text="Empty: from the command line.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="factor_resets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "reset of a second factor",
                "verbose_name_plural": "resets of second factors",
                "db_table": "people_factor_reset",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="factor_reset_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actor", None),
                            models.Q(("actor", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="factor_reset_is_done_by_another",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            reverse_sql="DROP TRIGGER people_factor_reset_is_never_changed ON people_factor_reset;",
        ),
    ]
