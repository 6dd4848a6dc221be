from django.conf import settings
from django.db import models
from django.db.models import Q

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class PolicyOverride(models.Model):
    """A value that the operator set: from `effective_on` on it outweighs the preset.

    `value` is the value as JSON, null to follow the preset again. A row stays as it is once its day has come; a
    later row takes its place.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.TextField()
    value = models.JSONField(null=True)
    effective_on = models.DateField()
    reason = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "effective_on"], name="policy_one_value_a_day"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(reason=""), name="policy_key_and_reason_given"),
        ]

    def __str__(self) -> str:
        return f"{self.key} from {self.effective_on}"
