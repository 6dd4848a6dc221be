"""Names that members went by before."""

from django.db import models
from django.db.models import F, Q

from kotowari.accounts.models.members import Member
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class FormerUsername(models.Model):
    """A username that a member gave up (A095): its address leads on to the new one.

    Until `kept_until` nobody else can take it, so that nobody passes for the one who had it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="former_usernames")
    username = models.CharField(max_length=20)
    given_up_at = models.DateTimeField(default=clock.now)
    kept_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kept_until__gte=F("given_up_at")), name="former_username_kept_later")
        ]
        indexes = [
            models.Index(fields=["username", "-id"], name="former_username_by_name"),
            models.Index(fields=["member", "-id"], name="former_username_of_member"),
        ]

    def __str__(self) -> str:
        return self.username
