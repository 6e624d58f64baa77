from django.apps import AppConfig


class TeachersConfig(AppConfig):
    name = "teachers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from schools.cutoff.registry import register_file

        from . import generator
        from .cutoff_file import TEACHERS

        register_file(TEACHERS)
        generator.register()
