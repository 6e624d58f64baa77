from django.urls import path, register_converter

from vervalponsel.kit.exports import CSV, XLSX

from . import shared, views
from .people import PeopleConverter

register_converter(PeopleConverter, "people")

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("bantuan/", views.help_page, name="help"),
    path("<people:people>/<int:pk>/riwayat/", views.story, name="story"),
    path("belum-unggah/", views.chase, name="chase"),
    path("kelola/periode/<int:pk>/paket/", views.packages, name="packages"),
    path("kelola/nomor-bersama/", shared.listed, name="shared"),
    path("kelola/nomor-bersama/csv/", shared.download, {"kind": CSV}, name="shared_csv"),
    path("kelola/nomor-bersama/xlsx/", shared.download, {"kind": XLSX}, name="shared_xlsx"),
    path("kelola/nomor-bersama/batas/", views.sharing_limits, name="sharing_limits"),
    path("kelola/nomor-bersama/<int:pk>/", shared.detail, name="shared_number"),
    path("kelola/nomor-bersama/<int:pk>/csv/", shared.download_schools, {"kind": CSV}, name="shared_number_csv"),
    path("kelola/nomor-bersama/<int:pk>/xlsx/", shared.download_schools, {"kind": XLSX}, name="shared_number_xlsx"),
    path("kelola/awalan/", views.prefixes, name="prefixes"),
    path("kelola/awalan/<int:pk>/", views.prefix, name="prefix"),
]
