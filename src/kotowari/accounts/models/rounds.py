"""What is done to many members, some at a time."""

from django.db import models
from django.db.models import Q

from kotowari.accounts.models.members import Member
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class Round(models.Model):
    """One thing that is done to many members, each once: a notice, a forced reset.

    The worker takes the next members every few seconds and writes what it did and how far it is in one transaction,
    so neither a page nor the database waits for a million of them, and whoever interrupts it loses nothing. With
    `everybody` it goes through all who were members at `started_at`, up to `reached`; else through its `RoundMember`s.
    """

    class Kind(models.TextChoices):
        INCIDENT = "incident"
        FORCED_RESET = "forced_reset"
        LOGIN_CHANGE = "login_change"
        LOGIN_CHANGE_REMINDER = "login_change_reminder"
        LOGIN_CHANGE_WITHDRAWN = "login_change_withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=30, choices=Kind)
    everybody = models.BooleanField()
    started_at = models.DateTimeField(default=clock.now)
    reached = models.UUIDField(null=True)
    handled = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(done_at__isnull=True), name="round_under_way")]

    def __str__(self) -> str:
        return f"{self.kind} ({self.handled})"


class RoundMember(models.Model):
    """A member whom a round is about, and when it came to them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="chosen")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "member"], name="round_member_once")]
        indexes = [
            models.Index(fields=["round", "id"], condition=Q(done_at__isnull=True), name="round_member_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.round_id}"
