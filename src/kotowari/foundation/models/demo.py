from django.db import models

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class DemoClock(models.Model):
    """How far the demo's clock runs ahead of the machine's; one row, and only in a demo.

    `lived_on` is the last day that the demo's people have lived by this clock; none before its past is filled.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    ahead_seconds = models.BigIntegerField(default=0)
    lived_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="demo_clock_is_one")]

    def __str__(self) -> str:
        return f"{self.ahead_seconds} s ahead"


class MailboxMessage(models.Model):
    """A mail or text message that the demo market "sent": shown at /demo/mailbox/, never leaving the machine."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.TextField(choices=[("mail", "mail"), ("sms", "sms")], default="mail")
    to = models.TextField(db_index=True)
    subject = models.TextField(blank=True)
    body = models.TextField()
    sent_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
