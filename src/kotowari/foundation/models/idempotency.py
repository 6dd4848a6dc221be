from django.db import models

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class IdempotencyKey(models.Model):
    """One request that must have one effect, and what it came to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    actor = models.TextField()
    command = models.TextField()
    key = models.TextField()
    request_hash = models.TextField()
    result_model = models.TextField(default="", blank=True)
    result_id = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "command", "key"], name="idempotency_once"),
        ]

    def __str__(self) -> str:
        return f"{self.command} {self.key}"
