"""How old the register's data of a school are."""

from __future__ import annotations

from django import template

from schools.freshness import Freshness, freshness_of
from schools.models import School

register = template.Library()


@register.simple_tag
def freshness(school: School) -> Freshness:
    """The cut-off's date, the last delta, the school's last synchronisation."""
    return freshness_of(school)
