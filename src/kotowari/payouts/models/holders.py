"""Looking at whether a bank account is its owner's although its holder is written otherwise."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kotowari.foundation.sealed import sealed_text
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.payouts.models.accounts import BankAccount
from kotowari.payouts.transitions import HOLDER_REVIEW


class HolderReview(models.Model):
    """Staff's look at one account whose holder is not simply the registered name (名義の確認, A153).

    `finding` is how the two differ; staff should decide until `due_at` and are reminded daily from then on; at
    `lapses_at` the clock decides what they did not (P020), and `decided_by` stays empty. `reason` is what they answered;
    `approved_at` stays when account or name change, so that the same account under the same name needs no second look. A
    refusal can be contested once, in words that are sealed; then somebody else of staff decides.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="holder_reviews")
    finding = models.TextField(choices=[("differs", "differs"), ("trade_name", "trade_name")])
    state = models.CharField(max_length=20, choices=HOLDER_REVIEW.choices(), default="open")
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    reminded_on = models.DateField(null=True)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")
    statement_sealed = models.BinaryField(null=True)
    statement = sealed_text("holder_review.statement", column="statement_sealed")

    class Meta:
        constraints = [
            HOLDER_REVIEW.constraint(),
            models.UniqueConstraint(
                fields=["account"], condition=~Q(state="overtaken"), name="holder_review_one_of_an_account"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused", "upheld"])
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")
                | Q(
                    decided_by__isnull=True,
                    decided_at__isnull=False,
                    decided_at__gte=F("lapses_at"),
                    reason="",
                    state__in=["approved", "refused"],
                ),
                name="holder_review_decided_with_words",
            ),
            models.CheckConstraint(condition=Q(lapses_at__gt=F("due_at")), name="holder_review_staff_come_first"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["open", "contested"]), name="holder_review_due"),
            models.Index(
                fields=["lapses_at"], condition=Q(state__in=["open", "contested"]), name="holder_review_lapse"
            ),
        ]

    def __str__(self) -> str:
        return f"holder of {self.account_id} ({self.state})"
