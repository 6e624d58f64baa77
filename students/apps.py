from django.apps import AppConfig


class StudentsConfig(AppConfig):
    name = "students"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from schools.cutoff.registry import register_file

        from . import generator
        from .cutoff_file import STUDENTS

        register_file(STUDENTS)
        generator.register()
