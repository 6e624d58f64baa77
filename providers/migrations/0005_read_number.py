from django.db import migrations

from vervalponsel.kit.sqlfiles import installed_objects


class Migration(migrations.Migration):
    dependencies = [("providers", "0004_reference")]

    operations = [installed_objects("providers", "functions/read_number")]
