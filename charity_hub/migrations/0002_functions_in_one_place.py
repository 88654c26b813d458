"""Drop the functions that ``guarantees.sql`` replaced by one; their triggers are made anew after ``migrate``."""

from django.db import migrations

REPLACED = [
    "_pgtrigger_should_ignore(name)",
    "donations_keep_row()",
    "funds_keep_row()",
    "ledger_refuse_change()",
    "people_audit_refuse_change()",
    "reports_annual_report_refuse_removal()",
    "workflow_transition_refuse_change()",
]


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0001_first_release")]

    operations = [
        migrations.RunSQL(
            "".join(f"DROP FUNCTION IF EXISTS {function} CASCADE;" for function in REPLACED),
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
