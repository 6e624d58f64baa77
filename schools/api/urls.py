"""The interface's addresses. They ask for a service's key, not for a person's sign-in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from . import deltas, errors
from .auth import BasicKey, BearerKey, PerKey

_STEPS = """
Antarmuka penyerahan delta Dapodik ke Verval Ponsel. Setiap layanan memakai kuncinya sendiri: HTTP Basic (`key_id` dan
`secret`) atau `Authorization: Bearer key_id.secret`. Kunci dibuat, diganti, dan dicabut Pusdatin di halaman Kelola.

1. `POST deltas`: badan permintaan adalah zip berisi `manifest.json` (`scope` = `delta`) dan hanya berkas yang berubah,
   dengan kolom `soft_delete` = 1 pada baris yang hilang. Isinya diperiksa seutuhnya sebelum dibalas: 202 dengan alamat
   pekerjaan, atau 422 yang menyebut berkas, baris, dan kolomnya. Isi yang sama lagi: 200 dan pekerjaan yang sama.
2. `GET deltas/{id}`: keadaannya. Delta berjalan menurut urutan datang dan menunggu tarikan lain yang sedang berjalan.
3. `GET deltas/{id}/refused`: baris yang disisihkan, dengan alasannya dan siapa yang dapat memperbaikinya.

`Content-Digest: sha-256=:…:` (RFC 9530), bila dikirim, diperiksa.
"""

api = NinjaAPI(
    title="Verval Ponsel: antarmuka register",
    version="1",
    description=f"{_STEPS}\n## Kesalahan\n{errors.failures.table()}",
    urls_namespace="register_api",
    docs_url=None,
    auth=[BearerKey(), BasicKey()],
    throttle=[PerKey()],
)
errors.install(api)
api.add_router("/deltas", deltas.router)


def _open(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    for pattern in patterns:
        if pattern.callback:
            login_not_required(pattern.callback)
    return patterns


@csrf_exempt
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that the document does not have is answered as the interface answers."""
    return api.on_exception(request, Http404())


_patterns, app_name, _namespace = api.urls
urlpatterns = _open([*_patterns, path("<path:rest>", nothing_here, name="nothing_here")])
