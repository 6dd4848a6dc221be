"""New passwords required of many members at once."""

from django.db import models
from django.db.models import Q

from kotowari.accounts.models.members import Member
from kotowari.accounts.models.rounds import Round
from kotowari.accounts.transitions import FORCED_RESET
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text


class ForcedReset(models.Model):
    """Staff require a new password of chosen members, or of everybody (A130).

    For everybody a second member of staff approves it until `lapses_at`. The round begins when it is approved.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    everybody = models.BooleanField()
    reason_text = models.JSONField()
    state = models.CharField(max_length=20, choices=FORCED_RESET.choices())
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    lapses_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    round = models.OneToOneField(Round, on_delete=models.PROTECT, null=True, related_name="forced_reset")

    class Meta:
        constraints = [
            FORCED_RESET.constraint(),
            models.CheckConstraint(
                condition=Q(everybody=False)
                | ~Q(state="approved")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("asked_by"))),
                name="forced_reset_of_all_by_two",
            ),
        ]
        indexes = [models.Index(fields=["lapses_at"], condition=Q(state="waiting"), name="forced_reset_waiting")]

    def __str__(self) -> str:
        return f"forced reset of {'all' if self.everybody else 'some'} ({self.state})"

    @property
    def reason(self) -> Text:
        return Text.from_dict(self.reason_text)
