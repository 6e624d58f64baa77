from django.db import migrations

from vervalponsel.kit.sqlfiles import installed_objects


class Migration(migrations.Migration):
    dependencies = [
        ("providers", "0011_review"),
        ("schools", "0004_cutoff_limits_and_before"),
    ]

    operations = [installed_objects("providers", "functions/register_gate")]
