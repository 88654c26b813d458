"""Drop what the guards of annual reports and their workflow replace; they are made after ``migrate``."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0003_notices")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS reports_annual_report_guard() CASCADE;"
            "DROP TRIGGER IF EXISTS annual_report_is_never_removed ON reports_annual_report;",
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
