"""What members say against what was decided about them."""

from django.db import models
from django.db.models import Q

from kotowari.accounts.models import Member, Restriction
from kotowari.enforcement.transitions import APPEAL
from kotowari.foundation.sealed import sealed_text
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class Appeal(models.Model):
    """A member contests a restriction, once: with a statement and evidence, decided by somebody else of staff (A127).

    Staff should decide until `due_at`; then all of them are told (`escalated_at`), and at `lapses_at` it ends. What
    the member wrote is sealed; `answer` is what staff answered, in words.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    restriction = models.OneToOneField(Restriction, on_delete=models.CASCADE, related_name="appeal")
    state = models.CharField(max_length=20, choices=APPEAL.choices(), default="open")
    statement_sealed = models.BinaryField()
    statement = sealed_text("appeal.statement", column="statement_sealed")
    evidence_sealed = models.BinaryField()
    evidence = sealed_text("appeal.evidence", column="evidence_sealed")
    made_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            APPEAL.constraint(),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "granted"]) | (Q(decided_by__isnull=False) & ~Q(answer="")),
                name="appeal_decided_with_an_answer",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="open"), name="appeal_due")]

    def __str__(self) -> str:
        return f"appeal against {self.restriction_id} ({self.state})"
