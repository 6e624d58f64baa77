from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sptjm.forms import ListForm
from sptjm.listing import TONES, slice_of
from sptjm.models import Statement
from sptjm.policies import DUTIES, sentence
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def listed(request: Request) -> HttpResponse:
    """Statements of the actor's school, region or of the nation; newest first."""
    can_make = request.actor.may(Permission.MAKE_STATEMENTS)
    form = ListForm(request.GET, actor=request.actor, one_school=can_make)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = Statement.objects.visible_to(request.actor).chosen(wanted).newest_first()
    page = slice_of(found.select_related("school", "period"), request.GET.get("page"))
    context = {
        "rows": [(s, TONES[s.status], sentence(s), DUTIES.get(s.status)) for s in page.rows],
        "page": page,
        "form": form,
        "filtered": any(wanted.values()),
        "can_make": can_make,
    }
    return render(request, "sptjm/_list.html" if request.htmx else "sptjm/list.html", context)
