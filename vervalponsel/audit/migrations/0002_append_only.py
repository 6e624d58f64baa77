from django.db import migrations

from vervalponsel.kit.sqlfiles import installed_objects


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        installed_objects("vervalponsel.audit", "functions/append_only"),
    ]
