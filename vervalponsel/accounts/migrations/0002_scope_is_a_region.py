from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ('OPERATOR', 'PUSDATIN')), ('scope_code__regex', '^(?!00)[0-9]{2}$'), models.Q(('role', 'DINAS'), ('scope_code__regex', '^(?!00)[0-9]{2}(?!00)[0-9]{2}$')), _connector='OR'), name='assignment_scope_is_a_region', violation_error_message='Isi dua angka awal kode provinsi; dinas juga empat angka kabupaten/kota.'),
        ),
    ]
