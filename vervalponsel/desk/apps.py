from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "vervalponsel.desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the Celery application the current one wherever tasks are rung for, and join what the parts tell."""
        import vervalponsel.celery  # noqa: F401
        from providers.recipients.rows import register_statement_facts

        from .statement_facts import statement_facts

        register_statement_facts(statement_facts)
