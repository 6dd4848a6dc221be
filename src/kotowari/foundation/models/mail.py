from django.db import models
from django.db.models import Q

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class OutgoingMail(models.Model):
    """A mail promised in a transaction, sent after it; tried again with growing pauses until it is gone."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        GIVEN_UP = "given_up"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to = models.TextField()
    subject = models.TextField()
    body = models.TextField()
    state = models.TextField(choices=State, default=State.QUEUED)
    created_at = models.DateTimeField(default=clock.now)
    try_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["try_at"], condition=Q(state="queued"), name="mail_waiting")]

    def __str__(self) -> str:
        return f"{self.state} {self.subject}"
