"""What keeps a member out or from something: locks by the clock, restrictions by somebody's decision."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kotowari.accounts.models.members import Member
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class Lock(models.Model):
    """An account locked after wrong tries from devices it does not know (A015, A019).

    It ends at `until` by itself, before that by a new password, the link in the mail, or staff (A016, A017).
    `level` counts how many locks came shortly before; each makes the next one longer.
    """

    class EndedBy(models.TextChoices):
        PASSWORD = "password"  # noqa: S105 - a name of an ending
        LINK = "link"
        STAFF = "staff"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="locks")
    level = models.PositiveSmallIntegerField()
    tries = models.PositiveIntegerField()
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=20, choices=EndedBy, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["member", "-until"], name="lock_of_member")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="lock_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="lock_ended_by_something",
            ),
        ]

    def __str__(self) -> str:
        return f"lock of {self.member_id} until {self.until:%Y-%m-%d %H:%M}"


class Restriction(models.Model):
    """One limit on what a member can do: why, what, since when, until when, by whom; a freeze is the widest.

    Each cause is a row of its own, so that lifting one never lifts another. `scope` names what is stopped
    (`accounts.restrictions.SCOPES`). `explanation` holds the facts in words for the member. Every restriction has
    an end. One that was made by mistake is `overturned` and counts against nobody (A129).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="restrictions")
    cause = models.CharField(max_length=40)
    scope = ArrayField(models.CharField(max_length=30))
    explanation = models.TextField(blank=True, default="")
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_because = models.TextField(blank=True, default="")
    overturned = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["member", "-until"], name="restriction_of_member")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="restriction_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(scope=[]), name="restriction_stops_something"),
        ]

    def __str__(self) -> str:
        return f"{self.cause} on {self.member_id} until {self.until:%Y-%m-%d %H:%M}"
