from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "providers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import bench_answers, bench_dump, carrying, cutoff, jobs, recap_cells
        from .recipients import bulk

        bench_answers.register()
        bench_dump.register()
        carrying.register()
        cutoff.register()
        jobs.register_kinds()
        recap_cells.register()
        bulk.register_kind()
