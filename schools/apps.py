from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "schools"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import jobs
        from .cutoff import bench, files, steps

        jobs.register_kinds()
        files.register()
        steps.register()
        bench.register()
