"""The interface's addresses. They ask for a provider's key, not for a person's sign-in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from providers.manifest import key_id, public_key

from . import batches, errors, exchanges
from .auth import BasicKey, BearerKey, PerKey
from .guide import guide
from .protocol import description
from .schemas import Key

api = NinjaAPI(
    title="Verval Ponsel: antarmuka provider",
    version="1",
    description=description(),
    urls_namespace="provider_api",
    docs_url=None,
    auth=[BearerKey(), BasicKey()],
    throttle=[PerKey()],
)
errors.install(api)
api.add_router("/exchanges", exchanges.router)
api.add_router("/batches", batches.router)


@api.get("/keys", auth=None, throttle=[], response=list[Key], operation_id="listKeys", tags=["keys"])
def list_keys(request: HttpRequest) -> list[dict[str, str]]:
    """Kunci publik penanda tangan manifes."""
    return [{"key_id": key_id(), "algorithm": "Ed25519", "public_key": public_key()}]


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
urlpatterns = _open(
    [path("panduan/", guide, name="guide"), *_patterns, path("<path:rest>", nothing_here, name="nothing_here")]
)
