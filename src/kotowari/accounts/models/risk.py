"""What staff should look at because somebody's account may be in danger."""

from django.db import models
from django.db.models import Q

from kotowari.accounts.models.members import Member
from kotowari.accounts.transitions import RISK_CASE
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class RiskCase(models.Model):
    """A matter in the staff's risk queue (A019): `kind` says which (`accounts.risks.KINDS`).

    Staff should look at it until `due_at`; then all of them are told (`escalated_at`), and at `lapses_at` it ends
    unlooked at. Of one kind there is one open case for a member at a time (or for the market, without a member); what comes
    meanwhile is counted on it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="risk_cases")
    state = models.CharField(max_length=20, choices=RISK_CASE.choices(), default="open")
    happened = models.PositiveIntegerField(default=1)
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    conclusion = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            RISK_CASE.constraint(),
            models.UniqueConstraint(
                fields=["kind", "member"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="risk_case_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="risk_case_due"),
            models.Index(fields=["member", "-id"], name="risk_case_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
