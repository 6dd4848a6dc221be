from django.db import models
from django.db.models import Q

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class OutboxEvent(models.Model):
    """Something that happened, waiting to be told to the rooms above."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.TextField()
    payload = models.JSONField()
    occurred_at = models.DateTimeField(default=clock.now)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    try_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(delivered_at__isnull=True), name="outbox_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
