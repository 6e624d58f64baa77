"""The interface's addresses. They ask for a service's key, not for a person's sign-in."""

from __future__ import annotations

from ninja import NinjaAPI

from vervalponsel.kit.interfaces import addresses
from vervalponsel.kit.machine_calls import BasicKey, BearerKey, PerKey

from . import deltas, errors
from .auth import key_of

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
    auth=[BearerKey(key_of), BasicKey(key_of)],
    throttle=[PerKey("DELTA_CALLS_PER_MINUTE")],
)
errors.install(api)
api.add_router("/deltas", deltas.router)

app_name = "register_api"
urlpatterns = addresses(api)
