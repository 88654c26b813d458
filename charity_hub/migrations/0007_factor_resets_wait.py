"""Changes of phone numbers are recorded; a second factor is reset only after a confirmation or a wait.

PostgreSQL writes the changes itself, whoever changes a number. Of a reset it keeps what was asked for and what
has ended, refuses one that begins anywhere but at the beginning, and holds it to the wait that was named when
it was asked for: after a changed number, and where one administrator was alone. Who may confirm is a CHECK.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from charity_hub.search_paths import pinned

# Until now a reset was done at once, by one administrator.
BEFORE = """
DROP TRIGGER people_factor_reset_is_never_changed ON people_factor_reset;
UPDATE people_factor_reset SET state = 'executed', executed_at = at,
    grounds = CASE WHEN actor_id IS NULL THEN 'command_line' ELSE 'alone' END;
"""
BEFORE_BACK = """
CREATE TRIGGER people_factor_reset_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON people_factor_reset
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();
"""

GUARDS = """
CREATE FUNCTION people_phone_change_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_phone_change (person_id, old, new, by_id)
    VALUES (NEW.id, OLD.phone, NEW.phone,
            (nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint);
    RETURN NULL;
END $$;

CREATE TRIGGER people_phone_change_is_recorded AFTER UPDATE ON people_user FOR EACH ROW
WHEN (OLD.phone IS DISTINCT FROM NEW.phone
      AND (OLD.last_login IS NOT NULL OR OLD.date_joined < now() - interval '1 day'))
EXECUTE FUNCTION people_phone_change_record();

CREATE TRIGGER people_phone_change_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON people_phone_change
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();

CREATE FUNCTION people_factor_reset_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rule text;
    wait interval := make_interval(hours => NEW.wait_hours);
BEGIN
    IF TG_OP = 'INSERT' THEN
        rule := CASE WHEN NEW.actor_id IS NOT NULL AND NEW.state <> 'asked'
            THEN 'factor_reset_begins_when_it_is_asked_for' END;
    ELSE
        rule := CASE
            WHEN OLD.state IN ('withdrawn', 'executed') THEN 'factor_reset_that_has_ended_stays'
            WHEN (NEW.person_id, NEW.actor_id, NEW.reason, NEW.at, NEW.wait_hours)
                 IS DISTINCT FROM (OLD.person_id, OLD.actor_id, OLD.reason, OLD.at, OLD.wait_hours)
                THEN 'factor_reset_stays_as_asked'
            WHEN OLD.state = 'confirmed' AND (NEW.state = 'asked' OR (NEW.grounds, NEW.confirmed_by_id)
                 IS DISTINCT FROM (OLD.grounds, OLD.confirmed_by_id))
                THEN 'factor_reset_stays_confirmed'
            WHEN OLD.state = 'asked' AND NEW.state = 'executed' AND NEW.grounds <> 'alone'
                THEN 'factor_reset_is_confirmed_first'
            WHEN NEW.state = 'executed' AND NEW.grounds = 'alone' AND NEW.at > now() - wait
                THEN 'factor_reset_waits'
            WHEN NEW.state = 'executed' AND EXISTS (
                SELECT FROM people_phone_change c WHERE c.person_id = NEW.person_id AND c.at > now() - wait
            ) THEN 'factor_reset_waits_after_a_changed_number'
        END;
    END IF;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION '% of %: refused, %', TG_OP, TG_TABLE_NAME, rule
        USING ERRCODE = 'restrict_violation', CONSTRAINT = rule, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER people_factor_reset_keeps_its_rules BEFORE INSERT OR UPDATE ON people_factor_reset
FOR EACH ROW EXECUTE FUNCTION people_factor_reset_guard();
CREATE TRIGGER people_factor_reset_is_never_removed BEFORE DELETE OR TRUNCATE ON people_factor_reset
FOR EACH STATEMENT EXECUTE FUNCTION people_audit_refuse_change();
"""

GUARDS_BACK = """
DROP TRIGGER people_factor_reset_is_never_removed ON people_factor_reset;
DROP FUNCTION people_factor_reset_guard, people_phone_change_record CASCADE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('charity_hub', '0006_door_for_reencryption'),
    ]

    operations = [
        migrations.CreateModel(
            name='PhoneChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old', models.CharField(max_length=16, verbose_name='old number')),
                ('new', models.CharField(max_length=16, verbose_name='new number')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='time')),
            ],
            options={
                'verbose_name': 'change of a phone number',
                'verbose_name_plural': 'changes of phone numbers',
                'db_table': 'people_phone_change',
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='factorreset',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='factorreset',
            name='executed_at',
            field=models.DateTimeField(null=True, verbose_name='carried out at'),
        ),
        migrations.AddField(
            model_name='factorreset',
            name='grounds',
            field=models.CharField(blank=True, choices=[('administrator', 'Second administrator'), ('recovery_code', "The person's recovery code"), ('alone', 'One administrator alone'), ('command_line', 'Command line')], max_length=16, verbose_name='confirmed by way of'),
        ),
        migrations.AddField(
            model_name='factorreset',
            name='state',
            field=models.CharField(choices=[('asked', 'Asked for'), ('confirmed', 'Confirmed'), ('withdrawn', 'Stopped'), ('executed', 'Carried out')], default='asked', max_length=12, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='factorreset',
            name='wait_hours',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='hours to wait'),
        ),
        migrations.AlterField(
            model_name='factorreset',
            name='actor',
            field=models.ForeignKey(help_text='Empty: from the command line.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by'),
        ),
        migrations.AlterField(
            model_name='factorreset',
            name='at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='asked at'),
        ),
        migrations.RunSQL(BEFORE, BEFORE_BACK),
        migrations.AddConstraint(
            model_name='factorreset',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(models.Q(('confirmed_by', models.F('person')), _negated=True), models.Q(('confirmed_by', models.F('actor')), _negated=True)), _connector='OR'), name='factor_reset_is_confirmed_by_a_third'),
        ),
        migrations.AddConstraint(
            model_name='factorreset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_by__isnull', False), ('grounds', 'administrator')), models.Q(models.Q(('grounds', 'administrator'), _negated=True), ('confirmed_by', None)), _connector='OR'), name='factor_reset_names_its_second_administrator'),
        ),
        migrations.AddConstraint(
            model_name='factorreset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('actor', None), ('grounds', 'command_line')), models.Q(models.Q(('grounds', 'command_line'), _negated=True), ('actor__isnull', False)), _connector='OR'), name='factor_reset_without_asker_is_from_the_command_line'),
        ),
        migrations.AddConstraint(
            model_name='factorreset',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'withdrawn'), models.Q(('grounds', ''), ('state', 'asked')), models.Q(('state__in', ['confirmed', 'executed']), models.Q(('grounds', ''), _negated=True)), _connector='OR'), name='factor_reset_is_confirmed_on_grounds'),
        ),
        migrations.AddConstraint(
            model_name='factorreset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('executed_at__isnull', False), ('state', 'executed')), models.Q(models.Q(('state', 'executed'), _negated=True), ('executed_at', None)), _connector='OR'), name='factor_reset_says_when_it_was_carried_out'),
        ),
        migrations.AddConstraint(
            model_name='factorreset',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'confirmed'])), fields=('person',), name='factor_reset_open_once_per_person'),
        ),
        migrations.AddField(
            model_name='phonechange',
            name='by',
            field=models.ForeignKey(help_text='Empty: not by way of a page.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='phonechange',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phone_changes', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.RunSQL(GUARDS, GUARDS_BACK),
        pinned("people"),
    ]
