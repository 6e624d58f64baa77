"""The Celery application: background work of all parts, one queue per kind of waiting person."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vervalponsel.settings")

app = Celery("vervalponsel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
