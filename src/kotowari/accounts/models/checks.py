"""Looking through one's own account."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kotowari.accounts.models.members import Member
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class SecurityCheck(models.Model):
    """A member looked through their account (A133); never changed.

    `doubtful` are the areas (`accounts.check_up.AREAS`) in which something was not theirs.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="security_checks")
    at = models.DateTimeField(default=clock.now)
    doubtful = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        indexes = [models.Index(fields=["member", "-id"], name="security_check_of_member")]

    def __str__(self) -> str:
        return f"security check of {self.member_id}"
