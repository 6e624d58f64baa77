"""The interface's addresses. They ask for a provider's key, not for a person's sign-in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI

from providers.manifest import key_id, public_key
from vervalponsel.kit.interfaces import addresses
from vervalponsel.kit.machine_calls import BasicKey, BearerKey, PerKey

from . import batches, errors, exchanges
from .auth import credential_of
from .examples import KEYS
from .guide import guide
from .protocol import description
from .schemas import Key

api = NinjaAPI(
    title="Verval Ponsel: antarmuka provider",
    version="1",
    description=description(),
    urls_namespace="provider_api",
    docs_url=None,
    auth=[BearerKey(credential_of), BasicKey(credential_of)],
    throttle=[PerKey("PROVIDER_CALLS_PER_MINUTE")],
)
errors.install(api)
api.add_router("/exchanges", exchanges.router)
api.add_router("/batches", batches.router)


@api.get(
    "/keys",
    auth=None,
    throttle=[],
    response=list[Key],
    operation_id="listKeys",
    tags=["keys"],
    openapi_extra={"responses": {200: {"content": {"application/json": {"example": KEYS}}}}},
)
def list_keys(request: HttpRequest) -> list[dict[str, str]]:
    """Kunci publik penanda tangan manifes."""
    return [{"key_id": key_id(), "algorithm": "Ed25519", "public_key": public_key()}]


app_name = "provider_api"
urlpatterns = [path("panduan/", login_not_required(guide), name="guide"), *addresses(api)]
