from django.urls import path, register_converter

from . import views
from .people import PeopleConverter

register_converter(PeopleConverter, "people")

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("bantuan/", views.help_page, name="help"),
    path("<people:people>/<int:pk>/riwayat/", views.story, name="story"),
    path("belum-unggah/", views.chase, name="chase"),
    path("kelola/periode/<int:pk>/paket/", views.packages, name="packages"),
    path("kelola/awalan/", views.prefixes, name="prefixes"),
    path("kelola/awalan/<int:pk>/", views.prefix, name="prefix"),
]
