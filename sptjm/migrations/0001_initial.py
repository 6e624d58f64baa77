import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('batches', '0001_initial'),
        ('providers', '0001_initial'),
        ('schools', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.PositiveIntegerField(verbose_name='nomor urut')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='nomor SPTJM')),
                ('status', models.CharField(choices=[('STATED', 'Dicetak, menunggu diunggah'), ('UPLOADED', 'Diunggah, menunggu diperiksa'), ('RETURNED', 'Dikembalikan'), ('APPROVED', 'Disetujui'), ('RELEASED', 'Dikirim ke provider'), ('VOIDED', 'Dibatalkan')], default='STATED', max_length=8)),
                ('students', models.PositiveIntegerField(verbose_name='siswa')),
                ('teachers', models.PositiveIntegerField(verbose_name='guru')),
                ('head_name', models.CharField(max_length=120, verbose_name='kepala sekolah')),
                ('head_nip', models.CharField(blank=True, max_length=30, verbose_name='NIP')),
                ('content_sha256', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('pdf', models.FileField(blank=True, max_length=200, upload_to='sptjm/%Y/%m/')),
                ('pages', models.PositiveSmallIntegerField(default=0)),
                ('uploaded_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('return_code', models.CharField(blank=True, choices=[('SIGNATURE_MISSING', 'Tanda tangan belum ada'), ('STAMP_DUTY_MISSING', 'Meterai belum ada'), ('SEAL_MISSING', 'Cap sekolah belum ada'), ('BLURRED', 'Pindaian kabur'), ('WRONG_TEMPLATE', 'Bukan lembar SPTJM dari aplikasi ini'), ('WRONG_NUMBER', 'Nomor SPTJM tidak cocok'), ('PAGES_MISSING', 'Halaman tidak lengkap'), ('LIST_WRONG', 'Daftar penerima tidak benar'), ('OTHER', 'Lainnya')], max_length=20)),
                ('return_note', models.CharField(blank=True, max_length=300)),
                ('released_at', models.DateTimeField(null=True)),
                ('voided_at', models.DateTimeField(null=True)),
                ('void_reason', models.CharField(blank=True, max_length=300, verbose_name='alasan pembatalan')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='schools.period')),
                ('print_batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='batches.batch')),
                ('release_batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='batches.batch')),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='schools.school')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(max_length=200, upload_to='scans/%Y/%m/')),
                ('original_name', models.CharField(max_length=200, verbose_name='nama berkas')),
                ('content_type', models.CharField(max_length=40)),
                ('size', models.PositiveIntegerField(verbose_name='byte')),
                ('sha256', models.CharField(max_length=64)),
                ('pages', models.PositiveSmallIntegerField(verbose_name='halaman')),
                ('uploaded_at', models.DateTimeField()),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='sptjm.statement')),
            ],
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(choices=[('APPROVED', 'Disetujui'), ('RETURNED', 'Dikembalikan')], max_length=8)),
                ('code', models.CharField(blank=True, choices=[('SIGNATURE_MISSING', 'Tanda tangan belum ada'), ('STAMP_DUTY_MISSING', 'Meterai belum ada'), ('SEAL_MISSING', 'Cap sekolah belum ada'), ('BLURRED', 'Pindaian kabur'), ('WRONG_TEMPLATE', 'Bukan lembar SPTJM dari aplikasi ini'), ('WRONG_NUMBER', 'Nomor SPTJM tidak cocok'), ('PAGES_MISSING', 'Halaman tidak lengkap'), ('LIST_WRONG', 'Daftar penerima tidak benar'), ('OTHER', 'Lainnya')], max_length=20)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('by_name', models.CharField(max_length=160)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='sptjm.scan')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='sptjm.statement')),
            ],
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='nomor')),
                ('role', models.CharField(choices=[('STUDENT', 'Siswa'), ('TEACHER', 'Guru')], max_length=7)),
                ('name', models.CharField(max_length=160, verbose_name='nama')),
                ('identity', models.CharField(blank=True, max_length=20, verbose_name='NISN atau NUPTK')),
                ('class_name', models.CharField(blank=True, max_length=60, verbose_name='kelas')),
                ('number', models.CharField(max_length=16, verbose_name='nomor ponsel')),
                ('provider_name', models.CharField(max_length=40)),
                ('ownership', models.CharField(choices=[('OWN', 'Milik sendiri'), ('FATHER', 'Ayah'), ('MOTHER', 'Ibu'), ('GUARDIAN', 'Wali'), ('SIBLING', 'Saudara'), ('RELATIVE', 'Kerabat')], max_length=8)),
                ('entitlement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='statement_line', to='providers.entitlement')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='sptjm.statement')),
            ],
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['period', 'status', 'uploaded_at'], name='statement_queue'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('school', 'period', 'serial'), name='statement_serial_once'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('uploaded_by__isnull', True), models.Q(('approved_by', models.F('uploaded_by')), _negated=True), _connector='OR'), name='approver_is_not_uploader', violation_error_message='Pindaian harus disetujui oleh orang lain, bukan pengunggahnya.'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('released_by__isnull', True), ('approved_by__isnull', True), models.Q(('released_by', models.F('approved_by')), _negated=True), _connector='OR'), name='releaser_is_not_approver', violation_error_message='Pengiriman harus dilakukan orang lain, bukan penyetujunya.'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.UniqueConstraint(fields=('statement', 'sha256'), name='scan_once_per_statement'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.UniqueConstraint(fields=('statement', 'position'), name='line_position_once'),
        ),
    ]
