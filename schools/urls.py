from django.urls import path

from .views import accounts, cutoff, cutoff_receipt, cutoff_safety, manage, recap, service_keys

app_name = "schools"
urlpatterns = [
    path("rekap/", recap.recap, name="recap"),
    path("rekap/satuan/<str:npsn>/", recap.school, name="school"),
    path("rekap/<str:code>/", recap.region, name="region"),
    path("rekap/<str:code>/rincian/", recap.breakdown, name="breakdown"),
    path("rekap/<str:code>/unduh/", recap.region_csv, name="region_csv"),
    path("kelola/", manage.manage, name="manage"),
    path("kelola/tarikan/", cutoff.new, name="cutoff_new"),
    path("kelola/tarikan/batas/", cutoff_safety.set_limits, name="cutoff_limits"),
    path("kelola/tarikan/<int:pk>/putusan/", cutoff_safety.decide, name="cutoff_decide"),
    path("kelola/tarikan/<int:pk>/batalkan/", cutoff_safety.revert, name="cutoff_revert"),
    path("kelola/tarikan/<int:pk>/terapkan/", cutoff_safety.apply, name="cutoff_apply"),
    path("kelola/tarikan/<int:pk>/tempat/<str:code>/", cutoff_receipt.receipt, name="cutoff_receipt"),
    path("kelola/tarikan/<int:pk>/tempat/<str:code>/<str:kind>/", cutoff_receipt.table, name="cutoff_table"),
    path("kelola/kunci/", service_keys.listed, name="service_keys"),
    path("kelola/kunci/baru/", service_keys.create, name="new_service_key"),
    path("kelola/kunci/<int:pk>/ganti/", service_keys.replace, name="replace_service_key"),
    path("kelola/kunci/<int:pk>/cabut/", service_keys.revoke, name="revoke_service_key"),
    path("kelola/periode/baru/", manage.new_period, name="new_period"),
    path("kelola/periode/<int:pk>/", manage.period, name="period"),
    path("kelola/periode/<int:pk>/buka/", manage.open_the_period, name="open_period"),
    path("kelola/periode/<int:pk>/tutup/", manage.close_the_period, name="close_period"),
    path("kelola/periode/<int:pk>/jendela/", manage.add_window, name="add_window"),
    path("kelola/jendela/<int:pk>/", manage.window, name="window"),
    path("kelola/dinas/", manage.offices, name="offices"),
    path("kelola/dinas/<int:pk>/", manage.office, name="office"),
    path("kelola/sinyal/", manage.coverage, name="coverage"),
    path("kelola/akun/", accounts.listed, name="accounts"),
    path("kelola/akun/baru/", accounts.new, name="new_account"),
    path("kelola/akun/<int:pk>/akhiri/", accounts.end, name="end_assignment"),
    path("kelola/akun/<int:pk>/sandi/", accounts.reset, name="reset_password"),
]
