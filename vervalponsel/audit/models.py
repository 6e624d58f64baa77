from django.conf import settings
from django.db import models

from .querysets import EventQuerySet


class Event(models.Model):
    """Something a person or the system did. Append-only: the database refuses to change or remove one."""

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey("accounts.Assignment", null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=160)
    scope_code = models.CharField(max_length=8, blank=True)
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=40)
    target_id = models.CharField(max_length=40)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    batch_id = models.BigIntegerField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["target_type", "target_id", "id"], name="event_by_target")]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}"
