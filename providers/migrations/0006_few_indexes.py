import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('providers', '0005_read_number'),
        ('schools', '0002_fold_tallies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entitlement',
            name='period',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entitlements', to='schools.period'),
        ),
        migrations.AlterField(
            model_name='entitlement',
            name='provider',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.provider'),
        ),
        migrations.AlterField(
            model_name='entitlement',
            name='record',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entitlements', to='providers.phonerecord'),
        ),
        migrations.AlterField(
            model_name='entitlement',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entitlements', to='schools.school'),
        ),
        migrations.AlterField(
            model_name='exchangeline',
            name='exchange',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='providers.exchange'),
        ),
        migrations.AlterField(
            model_name='exchangeline',
            name='record',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='exchange_lines', to='providers.phonerecord'),
        ),
        migrations.AlterField(
            model_name='phonerecord',
            name='provider',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.provider'),
        ),
        migrations.AlterField(
            model_name='phonerecord',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='phone_records', to='schools.school'),
        ),
        migrations.AddIndex(
            model_name='phonerecord',
            index=models.Index(condition=models.Q(('eligibility', 'OK'), ('state__in', ('ACTIVE', 'POSTPAID', 'GRACE')), models.Q(('stage__in', ('RELEASED', 'INJECTED')), _negated=True)), fields=['state', 'answered_at'], name='record_by_age_of_answer'),
        ),
    ]
