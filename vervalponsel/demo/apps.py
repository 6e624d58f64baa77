from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Brings the command `demo`; there are no models here."""

    name = "vervalponsel.demo"
