from django.apps import AppConfig


class StudentsConfig(AppConfig):
    name = "students"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from providers.recipients import locked

        from . import bench, cutoff, eligibility, generator
        from .people import STUDENTS

        bench.register()
        cutoff.register()
        eligibility.register()
        generator.register()
        locked.register_people(STUDENTS)
