"""The tables of donations at version 0.1.0. Functions, views and triggers: ``charity_hub.sql``."""

from django.conf import settings
from django.db import migrations, models
import charity_hub.people.encryption
import django.db.models.deletion
import django.utils.timezone

GUARANTEES = """
CREATE SEQUENCE donations_gift_number;
CREATE SEQUENCE donations_deposit_number;
"""
UNDONE = """
DROP SEQUENCE donations_gift_number, donations_deposit_number;
"""


class Migration(migrations.Migration):
    initial = True

    # A database of the last commit before the release goes on from here.
    replaces = [
        ('donations', '0001_initial'),
        ('donations', '0002_guarantees'),
        ('donations', '0003_merged_donor_guarantees'),
        ('donations', '0004_donors_of_whom'),
        ('donations', '0005_who_voids'),
        ('donations', '0006_phones_by_their_end'),
        ('donations', '0007_words_for_constraints'),
        ('donations', '0008_register_answers'),
        ('donations', '0009_guards_declared'),
        ('donations', '0010_rows_and_transfers_say_the_same'),
        ('donations', '0011_gifts_as_certified'),
        ('donations', '0012_gifts_refer_to_what_was_posted'),
        ('donations', '0013_stations_move_by_their_workflow'),
        ('donations', '0014_histories_are_written_by_triggers'),
    ]

    dependencies = [
        ('charity_hub', '0001_first_release'),
        ('charity_hub', '__first__'),
        ('funds', '0001_first_release'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='CashDeposit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=24, unique=True, verbose_name='number')),
                ('amount_fen', models.BigIntegerField(verbose_name='amount')),
                ('handed_in_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='deposited on')),
                ('slip', models.CharField(max_length=60, verbose_name='deposit slip number')),
                ('state', models.CharField(choices=[('handed_in', 'In transit'), ('received', 'Confirmed by the charity'), ('withdrawn', 'Withdrawn')], default='handed_in', max_length=10, verbose_name='state')),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='received on')),
                ('key', models.CharField(editable=False, max_length=120, unique=True)),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.fund', verbose_name='fund')),
                ('handed_in_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='deposited by')),
                ('received_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received by')),
            ],
            options={
                'verbose_name': 'cash deposit',
                'verbose_name_plural': 'cash deposits',
                'db_table': 'donations_cash_deposit',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Donor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('person', 'Person'), ('organization', 'Organization'), ('anonymous', 'Anonymous')], max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_key', models.CharField(editable=False, max_length=240)),
                ('pinyin', models.CharField(blank=True, editable=False, max_length=320)),
                ('phone', charity_hub.people.encryption.EncryptedTextField(blank=True, verbose_name='phone')),
                ('phone_index', models.CharField(blank=True, editable=False, max_length=64)),
                ('phone_end_index', models.CharField(blank=True, db_default='', editable=False, max_length=64)),
                ('id_number', charity_hub.people.encryption.EncryptedTextField(blank=True, verbose_name='ID or credit code')),
                ('id_index', models.CharField(blank=True, editable=False, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='first recorded')),
                ('added_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('charity', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='donors', to='charity_hub.organization', verbose_name='charity')),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_in', to='donations.donor', verbose_name='merged into')),
            ],
            options={
                'verbose_name': 'donor',
                'verbose_name_plural': 'donors',
                'db_table': 'donations_donor',
                'indexes': [models.Index(fields=['charity', 'name_key'], name='donor_by_name'), models.Index(condition=models.Q(('phone_index', ''), _negated=True), fields=['phone_index'], name='donor_by_phone'), models.Index(condition=models.Q(('phone_end_index', ''), _negated=True), fields=['phone_end_index'], name='donor_by_phone_end'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='donor_merged_into')],
                'constraints': [models.UniqueConstraint(condition=models.Q(models.Q(('id_index', ''), _negated=True), ('merged_into', None)), fields=('charity', 'id_index'), name='donor_id_once_per_charity'), models.UniqueConstraint(condition=models.Q(models.Q(('phone_index', ''), _negated=True), ('id_index', ''), ('merged_into', None)), fields=('charity', 'kind', 'phone_index', 'name_key'), name='donor_phone_and_name_once_per_charity'), models.UniqueConstraint(condition=models.Q(('id_index', ''), ('kind', 'organization'), ('merged_into', None)), fields=('charity', 'name_key'), name='donor_organization_once_per_charity'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'anonymous'), _negated=True), models.Q(('name', ''), _negated=True), models.Q(('name_key', ''), _negated=True)), name='donor_has_a_name'), models.CheckConstraint(condition=models.Q(('merged_into', models.F('pk')), _negated=True), name='donor_not_merged_into_itself')],
            },
        ),
        migrations.CreateModel(
            name='DonorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('kind', models.CharField(choices=[('person', 'Person'), ('organization', 'Organization'), ('anonymous', 'Anonymous')], max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('phone', charity_hub.people.encryption.EncryptedTextField(blank=True, verbose_name='phone')),
                ('id_number', charity_hub.people.encryption.EncryptedTextField(blank=True, verbose_name='ID or credit code')),
                ('charity', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='charity_hub.organization', verbose_name='charity')),
                ('merged_into', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='donations.donor', verbose_name='merged into')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='donations.donor')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DonorLookup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked', models.CharField(max_length=64)),
                ('counts', models.BooleanField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'donations_donor_lookup',
                'constraints': [models.UniqueConstraint(fields=('person', 'asked'), name='donor_lookup_once')],
            },
        ),
        migrations.CreateModel(
            name='Gift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=24, verbose_name='number')),
                ('donor_kind', models.CharField(choices=[('person', 'Person'), ('organization', 'Organization'), ('anonymous', 'Anonymous')], max_length=12, verbose_name='donor is')),
                ('amount_fen', models.BigIntegerField(verbose_name='amount')),
                ('way', models.CharField(choices=[('cash', 'Cash'), ('bank_transfer', 'Bank transfer'), ('qr_transfer', 'QR payment'), ('cheque', 'Cheque')], max_length=16, verbose_name='way of giving')),
                ('given_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='date')),
                ('handler', models.CharField(max_length=40, verbose_name='handled by')),
                ('publish_name', models.BooleanField(default=False, verbose_name='name may be published')),
                ('publish_amount', models.BooleanField(default=True, verbose_name='amount may be published')),
                ('official_receipt', models.CharField(blank=True, max_length=40, verbose_name='official receipt number')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('state', models.CharField(choices=[('recorded', 'Recorded'), ('voided', 'Voided')], default='recorded', max_length=10, verbose_name='state')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('key', models.CharField(editable=False, max_length=120)),
                ('donor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='donations.donor', verbose_name='donor')),
                ('fund', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='funds.fund', verbose_name='fund')),
                ('purpose', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.purpose', verbose_name='purpose')),
                ('recorded_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('transfer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='charity_hub.transfer', verbose_name='transfer')),
                ('voided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='voided by')),
            ],
            options={
                'verbose_name': 'gift',
                'verbose_name_plural': 'gifts',
                'db_table': 'donations_gift',
                'ordering': ['-given_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='GiftEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('number', models.CharField(max_length=24, verbose_name='number')),
                ('state', models.CharField(choices=[('recorded', 'Recorded'), ('voided', 'Voided')], default='recorded', max_length=10, verbose_name='state')),
                ('publish_name', models.BooleanField(default=False, verbose_name='name may be published')),
                ('publish_amount', models.BooleanField(default=True, verbose_name='amount may be published')),
                ('official_receipt', models.CharField(blank=True, max_length=40, verbose_name='official receipt number')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('donor', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='donations.donor', verbose_name='donor')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='donations.gift')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('columns', models.JSONField(default=dict, verbose_name='columns')),
                ('summary', models.JSONField(default=dict, verbose_name='summary')),
                ('state', models.CharField(choices=[('uploaded', 'Columns to confirm'), ('checked', 'Checked'), ('importing', 'Being imported'), ('imported', 'Imported'), ('discarded', 'Discarded')], default='uploaded', max_length=10, verbose_name='state')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='uploaded')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='charity_hub.document')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.fund', verbose_name='fund')),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='charity_hub.job')),
                ('uploaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'register',
                'verbose_name_plural': 'registers',
                'db_table': 'donations_register',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='RegisterAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(max_length=240)),
                ('row', models.PositiveIntegerField()),
                ('take', models.BooleanField()),
                ('why', models.CharField(blank=True, max_length=300)),
                ('answered_at', models.DateTimeField(auto_now=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='donations.register')),
            ],
            options={
                'db_table': 'donations_register_answer',
                'ordering': ['row', 'id'],
                'constraints': [models.UniqueConstraint(fields=('register', 'about'), name='register_question_answered_once'), models.CheckConstraint(condition=models.Q(('row__gt', 0), models.Q(('why', ''), _negated=True), _connector='OR'), name='answer_about_a_register_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Station',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=24, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('address', models.CharField(max_length=200, verbose_name='address')),
                ('phone', models.CharField(max_length=40, verbose_name='phone')),
                ('contact', models.CharField(max_length=40, verbose_name='contact person')),
                ('opening_hours', models.CharField(max_length=120, verbose_name='opening hours')),
                ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=8, verbose_name='state')),
                ('funds', models.ManyToManyField(related_name='stations', to='funds.fund', verbose_name='collects for')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stations', to='charity_hub.organization', verbose_name='operated by')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='charity_hub.region', verbose_name='region')),
            ],
            options={
                'verbose_name': 'donation station',
                'verbose_name_plural': 'donation stations',
                'db_table': 'donations_station',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^ZD-\\d{2,12}-\\d{2,4}$')), name='station_code_is_zd_region_number', violation_error_message="A station's code reads ZD-region-number, like ZD-440605011-01.")],
            },
        ),
        migrations.CreateModel(
            name='RememberedColumn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('field', models.CharField(max_length=24)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='donations.station')),
            ],
            options={
                'db_table': 'donations_remembered_column',
                'constraints': [models.UniqueConstraint(fields=('station', 'title'), name='remembered_column_once_per_station')],
            },
        ),
        migrations.AddField(
            model_name='register',
            name='station',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registers', to='donations.station', verbose_name='station'),
        ),
        migrations.AddField(
            model_name='gift',
            name='station',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='donations.station', verbose_name='station'),
        ),
        migrations.CreateModel(
            name='CashDepositEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('number', models.CharField(max_length=24, verbose_name='number')),
                ('amount_fen', models.BigIntegerField(verbose_name='amount')),
                ('handed_in_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='deposited on')),
                ('slip', models.CharField(max_length=60, verbose_name='deposit slip number')),
                ('state', models.CharField(choices=[('handed_in', 'In transit'), ('received', 'Confirmed by the charity'), ('withdrawn', 'Withdrawn')], default='handed_in', max_length=10, verbose_name='state')),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='received on')),
                ('key', models.CharField(editable=False, max_length=120)),
                ('fund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.fund', verbose_name='fund')),
                ('handed_in_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='deposited by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='donations.cashdeposit')),
                ('received_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received by')),
                ('station', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='donations.station', verbose_name='station')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='cashdeposit',
            name='station',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deposits', to='donations.station', verbose_name='station'),
        ),
        migrations.CreateModel(
            name='StationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(max_length=24, verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('address', models.CharField(max_length=200, verbose_name='address')),
                ('phone', models.CharField(max_length=40, verbose_name='phone')),
                ('contact', models.CharField(max_length=40, verbose_name='contact person')),
                ('opening_hours', models.CharField(max_length=120, verbose_name='opening hours')),
                ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=8, verbose_name='state')),
                ('operator', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='charity_hub.organization', verbose_name='operated by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='donations.station')),
                ('region', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='charity_hub.region', verbose_name='region')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VoidRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('state', models.CharField(choices=[('asked', 'Waiting for the charity'), ('granted', 'Voided'), ('declined', 'Declined')], default='asked', max_length=10, verbose_name='state')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='answer')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('gift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='void_requests', to='donations.gift', verbose_name='gift')),
            ],
            options={
                'verbose_name': 'request to void a gift',
                'verbose_name_plural': 'requests to void gifts',
                'db_table': 'donations_void_request',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('gift',), name='void_request_waits_once_per_gift'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='void_request_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by', None), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('decided_by__isnull', False)), _connector='OR'), name='void_request_decided_by_someone'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='void_request_not_decided_by_who_asked')],
            },
        ),
        migrations.AddIndex(
            model_name='gift',
            index=models.Index(fields=['-given_on', '-id'], name='gift_latest'),
        ),
        migrations.AddIndex(
            model_name='gift',
            index=models.Index(condition=models.Q(('official_receipt', ''), _negated=True), fields=['official_receipt'], name='gift_by_receipt', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='gift',
            index=models.Index(fields=['fund', '-given_on', '-id'], name='gift_latest_of_fund'),
        ),
        migrations.AddIndex(
            model_name='gift',
            index=models.Index(fields=['station', '-given_on', '-id'], name='gift_latest_of_station'),
        ),
        migrations.AddIndex(
            model_name='gift',
            index=models.Index(fields=['recorded_by', '-id'], name='gift_latest_of_recorder'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.UniqueConstraint(fields=('number',), name='gift_number_once'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.UniqueConstraint(fields=('key',), name='gift_key_once'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('amount_fen__lte', 10000000000)), name='gift_amount_up_to_100_million_yuan'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('donor', None), ('donor_kind', 'anonymous')), models.Q(models.Q(('donor_kind', 'anonymous'), _negated=True), ('donor__isnull', False)), _connector='OR'), name='gift_names_a_donor_unless_anonymous'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'recorded'), ('voided_by', None)), models.Q(('state', 'voided'), ('voided_by__isnull', False)), _connector='OR'), name='gift_voided_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(('publish_name', False), ('donor__isnull', False), _connector='OR'), name='gift_publishes_a_name_it_has', violation_error_message='An anonymous gift has no name to be published.'),
        ),
        migrations.AddConstraint(
            model_name='cashdeposit',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('amount_fen__lte', 10000000000)), name='cash_deposit_amount_up_to_100_million_yuan'),
        ),
        migrations.AddConstraint(
            model_name='cashdeposit',
            constraint=models.CheckConstraint(condition=models.Q(('received_by', None), models.Q(('received_by', models.F('handed_in_by')), _negated=True), _connector='OR'), name='cash_deposit_not_received_by_who_handed_it_in'),
        ),
        migrations.AddConstraint(
            model_name='cashdeposit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('received_by', None), ('received_on', None), ('state', 'handed_in')), models.Q(('received_by__isnull', False), ('received_on__isnull', False), ('state', 'received')), models.Q(('received_by', None), ('received_on', None), ('state', 'withdrawn')), models.Q(('received_by__isnull', False), ('received_on__isnull', False), ('state', 'withdrawn')), _connector='OR'), name='cash_deposit_received_by_someone_on_a_day'),
        ),
        migrations.RunSQL(GUARANTEES, reverse_sql=UNDONE),
    ]
