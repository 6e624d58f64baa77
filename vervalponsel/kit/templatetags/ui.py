"""Filters and tags of every page: numbers, phones, dates and state badges as people read them."""

import datetime as dt

from django import template
from django.conf import settings
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from vervalponsel.kit import zones

register = template.Library()

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_ZONE_NAMES = {zone.key: name for name, zone in zones.ZONES.items()}
_SIZES = ("B", "KB", "MB", "GB", "TB")


@register.filter
def thousands(value: object) -> str:
    """Group a whole number: 1.234.567; an absent one is a dash."""
    if value is None or value == "":
        return "–"
    return f"{int(str(value)):,}".replace(",", ".")


@register.filter
def percent(part: float | None, whole: float | None = 100) -> str:
    """Give `part` of `whole` as a percentage with at most one decimal: 57,3 %."""
    if part is None or not whole:
        return "–"
    share = f"{100 * part / whole:.1f}".removesuffix(".0").replace(".", ",")
    return f"{share} %"


@register.filter
def filesize(count: int | None) -> str:
    """Give a size in bytes as 812 KB or 4,2 MB."""
    if count is None:
        return "–"
    size, step = float(count), 0
    while size >= 1000 and step < len(_SIZES) - 1:
        size, step = size / 1000, step + 1
    shown = f"{size:.1f}" if step > 1 and size < 100 else f"{size:.0f}"
    return f"{shown.removesuffix('.0').replace('.', ',')} {_SIZES[step]}"


def _groups(e164: str) -> list[str]:
    """Split +6281234567890 into 0812, 3456, 7890; the last group may be up to five long."""
    local = "0" + e164.removeprefix("+62") if e164.startswith("+62") else e164
    head, rest = local[:4], local[4:]
    middle = max(len(rest) - 4, 0) if len(rest) <= 8 else 4
    return [group for group in (head, rest[:middle], rest[middle:]) if group]


@register.filter
def phone(e164: str | None) -> str:
    """Show a stored number in groups: 0812-3456-7890; none is a dash."""
    return "-".join(_groups(e164)) if e164 else "–"


@register.filter
def masked_phone(e164: str | None) -> str:
    """Show a number outside its school: 0812-••••-7890."""
    if not e164:
        return "–"
    groups = _groups(e164)
    return "-".join([groups[0], "••••", groups[-1][-4:]]) if len(groups) > 1 else "••••"


@register.filter
def tanggal(value: dt.date | dt.datetime | None) -> str:
    """Give a day: 13 Sep 2020. An instant is taken in the reader's time zone."""
    if value is None or value == "":
        return "–"
    day = timezone.localtime(value) if isinstance(value, dt.datetime) else value
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@register.filter
def wib(value: dt.datetime | None, zone: str = "") -> str:
    """Give an instant: 13 Sep 2020 08.10 WIB.

    `zone` is WIB, WITA, WIT or a region's code; without it the reader's own zone counts.
    """
    if value is None or value == "":
        return "–"
    name = _zone_name(zone)
    local = value.astimezone(zones.ZONES[name])
    day = f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
    return f"{day} {local:%H.%M} {name}"


def _zone_name(zone: str) -> str:
    if zone in zones.ZONES:
        return zone
    if zone:
        return zones.zone_name(zone)
    return _ZONE_NAMES.get(timezone.get_current_timezone_name(), zones.WESTERN)


@register.filter
def lama(seconds: float | None) -> str:
    """Give a length of time in words, rounded as people say it: sekitar 2 menit."""
    if seconds is None:
        return ""
    if seconds < 60:
        return "kurang dari 1 menit"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"sekitar {minutes} menit"
    hours = round(minutes / 60)
    return f"sekitar {hours} jam" if hours < 48 else f"sekitar {round(hours / 24)} hari"


@register.simple_tag
def badge(tone: str, word: str) -> SafeString:
    """Write a state badge; tone is ok, wait, fix or neutral. Quicker than including ui/badge.html."""
    return format_html('<span class="badge {}">{}</span>', tone, word)


@register.simple_tag
def helpdesk_email() -> str:
    """Give the helpdesk's address, also on pages that have no request to ask."""
    return str(getattr(settings, "HELPDESK_EMAIL", "bantuan@vervalponsel.example"))


@register.simple_tag(takes_context=True)
def again(context: template.Context, name: str) -> str:
    """Render a block a second time: the title stands in the tab and as the page's heading."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return block.render(context).strip() if block else ""
