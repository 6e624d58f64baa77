import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30, verbose_name='jenis')),
                ('scope_code', models.CharField(blank=True, max_length=8)),
                ('title', models.CharField(max_length=160, verbose_name='judul')),
                ('status', models.CharField(choices=[('QUEUED', 'Menunggu giliran'), ('RUNNING', 'Sedang berjalan'), ('PARKED', 'Menunggu persetujuan'), ('DONE', 'Selesai'), ('REFUSED', 'Ditolak'), ('STOPPED', 'Dihentikan'), ('FAILED', 'Gagal')], default='QUEUED', max_length=10)),
                ('dedupe_key', models.CharField(max_length=120, null=True, unique=True)),
                ('file', models.FileField(blank=True, max_length=200, upload_to='batches/%Y/%m/')),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='nama berkas')),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('params', models.JSONField(default=dict)),
                ('counts', models.JSONField(default=dict)),
                ('step', models.CharField(blank=True, max_length=120, verbose_name='langkah')),
                ('done', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField(null=True)),
                ('error', models.TextField(blank=True, verbose_name='kesalahan')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('stop_wanted', models.BooleanField(default=False)),
                ('actor_name', models.CharField(max_length=160)),
                ('created_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='RowError',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(blank=True, max_length=60)),
                ('line', models.BigIntegerField()),
                ('column', models.CharField(blank=True, max_length=60)),
                ('code', models.CharField(max_length=40)),
                ('facts', models.JSONField(default=dict)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='row_errors', to='batches.batch')),
            ],
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['-id', 'scope_code'], name='batch_newest'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(condition=models.Q(('status__in', ('QUEUED', 'RUNNING'))), fields=['created_at'], name='batch_live'),
        ),
        migrations.AddIndex(
            model_name='rowerror',
            index=models.Index(fields=['batch', 'file', 'line'], name='row_error_place'),
        ),
    ]
