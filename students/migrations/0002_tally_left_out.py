from django.db import migrations

from vervalponsel.kit.sqlfiles import installed_objects


class Migration(migrations.Migration):
    dependencies = [("students", "0001_initial"), ("providers", "0002_rules")]

    operations = [
        installed_objects("students", "functions/tally_left_out"),
    ]
