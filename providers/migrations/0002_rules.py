from django.db import migrations

from vervalponsel.kit.sqlfiles import installed_objects


class Migration(migrations.Migration):
    dependencies = [("providers", "0001_initial"), ("schools", "0002_fold_tallies")]

    operations = [
        installed_objects("providers", "functions/record_triggers"),
        installed_objects("providers", "functions/claim_triggers"),
        installed_objects("providers", "functions/sharing"),
        installed_objects("providers", "functions/tally_left_out"),
    ]
