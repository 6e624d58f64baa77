from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task
def clear_sessions() -> None:
    """Remove sign-ins that have ended; repeated it finds nothing."""
    SessionStore.clear_expired()
