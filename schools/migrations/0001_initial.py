import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import schools.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('batches', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope_code', models.CharField(max_length=4, unique=True, verbose_name='wilayah kerja')),
                ('name', models.CharField(max_length=160, verbose_name='nama')),
                ('jenjang', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('PAUD', 'PAUD'), ('SD', 'SD'), ('SMP', 'SMP'), ('SMA', 'SMA'), ('SMK', 'SMK'), ('SLB', 'SLB'), ('KESETARAAN', 'Kesetaraan')], max_length=12), size=None, verbose_name='jenjang')),
                ('is_staffed', models.BooleanField(default=True, verbose_name='ada petugas')),
            ],
        ),
        migrations.CreateModel(
            name='TallyDelta',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school_id', models.BigIntegerField()),
                ('role', models.CharField(max_length=7)),
                ('metric', models.CharField(max_length=32)),
                ('provider_id', models.CharField(max_length=12)),
                ('n', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='CutoffRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=12, verbose_name='cakupan')),
                ('cutoff_date', models.DateField(verbose_name='tanggal tarikan')),
                ('semester_id', models.CharField(max_length=5, verbose_name='semester')),
                ('manifest_sha256', models.CharField(max_length=64)),
                ('applied_at', models.DateTimeField(null=True)),
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cutoff_run', to='batches.batch')),
            ],
        ),
        migrations.CreateModel(
            name='Period',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='nama')),
                ('semester_id', models.CharField(max_length=5, verbose_name='semester')),
                ('status', models.CharField(choices=[('DRAFT', 'Disiapkan'), ('OPEN', 'Berjalan'), ('CLOSED', 'Ditutup')], default='DRAFT', max_length=6)),
                ('is_current', models.BooleanField(default=False, verbose_name='sedang disiapkan')),
                ('starts_date', models.DateField(verbose_name='mulai')),
                ('deadline_at', models.DateTimeField(verbose_name='tenggat SPTJM')),
                ('jenjang', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('PAUD', 'PAUD'), ('SD', 'SD'), ('SMP', 'SMP'), ('SMA', 'SMA'), ('SMK', 'SMK'), ('SLB', 'SLB'), ('KESETARAAN', 'Kesetaraan')], max_length=12), default=schools.models.every_jenjang, size=None, verbose_name='jenjang dilayani')),
                ('sharing_confirm_above', models.PositiveSmallIntegerField(default=3, verbose_name='berbagi perlu ditegaskan di atas')),
                ('sharing_max', models.PositiveSmallIntegerField(default=10, verbose_name='penerima per nomor paling banyak')),
                ('answer_valid_days', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1)], verbose_name='jawaban provider berlaku (hari)')),
                ('carries_over', models.BooleanField(default=True, verbose_name='penerima tanpa perubahan diteruskan')),
                ('excludes_pip', models.BooleanField(default=False, verbose_name='penerima PIP/PKH tidak dilayani')),
                ('holds_no_coverage', models.BooleanField(default=False, verbose_name='tahan daerah tanpa sinyal saat pengiriman')),
                ('stamp_duty_rupiah', models.PositiveIntegerField(default=10000, verbose_name='meterai (rupiah)')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('is_current',), name='one_current_period', violation_error_message='Hanya satu periode yang dapat disiapkan sekaligus.'), models.CheckConstraint(condition=models.Q(('is_current', False), ('status', 'OPEN'), _connector='OR'), name='current_period_is_open', violation_error_message='Periode yang disiapkan harus sedang berjalan.'), models.CheckConstraint(condition=models.Q(('sharing_confirm_above__gte', 1), ('sharing_max__gte', models.F('sharing_confirm_above'))), name='sharing_thresholds_ordered', violation_error_message='Batas berbagi tidak boleh di bawah batas penegasan.')],
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('code', models.CharField(max_length=6, primary_key=True, serialize=False, verbose_name='kode wilayah')),
                ('name', models.CharField(max_length=100, verbose_name='nama')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'Nasional'), (1, 'Provinsi'), (2, 'Kabupaten/kota'), (3, 'Kecamatan')])),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='schools.region')),
            ],
        ),
        migrations.CreateModel(
            name='Rollup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', models.CharField(max_length=6)),
                ('jenjang', models.CharField(max_length=12)),
                ('role', models.CharField(choices=[('STUDENT', 'Siswa'), ('TEACHER', 'Guru')], max_length=7)),
                ('metric', models.CharField(max_length=32)),
                ('provider_id', models.CharField(max_length=12)),
                ('n', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('region_code', 'jenjang', 'role', 'metric', 'provider_id'), name='rollup_once')],
            },
        ),
        migrations.CreateModel(
            name='School',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sekolah_id', models.UUIDField(unique=True)),
                ('npsn', models.CharField(max_length=8, unique=True, verbose_name='NPSN')),
                ('name', models.CharField(max_length=160, verbose_name='nama')),
                ('form_code', models.PositiveSmallIntegerField(verbose_name='bentuk pendidikan')),
                ('jenjang', models.CharField(choices=[('PAUD', 'PAUD'), ('SD', 'SD'), ('SMP', 'SMP'), ('SMA', 'SMA'), ('SMK', 'SMK'), ('SLB', 'SLB'), ('KESETARAAN', 'Kesetaraan')], max_length=12)),
                ('is_public', models.BooleanField(default=True, verbose_name='negeri')),
                ('regency_code', models.CharField(max_length=6)),
                ('province_code', models.CharField(max_length=6)),
                ('address', models.CharField(blank=True, max_length=255, verbose_name='alamat')),
                ('head_name', models.CharField(blank=True, max_length=120, verbose_name='nama kepala sekolah')),
                ('head_nip', models.CharField(blank=True, max_length=30, verbose_name='NIP kepala sekolah')),
                ('last_sync_at', models.DateTimeField(null=True, verbose_name='sinkronisasi terakhir')),
                ('is_synchronised', models.BooleanField(default=False, verbose_name='sudah sinkron semester ini')),
                ('no_coverage', models.BooleanField(default=False, verbose_name='daerah tanpa sinyal (3T)')),
                ('has_left', models.BooleanField(default=False, verbose_name='tidak ada lagi di register')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.region')),
            ],
        ),
        migrations.CreateModel(
            name='CutoffChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('STUDENT', 'Siswa'), ('TEACHER', 'Guru')], max_length=7)),
                ('person_id', models.UUIDField()),
                ('kind', models.CharField(choices=[('ENTERED', 'Masuk'), ('LEFT', 'Keluar'), ('MOVED_IN', 'Pindah masuk'), ('MOVED_OUT', 'Pindah keluar'), ('NUMBER_SUPPLIED', 'Nomor terisi'), ('NUMBER_DIFFERS', 'Nomor berbeda, tidak diterapkan'), ('ELIGIBILITY', 'Kelayakan berubah')], max_length=16)),
                ('code', models.CharField(blank=True, max_length=24)),
                ('other_npsn', models.CharField(blank=True, max_length=8)),
                ('offered', models.CharField(blank=True, max_length=120, verbose_name='yang ditawarkan tarikan')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='schools.cutoffrun')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cutoff_changes', to='schools.school')),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('STUDENT', 'Siswa'), ('TEACHER', 'Guru')], max_length=7)),
                ('metric', models.CharField(max_length=32)),
                ('provider_id', models.CharField(max_length=12)),
                ('n', models.BigIntegerField()),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.school')),
            ],
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('PREPARE', 'Perbaikan nomor dan SPTJM'), ('RELEASE', 'Tahap pengiriman kuota')], max_length=8, verbose_name='jenis')),
                ('stage', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='tahap')),
                ('name', models.CharField(max_length=80, verbose_name='nama')),
                ('region_prefix', models.CharField(blank=True, max_length=4, verbose_name='awalan wilayah')),
                ('opens_at', models.DateTimeField(verbose_name='dibuka')),
                ('closes_at', models.DateTimeField(verbose_name='ditutup')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='windows', to='schools.period')),
            ],
        ),
        migrations.AddIndex(
            model_name='school',
            index=models.Index(fields=['regency_code', 'jenjang'], name='school_by_regency'),
        ),
        migrations.AddIndex(
            model_name='school',
            index=models.Index(fields=['province_code', 'jenjang'], name='school_by_province'),
        ),
        migrations.AddIndex(
            model_name='school',
            index=models.Index(fields=['region'], name='school_by_district'),
        ),
        migrations.AddIndex(
            model_name='cutoffchange',
            index=models.Index(fields=['school', '-run'], name='cutoff_change_of_school'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('school', 'role', 'metric', 'provider_id'), name='tally_once'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.UniqueConstraint(fields=('period', 'kind', 'stage', 'region_prefix'), name='window_once', violation_error_message='Jendela untuk tahap dan wilayah itu sudah ada.'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='window_has_length', violation_error_message='Waktu tutup harus setelah waktu buka.'),
        ),
    ]
