"""Addresses of the whole application; each part brings its own."""

from importlib.util import find_spec

from django.urls import include, path

from vervalponsel.desk import health

PARTS = [
    "vervalponsel.desk",
    "vervalponsel.batches",
    "schools",
    "providers",
    "students",
    "teachers",
    "sptjm",
]

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("akun/", include("allauth.account.urls")),
    *[path("", include(f"{part}.urls")) for part in PARTS if find_spec(f"{part}.urls")],
]
