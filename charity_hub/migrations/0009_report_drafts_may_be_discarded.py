"""A draft of an annual report may be discarded: it stays in the table with its reason, gives its version's
number back, and is final. What is issued stays as final as before.
"""

from django.db import migrations, models
from django.db.models import Q

GUARD = """
CREATE OR REPLACE FUNCTION reports_annual_report_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before reports_annual_report;
    moved text := 'new';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state IN {final} THEN
            IF NEW IS DISTINCT FROM OLD THEN
                RAISE EXCEPTION 'a report that is % is never changed', OLD.state
                USING ERRCODE = 'restrict_violation',
                      CONSTRAINT = 'annual_report_' || OLD.state || '_is_final';
            END IF;
            RETURN NEW;
        END IF;
        IF (NEW.id, NEW.subject_kind, NEW.subject_code, NEW.year, NEW.version, NEW.correction_note)
            IS DISTINCT FROM
            (OLD.id, OLD.subject_kind, OLD.subject_code, OLD.year, OLD.version, OLD.correction_note)
        THEN
            RAISE EXCEPTION 'what a report is about never changes'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'annual_report_keeps_its_subject';
        END IF;
        moved := OLD.state;
    END IF;

    IF TG_OP = 'INSERT' OR NEW.state <> OLD.state THEN
        IF (moved, NEW.state) NOT IN (
            ('new', 'computing'), ('computing', 'draft'), ('draft', 'computing'), ('draft', 'issued'){steps}
        ) THEN
            RAISE EXCEPTION 'a report does not go from % to %', moved, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'annual_report_moves_step_by_step';
        END IF;
    END IF;

    IF TG_OP = 'INSERT' THEN
        SELECT * INTO before FROM reports_annual_report r
        WHERE (r.subject_kind, r.subject_code, r.year) = (NEW.subject_kind, NEW.subject_code, NEW.year)
            AND r.state NOT IN {void}
        ORDER BY r.version DESC LIMIT 1;
        -- Of two open versions at once the unique index knows; here only the order of versions is looked at.
        IF NEW.version <> coalesce(before.version, 0) + 1 AND NEW.version IS DISTINCT FROM before.version THEN
            RAISE EXCEPTION 'the next version is %', coalesce(before.version, 0) + 1
            USING ERRCODE = 'check_violation', CONSTRAINT = 'annual_report_versions_are_consecutive';
        END IF;
    END IF;

    IF NEW.figures IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.state = 'issued'
        OR (NEW.figures, NEW.figures_hash) IS DISTINCT FROM (OLD.figures, OLD.figures_hash))
    THEN
        IF encode(sha256(convert_to(reports_canonical(NEW.figures), 'UTF8')), 'hex') <> NEW.figures_hash THEN
            RAISE EXCEPTION 'the hash is not that of the figures'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'annual_report_hash_is_of_its_figures';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""

WITH_DISCARDING = GUARD.format(
    final="('issued', 'discarded')",
    steps=", ('computing', 'discarded'), ('draft', 'discarded')",
    void="('discarded')",
)
WITHOUT = GUARD.format(final="('issued')", steps="", void="('')")


class Migration(migrations.Migration):
    dependencies = [("charity_hub", "0008_audit_rows_are_kept_six_months")]

    operations = [
        migrations.RunSQL(WITH_DISCARDING, reverse_sql=WITHOUT),
        migrations.AlterField(
            model_name="annualreport",
            name="state",
            field=models.CharField(
                choices=[
                    ("computing", "Being computed"),
                    ("draft", "Draft"),
                    ("issued", "Issued"),
                    ("discarded", "Discarded"),
                ],
                default="computing",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.RemoveConstraint(model_name="annualreport", name="annual_report_version_once"),
        migrations.AddConstraint(
            model_name="annualreport",
            constraint=models.UniqueConstraint(
                fields=["subject_kind", "subject_code", "year", "version"],
                condition=~Q(state="discarded"),
                name="annual_report_version_once",
            ),
        ),
        migrations.RemoveConstraint(model_name="annualreport", name="annual_report_one_open_version"),
        migrations.AddConstraint(
            model_name="annualreport",
            constraint=models.UniqueConstraint(
                fields=["subject_kind", "subject_code", "year"],
                condition=Q(state__in=["computing", "draft"]),
                name="annual_report_one_open_version",
            ),
        ),
        migrations.RemoveConstraint(model_name="annualreport", name="annual_report_draft_has_figures"),
        migrations.AddConstraint(
            model_name="annualreport",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["computing", "discarded"])
                | (Q(figures__isnull=False) & ~Q(figures_hash="")),
                name="annual_report_draft_has_figures",
            ),
        ),
    ]
