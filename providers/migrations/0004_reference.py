from django.db import migrations
from django.utils import timezone

from providers.reference import load_reference


def load(apps, schema_editor):
    load_reference(now=timezone.now(), apps=apps)


class Migration(migrations.Migration):
    dependencies = [("providers", "0003_exchange")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
