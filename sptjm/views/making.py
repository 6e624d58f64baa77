from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from providers.catalogue import Topic, describe
from schools.models import Period
from sptjm.actions.drafting import Drafted, make_statement
from sptjm.forms import DraftForm
from sptjm.policies import NotAllowed
from sptjm.prospects import prospect_of
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission
from vervalponsel.kit.templatetags.ui import thousands

from .found import own_school


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MAKE_STATEMENTS)
def make(request: Request) -> HttpResponseBase:
    """Who would be on the next statement and who not and why; posting makes it."""
    school, period, now = own_school(request.actor), Period.objects.current().first(), timezone.now()
    if request.method != "POST":
        prospect = prospect_of(school=school, period=period, now=now)
        head = {"head_name": school.head_name, "head_nip": school.head_nip}
        return _page(request, prospect, DraftForm(initial=head, classes=prospect.classes))
    form = DraftForm(request.POST, classes=request.POST.getlist("classes"))
    if period is None or not form.is_valid():
        return _page(request, prospect_of(school=school, period=period, now=now), form, status=422)
    signed_by = {name: form.cleaned_data[name] for name in ("head_name", "head_nip", "token")}
    try:
        drafted = make_statement(
            by=request.actor, school=school, period=period, now=now, choice=form.choice, **signed_by
        )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("sptjm:make")
    _say(request, drafted)
    return redirect("sptjm:detail", drafted.statement.pk)


def _page(request: Request, prospect: object, form: DraftForm, status: int = 200) -> HttpResponse:
    return render(request, "sptjm/make.html", {"prospect": prospect, "form": form}, status=status)


def _say(request: Request, drafted: Drafted) -> None:
    """What came of it; a form that was sent twice hears the same of its one statement."""
    made = drafted.statement
    messages.success(request, f"SPTJM {made.number} dibuat untuk {thousands(made.people)} orang.")
    for code, count in drafted.left_out.items():
        messages.info(request, f"{thousands(count)} orang tidak ikut: {describe(code, Topic.DROP)}.")
