from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class Thread(models.Model):
    """The conversation of a client and a worker about one proposal, before and after it becomes a contract."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    proposal = models.OneToOneField("market.Proposal", on_delete=models.PROTECT, related_name="thread")
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    last_message_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(client=F("worker")), name="thread_has_two_sides")]
        indexes = [
            models.Index(fields=["client", "-last_message_at"]),
            models.Index(fields=["worker", "-last_message_at"]),
        ]

    def __str__(self) -> str:
        return f"thread of {self.proposal_id}"


class Message(models.Model):
    """One message; never changed and never removed by its readers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    sent_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="message_says_something")]
        indexes = [models.Index(fields=["thread", "id"])]

    def __str__(self) -> str:
        return f"{self.author_id} at {self.sent_at:%Y-%m-%d %H:%M}"
