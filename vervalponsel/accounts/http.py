from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .actor import Actor


class Request(HttpRequest):
    """What a view gets once the middleware has put the actor and HTMX's details on it; for annotations only."""

    actor: Actor
    htmx: HtmxDetails
