"""Uploaded files: drawn anew as pictures for the eye, the original only as a download."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from sptjm.models import Scan
from sptjm.pictures import picture_of
from sptjm.reading import Unreadable
from sptjm.serials import file_stem
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission


def _scan(request: Request, pk: int) -> Scan:
    seen = Scan.objects.visible_to(request.actor).select_related("statement")
    return get_object_or_404(seen, pk=pk)


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def original(request: Request, pk: int) -> FileResponse:
    """The file as it was uploaded, never shown inline."""
    scan = _scan(request, pk)
    ending = scan.file.name.rpartition(".")[2]
    name = f"{file_stem(scan.statement.number)}-pindaian.{ending}"
    return FileResponse(scan.file.open(), as_attachment=True, filename=name, content_type="application/octet-stream")


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def picture(request: Request, pk: int, page: int) -> HttpResponse:
    """One page of a scan as a fresh JPEG."""
    scan = _scan(request, pk)
    if not 1 <= page <= scan.pages:
        raise Http404
    try:
        drawn = picture_of(scan, page)
    except Unreadable as reason:
        if reason.code == "BUSY":
            return HttpResponse(status=503, headers={"Retry-After": "5"})
        raise Http404 from None
    return HttpResponse(drawn, content_type="image/jpeg")
