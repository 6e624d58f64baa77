from django.urls import NoReverseMatch, reverse


def url_of(name: str, *args: object) -> str:
    """The address behind a name; empty when the part that owns it has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
