"""Foreign keys for what only a trigger held to the books: a gift names its fund, purpose, recorder and transfer."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charity_hub', '0015_content_types_are_the_owners'),
        ('donations', '0011_gifts_as_certified'),
        ('funds', '0011_funds_and_agreements_move_by_their_workflow'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='gift',
            name='fund',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='funds.fund', verbose_name='fund'),
        ),
        migrations.AlterField(
            model_name='gift',
            name='purpose',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.purpose', verbose_name='purpose'),
        ),
        migrations.AlterField(
            model_name='gift',
            name='recorded_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by'),
        ),
        migrations.AlterField(
            model_name='gift',
            name='transfer',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='charity_hub.transfer', verbose_name='transfer'),
        ),
    ]
