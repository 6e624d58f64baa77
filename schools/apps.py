from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "schools"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import jobs
        from .cutoff import bench, files, indexes, steps

        jobs.register_kinds()
        files.register()
        steps.register()
        indexes.register()
        bench.register()
