"""Deposits need no key of their own: their forms act once by the key in ``portal_sent_form``.

The triggers and views that named the columns go with them, and come back after ``migrate``.
"""

from django.db import migrations

TABLES = [
    "donations_cash_deposit",
    "donations_cashdepositevent",
]


class Migration(migrations.Migration):
    dependencies = [("donations", "0001_first_release")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"ALTER TABLE {table} DROP COLUMN key CASCADE") for table in TABLES
            ],
            state_operations=[
                migrations.RemoveField("cashdeposit", "key"),
                migrations.RemoveField("cashdepositevent", "key"),
            ],
        )
    ]
