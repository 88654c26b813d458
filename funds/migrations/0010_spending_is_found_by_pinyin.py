"""Requests are found by how their title and payee sound; those that are there already are spelled too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from charity_hub.pinyin import spell

BATCH = 1000


def spell_all(apps, schema_editor):
    """The spelling says nothing new about a request, so it is written beside what is decided, by this step alone."""
    schema_editor.execute("ALTER TABLE funds_spending_request DISABLE TRIGGER spending_decided_never_changes")
    requests = apps.get_model("funds", "SpendingRequest").objects
    rows = []
    for row in requests.only("pk", "title", "payee_name").iterator(chunk_size=BATCH):
        row.pinyin = f"{spell(row.title)} {spell(row.payee_name)}"
        rows.append(row)
        if len(rows) == BATCH:
            requests.bulk_update(rows, ["pinyin"])
            rows.clear()
    requests.bulk_update(rows, ["pinyin"])
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a trigger is put back once nothing waits for commit
    schema_editor.execute("ALTER TABLE funds_spending_request ENABLE TRIGGER spending_decided_never_changes")


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0009_agreements_are_never_overwritten'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='spendingrequest',
            name='update_update',
        ),
        migrations.AddField(
            model_name='spendingrequest',
            name='pinyin',
            field=models.TextField(blank=True, default='', editable=False),
        ),
        migrations.RunPython(spell_all, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='spendingrequest',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amount_fen" IS DISTINCT FROM (NEW."amount_fen") OR OLD."approved_by_id" IS DISTINCT FROM (NEW."approved_by_id") OR OLD."approved_on" IS DISTINCT FROM (NEW."approved_on") OR OLD."bank_reference" IS DISTINCT FROM (NEW."bank_reference") OR OLD."beneficiaries" IS DISTINCT FROM (NEW."beneficiaries") OR OLD."explanation" IS DISTINCT FROM (NEW."explanation") OR OLD."filed_at" IS DISTINCT FROM (NEW."filed_at") OR OLD."filed_by_id" IS DISTINCT FROM (NEW."filed_by_id") OR OLD."fund_id" IS DISTINCT FROM (NEW."fund_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."paid_by_id" IS DISTINCT FROM (NEW."paid_by_id") OR OLD."paid_on" IS DISTINCT FROM (NEW."paid_on") OR OLD."payee_account" IS DISTINCT FROM (NEW."payee_account") OR OLD."payee_bank" IS DISTINCT FROM (NEW."payee_bank") OR OLD."payee_kind" IS DISTINCT FROM (NEW."payee_kind") OR OLD."payee_name" IS DISTINCT FROM (NEW."payee_name") OR OLD."purpose_id" IS DISTINCT FROM (NEW."purpose_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."use" IS DISTINCT FROM (NEW."use"))', func='INSERT INTO "funds_spendingrequestevent" ("amount_fen", "approved_by_id", "approved_on", "bank_reference", "beneficiaries", "explanation", "filed_at", "filed_by_id", "fund_id", "id", "key", "number", "paid_by_id", "paid_on", "payee_account", "payee_bank", "payee_kind", "payee_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose_id", "state", "title", "use") VALUES (NEW."amount_fen", NEW."approved_by_id", NEW."approved_on", NEW."bank_reference", NEW."beneficiaries", NEW."explanation", NEW."filed_at", NEW."filed_by_id", NEW."fund_id", NEW."id", NEW."key", NEW."number", NEW."paid_by_id", NEW."paid_on", NEW."payee_account", NEW."payee_bank", NEW."payee_kind", NEW."payee_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose_id", NEW."state", NEW."title", NEW."use"); RETURN NULL;', hash='1a7d25b9bf2acc3b09764f5c37fde12942d89efd', operation='UPDATE', pgid='pgtrigger_update_update_6e10f', table='funds_spending_request', when='AFTER')),
        ),
    ]
