"""How often something failed in a row, and until when it has to wait."""

from django.db import models

from kotowari.kernel.ids import new_id


class Backoff(models.Model):
    """Tries of one key that were not followed by a success, and the end of the wait they brought.

    `key_digest` is a keyed digest: the table names no address, network or member.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scope = models.CharField(max_length=80)
    key_digest = models.BinaryField(max_length=32)
    tries = models.PositiveIntegerField()
    wait_until = models.DateTimeField(null=True)
    forget_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key_digest"], name="backoff_one_per_key")]
        indexes = [models.Index(fields=["forget_at"], name="backoff_forgotten")]

    def __str__(self) -> str:
        return f"{self.scope}: {self.tries} in a row"
