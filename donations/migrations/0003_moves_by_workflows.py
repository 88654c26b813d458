"""Drop the triggers of gifts, deposits and requests to void that their models and workflows declare now."""

from django.db import migrations

FUNCTIONS = ["donations_gift_unchanged", "donations_deposit_unchanged", "donations_void_request_kept"]
TRIGGERS = {
    "donations_gift": ["gift_is_never_deleted", "gift_is_never_truncated", "gift_recorded_not_voided"],
    "donations_cash_deposit": ["cash_deposit_is_never_deleted", "cash_deposit_is_never_truncated"],
    "donations_void_request": ["void_request_is_never_deleted", "void_request_is_never_truncated"],
}


class Migration(migrations.Migration):
    dependencies = [("donations", "0002_forms_act_once")]

    operations = [
        migrations.RunSQL(
            [
                *(f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in FUNCTIONS),
                *(
                    f"DROP TRIGGER IF EXISTS {name} ON {table}"
                    for table, names in TRIGGERS.items()
                    for name in names
                ),
            ],
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
