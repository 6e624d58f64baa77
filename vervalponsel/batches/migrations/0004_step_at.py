from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("batches", "0003_chunks")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="step_at",
            field=models.DateTimeField(null=True, verbose_name="langkah sejak"),
        ),
    ]
