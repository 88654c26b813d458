"""A paper whose facts were corrected is replaced by another one: of each row one certificate is in force."""

from django.db import migrations, models

from charity_hub.search_paths import pinned

REPLACED = """
CREATE FUNCTION documents_replaced_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'certificate % is replaced for good', OLD.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_replaced_for_good';
END $$;
CREATE TRIGGER certificate_replaced_for_good BEFORE UPDATE ON documents_certificate FOR EACH ROW
    WHEN (OLD.replaced_at IS NOT NULL AND OLD.replaced_at IS DISTINCT FROM NEW.replaced_at)
    EXECUTE FUNCTION documents_replaced_for_good();
"""
BACK = "DROP FUNCTION documents_replaced_for_good CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0007_factor_resets_wait")]

    operations = [
        migrations.RemoveConstraint(model_name="certificate", name="certificate_once_per_source_and_kind"),
        migrations.AddField(
            model_name="certificate",
            name="replaced_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="replaced"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)),
                fields=("source_type", "source_id", "kind"),
                name="certificate_in_force_once_per_source_and_kind",
            ),
        ),
        migrations.RunSQL(REPLACED, BACK),
        pinned("documents"),
    ]
