from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Collects what pages use: of all that django-htmx ships, htmx 2 as it is served."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "htmax*", "htmx-4*", "htmx-2.js", "ext"]
