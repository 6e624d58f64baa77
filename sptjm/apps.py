from django.apps import AppConfig

from vervalponsel.batches.registry import Kind, register, register_chunks


class SptjmConfig(AppConfig):
    name = "sptjm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .actions.releasing import ORDER, RELEASE
        from .tasks import order_chunk, run_print, run_release

        register(Kind("print-statement", "Cetak SPTJM", run_print, "print"))
        register(Kind(RELEASE, "Pengiriman ke provider", run_release, "providers"))
        register_chunks(RELEASE, ORDER, order_chunk)
