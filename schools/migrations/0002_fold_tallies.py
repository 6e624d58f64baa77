from django.db import migrations

from vervalponsel.kit.sqlfiles import installed_objects


class Migration(migrations.Migration):
    dependencies = [("schools", "0001_initial")]

    operations = [
        installed_objects("schools", "functions/fold_tallies"),
    ]
