"""Lost second factors: each recovery, and what is said in it."""

from django.db import models
from django.db.models import F, Q

from kotowari.accounts.models.members import Member
from kotowari.accounts.transitions import FACTOR_RECOVERY
from kotowari.foundation.sealed import sealed_text
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id

OPEN_STATES = ("asked", "proving", "first_approval", "cooling")


class FactorRecovery(models.Model):
    """A member who has lost every second factor asks to come in without it.

    `has_password` tells whether the right password was shown at the start, `address_proved_at` when the code came
    back from the registered address. `statement` holds, sealed, the answers to `accounts.recovery_questions`, as
    JSON. Two different members of staff have to approve; then everybody concerned is told for a while, until
    `cooling_until`, so that the true owner can stop it. `next_notice_at` is the next time they are told.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="factor_recoveries")
    state = models.CharField(max_length=20, choices=FACTOR_RECOVERY.choices(), default="asked")
    has_password = models.BooleanField()
    asked_at = models.DateTimeField(default=clock.now)
    address_proved_at = models.DateTimeField(null=True)
    statement_sealed = models.BinaryField(null=True)
    statement = sealed_text("accounts.factor_recovery.statement", column="statement_sealed")
    stated_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField()
    first_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    cooling_until = models.DateTimeField(null=True)
    next_notice_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    conclusion = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            FACTOR_RECOVERY.constraint(),
            models.UniqueConstraint(fields=["member"], condition=Q(state__in=OPEN_STATES), name="recovery_one_open"),
            models.CheckConstraint(
                condition=Q(second_by=None) | ~Q(second_by=F("first_by")), name="recovery_two_different_approve"
            ),
            models.CheckConstraint(
                condition=~Q(first_by=F("member")) & ~Q(second_by=F("member")), name="recovery_not_by_oneself"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cooling", "done"])
                | Q(first_by__isnull=False, second_by__isnull=False, cooling_until__isnull=False),
                name="recovery_cools_after_two",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="recovery_of_member"),
            models.Index(fields=["state", "due_at"], name="recovery_for_staff"),
        ]

    def __str__(self) -> str:
        return f"recovery of {self.member_id} ({self.state})"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class RecoveryWord(models.Model):
    """A question of staff, or an answer of the member, in one recovery; `by` is nobody for the member."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recovery = models.ForeignKey(FactorRecovery, on_delete=models.CASCADE, related_name="words")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    words_sealed = models.BinaryField()
    words = sealed_text("accounts.recovery_word.words", column="words_sealed")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["recovery", "id"], name="word_of_recovery")]

    def __str__(self) -> str:
        return f"word in {self.recovery_id}"
