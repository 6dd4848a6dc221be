"""The real names of members (本名・法人名), as they will be verified."""

from django.db import models
from django.db.models import Q

from kotowari.accounts.models.members import Member
from kotowari.accounts.registered_names import REASONS
from kotowari.foundation.sealed import sealed_text
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class RegisteredName(models.Model):
    """What a member is called outside the market: written form and kana, sealed; a sole trader's 屋号 beside them.

    Rows are added and never changed (a trigger); the latest counts. `kind` is what the member was then; `reason` says
    why there is another row: `first`, or a code of `REASONS`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="registered_names")
    kind = models.TextField(choices=Member.Kind)
    name_sealed = models.BinaryField()
    name = sealed_text("registered_name.name", column="name_sealed")
    kana_sealed = models.BinaryField()
    kana = sealed_text("registered_name.kana", column="kana_sealed")
    trade_name_sealed = models.BinaryField(null=True)
    trade_name = sealed_text("registered_name.trade_name", column="trade_name_sealed")
    trade_kana_sealed = models.BinaryField(null=True)
    trade_kana = sealed_text("registered_name.trade_kana", column="trade_kana_sealed")
    reason = models.CharField(max_length=20, choices=[(code, words.en) for code, words in REASONS.items()])
    registered_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=list(REASONS)), name="registered_name_reason_known"),
            models.CheckConstraint(
                condition=Q(trade_name_sealed__isnull=True, trade_kana_sealed__isnull=True)
                | Q(trade_name_sealed__isnull=False, trade_kana_sealed__isnull=False, kind="individual"),
                name="registered_name_trade_name_of_a_person",
            ),
        ]
        indexes = [models.Index(fields=["member", "-id"], name="registered_name_of_member")]

    def __str__(self) -> str:
        return f"registered name {self.id}"
