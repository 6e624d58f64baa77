from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('batches', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='batch',
            name='batch_newest',
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['scope_code', '-id'], name='batch_of_scope'),
        ),
    ]
