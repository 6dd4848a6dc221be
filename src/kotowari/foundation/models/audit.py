from django.db import models

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class AuditEntry(models.Model):
    """What somebody did, written in the transaction that did it; the database refuses to change it.

    No foreign keys: an entry outlives whatever it names.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=clock.now)
    kind = models.TextField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "id"]),
            models.Index(fields=["actor_id", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind} {self.subject_id}"
