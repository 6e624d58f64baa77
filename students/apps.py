from django.apps import AppConfig


class StudentsConfig(AppConfig):
    name = "students"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import bench, cutoff, eligibility, generator

        bench.register()
        cutoff.register()
        eligibility.register()
        generator.register()
