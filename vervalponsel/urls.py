"""Addresses of the whole application; each part brings its own."""

from importlib.util import find_spec

from django.urls import include, path

from vervalponsel.accounts.views import SignIn
from vervalponsel.desk import health

PARTS = {
    "vervalponsel.desk": "",
    "vervalponsel.accounts": "akun/",
    "vervalponsel.batches": "pekerjaan/",
    "schools": "sekolah/",
    "students": "siswa/",
    "teachers": "guru/",
    "sptjm": "sptjm/",
    "providers": "provider/",
}
"""Every part's ``urls`` module and what its addresses begin with."""

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    *[path(prefix, include(f"{part}.urls")) for part, prefix in PARTS.items() if find_spec(f"{part}.urls")],
    path("akun/login/", SignIn.as_view(), name="account_login"),
    path("akun/", include("allauth.account.urls")),
    path("api/register/v1/", include("schools.api.urls", namespace="register_api")),
    path("api/provider/v1/", include("providers.api.urls", namespace="provider_api")),
]
