from django.apps import AppConfig


class SptjmConfig(AppConfig):
    name = "sptjm"
    default_auto_field = "django.db.models.BigAutoField"
