"""Where and how a member is paid."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kotowari.foundation.sealed import sealed_text
from kotowari.kernel import clock
from kotowari.kernel.bank_accounts import PAYEE_KINDS
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text

METHODS = ["standard", "threshold", "carry_over", "quick"]

ACCOUNT_KINDS = [(int(kind), kind.label.en) for kind in PAYEE_KINDS]


class Destination(models.Model):
    """A bank account as a bulk transfer names it. Names are kept as they were when it was registered.

    The two `kana` are half-width, as in the bank's file.
    """

    bank_code = models.CharField(max_length=4)
    bank_name = models.CharField(max_length=50)
    bank_kana = models.CharField(max_length=15, blank=True)
    branch_code = models.CharField(max_length=3)
    branch_name = models.CharField(max_length=50)
    branch_kana = models.CharField(max_length=15, blank=True)
    account_kind = models.PositiveSmallIntegerField(choices=ACCOUNT_KINDS)

    class Meta:
        abstract = True


class BankAccount(Destination):
    """Where a member is paid (口座). One is active; earlier ones stay, with the time until which they were used.

    `fault_code` and `fault_text` say why the bank would not, or did not, take a transfer to it: nothing is sent
    there until the member has put it right by registering it anew.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bank_accounts")
    number_sealed = models.BinaryField()
    number_index = models.BinaryField(max_length=32)
    number = sealed_text("bank_account.number", column="number_sealed", index="number_index")
    holder_sealed = models.BinaryField()
    holder_kana = sealed_text("bank_account.holder_kana", column="holder_sealed")
    registered_at = models.DateTimeField(default=clock.now)
    replaced_at = models.DateTimeField(null=True)
    fault_code = models.TextField(default="", blank=True)
    fault_text = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(replaced_at__isnull=True), name="bank_account_one_active"
            ),
            models.CheckConstraint(condition=Q(bank_code__regex=r"^[0-9]{4}$"), name="bank_account_bank_digits"),
            models.CheckConstraint(condition=Q(branch_code__regex=r"^[0-9]{3}$"), name="bank_account_branch_digits"),
            models.CheckConstraint(
                condition=Q(account_kind__in=[int(kind) for kind in PAYEE_KINDS]), name="bank_account_kind_payable"
            ),
            models.CheckConstraint(
                condition=Q(fault_code="", fault_text__isnull=True) | ~Q(fault_code="") & Q(fault_text__isnull=False),
                name="bank_account_fault_has_words",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="bank_account_of_member"),
            models.Index(fields=["number_index"], name="bank_account_by_number"),
        ]

    def __str__(self) -> str:
        return f"bank account {self.id}"

    @property
    def fault(self) -> Text | None:
        """What is wrong with it, in words."""
        return Text.from_dict(self.fault_text) if self.fault_text else None


class PayoutMethod(models.Model):
    """The one method by which a member's rewards are paid out, if the member has chosen (A045)."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="payout_method"
    )
    method = models.TextField(choices=[(name, name) for name in METHODS])
    chosen_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(method__in=METHODS), name="payout_method_known"),
        ]

    def __str__(self) -> str:
        return f"{self.method} of {self.member_id}"
