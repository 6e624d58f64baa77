import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import providers.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('batches', '0001_initial'),
        ('schools', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('code', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, verbose_name='nama')),
                ('is_active', models.BooleanField(default=True, verbose_name='bekerja sama')),
            ],
        ),
        migrations.CreateModel(
            name='ShareRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='Exchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('MATCH', 'Pemadanan'), ('INJECT', 'Pengisian kuota')], max_length=6)),
                ('stage', models.PositiveSmallIntegerField(default=1, verbose_name='tahap')),
                ('status', models.CharField(choices=[('PREPARING', 'Sedang disiapkan'), ('PREPARED', 'Siap'), ('OFFERED', 'Ditawarkan'), ('RECEIPTED', 'Diterima provider'), ('ANSWERED', 'Terjawab seluruhnya'), ('CLOSED', 'Ditutup')], default='PREPARING', max_length=9)),
                ('rows', models.BigIntegerField(default=0, verbose_name='baris')),
                ('control_sum', models.CharField(blank=True, max_length=40, verbose_name='jumlah kendali')),
                ('file', models.FileField(blank=True, max_length=200, upload_to='exchanges/%Y/%m/')),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('size', models.BigIntegerField(default=0, verbose_name='byte')),
                ('created_at', models.DateTimeField()),
                ('prepared_at', models.DateTimeField(null=True)),
                ('offered_at', models.DateTimeField(null=True)),
                ('receipted_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exchanges', to='batches.batch')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exchanges', to='schools.period')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exchanges', to='providers.provider')),
            ],
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('STUDENT', 'Siswa'), ('TEACHER', 'Guru')], max_length=7, verbose_name='penerima')),
                ('jenjang', models.CharField(choices=[('PAUD', 'PAUD'), ('SD', 'SD'), ('SMP', 'SMP'), ('SMA', 'SMA'), ('SMK', 'SMK'), ('SLB', 'SLB'), ('KESETARAAN', 'Kesetaraan')], max_length=12)),
                ('general_gb', models.PositiveSmallIntegerField(verbose_name='kuota umum (GB)')),
                ('learning_gb', models.PositiveSmallIntegerField(verbose_name='kuota belajar (GB)')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='packages', to='schools.period')),
                ('provider', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.provider')),
            ],
        ),
        migrations.CreateModel(
            name='PhoneRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('STUDENT', 'Siswa'), ('TEACHER', 'Guru')], max_length=7)),
                ('person_id', models.UUIDField()),
                ('grade', models.PositiveSmallIntegerField(default=0, verbose_name='tingkat_pendidikan_id')),
                ('eligibility', models.CharField(choices=[('OK', 'Penerima'), ('LEFT', 'Tidak ada lagi di register'), ('INACTIVE', 'Tidak aktif'), ('NOT_SYNCED', 'Sekolah belum sinkronisasi'), ('NISN_MISSING', 'NISN kosong'), ('NISN_INVALID', 'NISN tidak sah'), ('DUPLICATE_SCHOOL', 'Terdaftar di dua sekolah'), ('NISN_CONFLICT', 'NISN dipakai orang lain'), ('NOT_HOME_SCHOOL', 'Bukan sekolah induk'), ('NOT_TEACHER', 'Bukan guru atau kepala sekolah'), ('RECEIVES_PIP', 'Sudah menerima PIP atau PKH'), ('NOT_SERVED', 'Jenjang tidak dilayani periode ini')], max_length=20)),
                ('typed', models.CharField(blank=True, max_length=120, verbose_name='nomor seperti diketik')),
                ('number', models.CharField(blank=True, max_length=16, verbose_name='nomor')),
                ('source', models.CharField(choices=[('CUTOFF', 'Tarikan Dapodik'), ('EDITED', 'Diisi operator')], default='CUTOFF', max_length=8)),
                ('edited_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('EMPTY', 'Kosong'), ('MALFORMED', 'Belum terbaca'), ('READY', 'Sesuai format'), ('ACTIVE', 'Aktif'), ('POSTPAID', 'Pascabayar'), ('INACTIVE', 'Tidak aktif'), ('GRACE', 'Masa tenggang'), ('NOT_OURS', 'Bukan pelanggan'), ('FAILED', 'Kuota gagal')], default='EMPTY', max_length=9)),
                ('code', models.CharField(blank=True, max_length=24, verbose_name='kode alasan')),
                ('state_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True, verbose_name='jawaban provider')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='ditegaskan operator')),
                ('recheck_wanted_at', models.DateTimeField(null=True, verbose_name='cek ulang diminta')),
                ('ownership', models.CharField(blank=True, choices=[('OWN', 'Milik sendiri'), ('FATHER', 'Ayah'), ('MOTHER', 'Ibu'), ('GUARDIAN', 'Wali'), ('SIBLING', 'Saudara'), ('RELATIVE', 'Kerabat')], max_length=8, verbose_name='kepemilikan')),
                ('share_count', models.PositiveIntegerField(default=0, verbose_name='penerima nomor ini')),
                ('sharing', models.CharField(choices=[('NONE', 'Wajar'), ('TO_CONFIRM', 'Perlu ditegaskan'), ('STOPPED', 'Terlalu banyak')], default='NONE', max_length=10)),
                ('sharing_confirmed_at', models.DateTimeField(null=True)),
                ('looks_made_up', models.BooleanField(default=False, verbose_name='tampak seperti nomor karangan')),
                ('stage', models.CharField(blank=True, choices=[('STATED', 'Dinyatakan di SPTJM'), ('UPLOADED', 'Pindaian diunggah'), ('RETURNED', 'Dikembalikan'), ('APPROVED', 'Disetujui'), ('RELEASED', 'Dikirim ke provider'), ('INJECTED', 'Kuota masuk'), ('VOIDED', 'Dibatalkan'), ('DROPPED', 'Dikeluarkan'), ('FAILED', 'Kuota gagal masuk'), ('REVERSED', 'Kuota ditarik kembali')], max_length=8)),
                ('version', models.PositiveIntegerField(default=1)),
                ('cell', models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('eligibility', 'OK'), _negated=True), then=models.Value('OUT')), models.When(stage__in=['INJECTED', 'RELEASED', 'APPROVED', 'UPLOADED', 'RETURNED', 'STATED'], then=models.F('stage')), models.When(models.Q(models.Q(('state__in', ('EMPTY', 'MALFORMED')), _negated=True), ('sharing', 'STOPPED')), then=models.Value('SHARED_STOPPED')), models.When(models.Q(models.Q(('state__in', ('EMPTY', 'MALFORMED')), _negated=True), ('sharing', 'TO_CONFIRM')), then=models.Value('SHARED_TO_CONFIRM')), models.When(state__in=['ACTIVE', 'POSTPAID'], then=models.Value('USABLE')), models.When(asked_in__isnull=False, state='READY', then=models.Value('SENT')), default=models.F('state')), output_field=models.CharField(choices=[('INJECTED', 'Kuota masuk'), ('RELEASED', 'Dikirim ke provider'), ('APPROVED', 'SPTJM disetujui'), ('UPLOADED', 'SPTJM diunggah'), ('RETURNED', 'SPTJM dikembalikan'), ('STATED', 'SPTJM dicetak'), ('SHARED_STOPPED', 'Nomor dipakai terlalu banyak'), ('SHARED_TO_CONFIRM', 'Nomor bersama, perlu ditegaskan'), ('FAILED', 'Kuota gagal masuk'), ('INACTIVE', 'Tidak aktif'), ('GRACE', 'Masa tenggang'), ('NOT_OURS', 'Bukan pelanggan provider'), ('MALFORMED', 'Belum terbaca'), ('EMPTY', 'Belum ada nomor'), ('SENT', 'Sedang dicek provider'), ('READY', 'Menunggu dikirim ke provider'), ('USABLE', 'Aktif, belum di SPTJM')], max_length=17))),
                ('asked_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.exchange')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phone_records', to='schools.school')),
                ('provider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.provider')),
            ],
        ),
        migrations.CreateModel(
            name='Entitlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('STUDENT', 'Siswa'), ('TEACHER', 'Guru')], max_length=7)),
                ('number', models.CharField(max_length=16)),
                ('ownership', models.CharField(choices=[('OWN', 'Milik sendiri'), ('FATHER', 'Ayah'), ('MOTHER', 'Ibu'), ('GUARDIAN', 'Wali'), ('SIBLING', 'Saudara'), ('RELATIVE', 'Kerabat')], max_length=8)),
                ('slot', models.PositiveSmallIntegerField()),
                ('stage', models.CharField(choices=[('STATED', 'Dinyatakan di SPTJM'), ('UPLOADED', 'Pindaian diunggah'), ('RETURNED', 'Dikembalikan'), ('APPROVED', 'Disetujui'), ('RELEASED', 'Dikirim ke provider'), ('INJECTED', 'Kuota masuk'), ('VOIDED', 'Dibatalkan'), ('DROPPED', 'Dikeluarkan'), ('FAILED', 'Kuota gagal masuk'), ('REVERSED', 'Kuota ditarik kembali')], default='STATED', max_length=8)),
                ('code', models.CharField(blank=True, max_length=24)),
                ('stage_at', models.DateTimeField()),
                ('closed', models.BooleanField(default=False)),
                ('live', models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('closed', True), ('stage__in', ['VOIDED', 'DROPPED', 'FAILED', 'REVERSED']), _connector='OR'), then=models.Value(False)), default=models.Value(True)), output_field=models.BooleanField())),
                ('carried_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.entitlement')),
                ('follows', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='providers.entitlement')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entitlements', to='schools.period')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entitlements', to='schools.school')),
                ('package', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.package')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entitlements', to='providers.phonerecord')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.provider')),
            ],
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(max_length=24, unique=True)),
                ('secret_sha256', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='providers.provider')),
            ],
        ),
        migrations.CreateModel(
            name='ExchangeLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('MATCH', 'Pemadanan'), ('INJECT', 'Pengisian kuota')], max_length=6)),
                ('line_no', models.BigIntegerField()),
                ('person_id', models.UUIDField()),
                ('grade', models.PositiveSmallIntegerField(default=0)),
                ('npsn', models.CharField(max_length=8)),
                ('number', models.CharField(max_length=16)),
                ('gigabytes', models.PositiveSmallIntegerField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('ACTIVE', 'Aktif'), ('POSTPAID', 'Pascabayar'), ('INACTIVE', 'Tidak aktif'), ('GRACE', 'Masa tenggang'), ('NOT_OURS', 'Bukan pelanggan'), ('SUCCEEDED', 'Kuota masuk'), ('FAILED', 'Kuota gagal'), ('REVERSED', 'Kuota ditarik kembali')], max_length=9)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('outcome_at', models.DateTimeField(null=True)),
                ('is_stale', models.BooleanField(default=False)),
                ('is_contradicted', models.BooleanField(default=False)),
                ('live', models.BooleanField(default=True)),
                ('answer_batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='batches.batch')),
                ('entitlement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='order_lines', to='providers.entitlement')),
                ('exchange', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='providers.exchange')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exchange_lines', to='providers.phonerecord')),
            ],
            options={
                'indexes': [models.Index(fields=['record', 'id'], name='line_by_record')],
                'constraints': [models.UniqueConstraint(fields=('exchange', 'line_no'), name='line_once'), models.UniqueConstraint(fields=('exchange', 'record', 'number'), name='record_once_per_exchange'), models.UniqueConstraint(condition=models.Q(('live', True)), fields=('purpose', 'record'), name='one_live_line_per_record')],
            },
        ),
        migrations.CreateModel(
            name='Prefix',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.PositiveSmallIntegerField(verbose_name='awalan pertama')),
                ('last', models.PositiveSmallIntegerField(verbose_name='awalan terakhir')),
                ('valid_from', models.DateField(default='2000-01-01', verbose_name='berlaku sejak')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='sampai')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prefixes', to='providers.provider')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('first__gte', 800), ('last__gte', models.F('first')), ('last__lte', 899)), name='prefix_is_mobile', violation_error_message='Awalan harus 0800 sampai 0899, dari kecil ke besar.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(providers.models.IntRange('first', 'last', models.Value('[]'), output_field=django.contrib.postgres.fields.ranges.IntegerRangeField()), '&&'), (providers.models.DateRange('valid_from', 'valid_to', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='prefix_has_one_provider', violation_error_message='Awalan itu pada tanggal itu sudah milik provider lain.')],
            },
        ),
        migrations.AddIndex(
            model_name='phonerecord',
            index=models.Index(fields=['school', 'role', 'cell'], name='record_by_school_cell'),
        ),
        migrations.AddIndex(
            model_name='phonerecord',
            index=models.Index(condition=models.Q(('number', ''), _negated=True), fields=['number'], name='record_by_number'),
        ),
        migrations.AddIndex(
            model_name='phonerecord',
            index=models.Index(condition=models.Q(('cell', 'READY')), fields=['provider', 'id'], name='record_to_ask'),
        ),
        migrations.AddConstraint(
            model_name='phonerecord',
            constraint=models.UniqueConstraint(fields=('role', 'person_id'), name='one_record_per_person'),
        ),
        migrations.AddConstraint(
            model_name='phonerecord',
            constraint=models.CheckConstraint(condition=models.Q(('number', ''), ('number__regex', '^\\+628[0-9]{8,11}$'), _connector='OR'), name='number_is_e164_mobile'),
        ),
        migrations.AddConstraint(
            model_name='phonerecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', ''), ('provider', None), ('state__in', ('EMPTY', 'MALFORMED'))), models.Q(models.Q(('state__in', ('EMPTY', 'MALFORMED')), _negated=True), models.Q(('number', ''), _negated=True), ('provider__isnull', False)), _connector='OR'), name='number_fits_state'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.UniqueConstraint(fields=('period', 'role', 'jenjang', 'provider'), name='package_once', nulls_distinct=False, violation_error_message='Paket untuk penerima itu sudah ada.'),
        ),
        migrations.AddIndex(
            model_name='exchange',
            index=models.Index(fields=['provider', 'purpose', '-id'], name='exchange_by_provider'),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.UniqueConstraint(fields=('batch', 'provider', 'purpose'), name='one_exchange_per_batch'),
        ),
        migrations.AddIndex(
            model_name='entitlement',
            index=models.Index(fields=['record', 'period'], name='claim_by_record'),
        ),
        migrations.AddIndex(
            model_name='entitlement',
            index=models.Index(fields=['school', 'period', 'stage'], name='claim_by_school'),
        ),
        migrations.AddIndex(
            model_name='entitlement',
            index=models.Index(condition=models.Q(('live', True), ('stage', 'APPROVED')), fields=['period', 'provider'], name='claim_to_release'),
        ),
        migrations.AddConstraint(
            model_name='entitlement',
            constraint=models.UniqueConstraint(condition=models.Q(('live', True)), fields=('period', 'record'), name='one_live_claim_per_record'),
        ),
        migrations.AddConstraint(
            model_name='entitlement',
            constraint=models.UniqueConstraint(condition=models.Q(('live', True)), fields=('period', 'number', 'slot'), name='one_live_claim_per_slot'),
        ),
    ]
