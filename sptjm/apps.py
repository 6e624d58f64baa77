from django.apps import AppConfig

from vervalponsel.batches.registry import Kind, register


class SptjmConfig(AppConfig):
    name = "sptjm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .tasks import run_print, run_release

        register(Kind("print-statement", "Cetak SPTJM", run_print, "print"))
        register(Kind("release", "Pengiriman ke provider", run_release, "providers"))
