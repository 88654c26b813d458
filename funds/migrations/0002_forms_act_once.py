"""Funds, agreements and requests need no key of their own: their forms act once by the key in ``portal_sent_form``.

The triggers and views that named the columns go with them, and come back after ``migrate``.
"""

from django.db import migrations

TABLES = [
    "funds_fund",
    "funds_fundevent",
    "funds_agreement_version",
    "funds_agreementversionevent",
    "funds_spending_request",
    "funds_spendingrequestevent",
]


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_first_release")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"ALTER TABLE {table} DROP COLUMN key CASCADE") for table in TABLES
            ],
            state_operations=[
                migrations.RemoveField("fund", "key"),
                migrations.RemoveField("fundevent", "key"),
                migrations.RemoveField("agreementversion", "key"),
                migrations.RemoveField("agreementversionevent", "key"),
                migrations.RemoveField("spendingrequest", "key"),
                migrations.RemoveField("spendingrequestevent", "key"),
            ],
        )
    ]
