from django.apps import AppConfig


class TeachersConfig(AppConfig):
    name = "teachers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import cutoff, eligibility, generator

        cutoff.register()
        eligibility.register()
        generator.register()
