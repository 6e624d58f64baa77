from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "vervalponsel.desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the Celery application the current one wherever tasks are rung for."""
        import vervalponsel.celery  # noqa: F401
