"""Who voids a gift: named on it, and somebody else than its clerk once it is no longer fresh."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from charity_hub.search_paths import pinned

# Gifts that were voided before were voided by whoever reversed their transfers.
VOIDED = """
UPDATE donations_gift gift SET voided_by_id = undone.actor_id
FROM ledger_transfer undone WHERE undone.reverses_id = gift.transfer_id AND gift.state = 'voided';
SET CONSTRAINTS ALL IMMEDIATE;
"""

GUARDED = """
CREATE FUNCTION donations_gift_voided_by() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.voided_by_id IS NOT NULL THEN
        IF NEW.voided_by_id IS DISTINCT FROM OLD.voided_by_id THEN
            RAISE EXCEPTION 'gift %: who voided it stays', OLD.number
                USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_voided_for_good';
        END IF;
        RETURN NEW;
    END IF;
    -- Its clerk alone, on the day (of Shanghai) on which it was recorded, while nobody else has seen it.
    IF NEW.voided_by_id = OLD.recorded_by_id AND (
        (OLD.recorded_at AT TIME ZONE 'Asia/Shanghai')::date <> (now() AT TIME ZONE 'Asia/Shanghai')::date
        OR EXISTS (
            SELECT FROM documents_certificate certificate
            JOIN django_content_type kind ON kind.id = certificate.source_type_id
            WHERE (kind.app_label, kind.model, certificate.source_id) = ('donations', 'gift', OLD.id)
        )
        OR (OLD.way IN ('cash', 'cheque') AND EXISTS (
            SELECT FROM donations_cash_deposit deposit
            JOIN ledger_transfer posted ON posted.idempotency_key = 'deposit:' || deposit.number
            WHERE (deposit.station_id, deposit.fund_id) = (OLD.station_id, OLD.fund_id)
              AND deposit.state <> 'withdrawn' AND posted.id > OLD.transfer_id
        ))
    ) THEN
        RAISE EXCEPTION 'gift % is not voided by who recorded it', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_voided_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gift_voided_by_another BEFORE UPDATE ON donations_gift FOR EACH ROW
    WHEN (OLD.voided_by_id IS NOT NULL OR NEW.voided_by_id IS NOT NULL)
    EXECUTE FUNCTION donations_gift_voided_by();

-- Checked at commit: the row names who reversed the transfer.
CREATE FUNCTION donations_gift_voided_by_who_reversed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_transfer undone
                   WHERE (undone.reverses_id, undone.actor_id) = (NEW.transfer_id, NEW.voided_by_id)) THEN
        RAISE EXCEPTION 'gift %: somebody else reversed its transfer', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_voided_by_who_reversed';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER gift_voided_by_who_reversed AFTER UPDATE ON donations_gift
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.voided_by_id IS NULL AND NEW.voided_by_id IS NOT NULL)
    EXECUTE FUNCTION donations_gift_voided_by_who_reversed();

-- A request is decided once, and granted only with a voided gift.
CREATE FUNCTION donations_void_request_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'asked' OR (OLD.id, OLD.gift_id, OLD.reason, OLD.asked_by_id, OLD.asked_at)
       IS DISTINCT FROM (NEW.id, NEW.gift_id, NEW.reason, NEW.asked_by_id, NEW.asked_at) THEN
        RAISE EXCEPTION 'request % to void a gift is as it stands', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'void_request_is_never_edited';
    END IF;
    IF NEW.state = 'granted'
       AND NOT EXISTS (SELECT FROM donations_gift WHERE id = NEW.gift_id AND state = 'voided') THEN
        RAISE EXCEPTION 'request %: the gift is not voided', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'void_request_granted_by_voiding';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER void_request_is_never_edited BEFORE UPDATE ON donations_void_request
    FOR EACH ROW EXECUTE FUNCTION donations_void_request_kept();
CREATE TRIGGER void_request_is_never_deleted BEFORE DELETE ON donations_void_request
    FOR EACH ROW EXECUTE FUNCTION donations_keep_row();
CREATE TRIGGER void_request_is_never_truncated BEFORE TRUNCATE ON donations_void_request
    FOR EACH STATEMENT EXECUTE FUNCTION donations_keep_row();
"""

BACK = """
DROP FUNCTION donations_gift_voided_by, donations_gift_voided_by_who_reversed, donations_void_request_kept CASCADE;
DROP TRIGGER void_request_is_never_deleted ON donations_void_request;
DROP TRIGGER void_request_is_never_truncated ON donations_void_request;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0004_donors_of_whom"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VoidRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for the charity"),
                            ("granted", "Voided"),
                            ("declined", "Declined"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked")),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="answer")),
            ],
            options={
                "verbose_name": "request to void a gift",
                "verbose_name_plural": "requests to void gifts",
                "db_table": "donations_void_request",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="gift",
            name="voided_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="voided by",
            ),
        ),
        migrations.RunSQL(VOIDED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="gift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "recorded"), ("voided_by", None)),
                    models.Q(("state", "voided"), ("voided_by__isnull", False)),
                    _connector="OR",
                ),
                name="gift_voided_by_someone",
            ),
        ),
        migrations.AddField(
            model_name="voidrequest",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked by",
            ),
        ),
        migrations.AddField(
            model_name="voidrequest",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="voidrequest",
            name="gift",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="void_requests",
                to="donations.gift",
                verbose_name="gift",
            ),
        ),
        migrations.AddConstraint(
            model_name="voidrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("gift",),
                name="void_request_waits_once_per_gift",
            ),
        ),
        migrations.AddConstraint(
            model_name="voidrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="void_request_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="voidrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by", None), ("state", "asked")),
                    models.Q(models.Q(("state", "asked"), _negated=True), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="void_request_decided_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="voidrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="void_request_not_decided_by_who_asked",
            ),
        ),
        migrations.RunSQL(GUARDED, BACK),
        pinned("donations"),
    ]
