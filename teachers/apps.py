from django.apps import AppConfig


class TeachersConfig(AppConfig):
    name = "teachers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from providers.recipients import locked

        from . import cutoff, eligibility, generator
        from .people import TEACHERS

        cutoff.register()
        eligibility.register()
        generator.register()
        locked.register_people(TEACHERS)
