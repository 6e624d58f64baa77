from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('providers', '0006_few_indexes'),
        ('schools', '0002_fold_tallies'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='entitlement',
            constraint=models.CheckConstraint(condition=models.Q(('ownership', ''), ('ownership__in', ['OWN', 'FATHER', 'MOTHER', 'GUARDIAN', 'SIBLING', 'RELATIVE']), _connector='OR'), name='claim_owner_is_known'),
        ),
        migrations.AddConstraint(
            model_name='phonerecord',
            constraint=models.CheckConstraint(condition=models.Q(('ownership', ''), ('ownership__in', ['OWN', 'FATHER', 'MOTHER', 'GUARDIAN', 'SIBLING', 'RELATIVE']), _connector='OR'), name='record_owner_is_known'),
        ),
    ]
