import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('providers', '0001_initial'),
        ('schools', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Student',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160, verbose_name='nama')),
                ('name_key', models.CharField(max_length=160)),
                ('sex', models.CharField(blank=True, max_length=1, verbose_name='jenis kelamin')),
                ('birth_date', models.DateField(null=True, verbose_name='tanggal lahir')),
                ('is_active', models.BooleanField(default=True, verbose_name='aktif')),
                ('has_left', models.BooleanField(default=False, verbose_name='tidak ada lagi di register')),
                ('eligibility', models.CharField(choices=[('OK', 'Penerima'), ('LEFT', 'Tidak ada lagi di register'), ('INACTIVE', 'Tidak aktif'), ('NOT_SYNCED', 'Sekolah belum sinkronisasi'), ('NISN_MISSING', 'NISN kosong'), ('NISN_INVALID', 'NISN tidak sah'), ('DUPLICATE_SCHOOL', 'Terdaftar di dua sekolah'), ('NISN_CONFLICT', 'NISN dipakai orang lain'), ('NOT_HOME_SCHOOL', 'Bukan sekolah induk'), ('NOT_TEACHER', 'Bukan guru atau kepala sekolah'), ('RECEIVES_PIP', 'Sudah menerima PIP atau PKH'), ('NOT_SERVED', 'Jenjang tidak dilayani periode ini')], max_length=20, verbose_name='kelayakan')),
                ('other_npsn', models.CharField(blank=True, max_length=8, verbose_name='sekolah lain yang terkait')),
                ('name_similarity', models.PositiveSmallIntegerField(null=True, verbose_name='kemiripan nama (%)')),
                ('peserta_didik_id', models.UUIDField()),
                ('nisn', models.CharField(blank=True, max_length=20, verbose_name='NISN')),
                ('grade', models.PositiveSmallIntegerField(null=True, verbose_name='tingkat')),
                ('class_name', models.CharField(blank=True, max_length=60, verbose_name='rombel')),
                ('receives_pip', models.BooleanField(default=False, verbose_name='penerima PIP/PKH')),
                ('record', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='providers.phonerecord')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
            ],
            options={
                'indexes': [models.Index(fields=['school', 'name_key', 'id'], name='student_list'), models.Index(condition=models.Q(('nisn', ''), _negated=True), fields=['nisn'], name='student_by_nisn')],
                'constraints': [models.UniqueConstraint(fields=('peserta_didik_id', 'school'), name='student_row_once'), models.UniqueConstraint(condition=models.Q(('eligibility', 'OK')), fields=('peserta_didik_id',), name='student_eligible_once'), models.UniqueConstraint(condition=models.Q(('eligibility', 'OK'), models.Q(('nisn', ''), _negated=True)), fields=('nisn',), name='nisn_eligible_once')],
            },
        ),
    ]
