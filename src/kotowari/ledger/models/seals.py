"""Seals: each digests some journals and the seal before it, so that whoever alters one would have to alter all that follow."""

from django.db import models
from django.db.models import F, Q


class Seal(models.Model):
    """One link of the chain, written by `ledger_seal_next` alone and never changed.

    `digest` is SHA-256 over the digest before (32 zero bytes before the first), the number, how many journals it
    seals, and their digests in the order of their ids.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    journals = models.BigIntegerField()
    previous_number = models.BigIntegerField(null=True)
    previous_digest = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "digest"], name="ledger_seal_digest"),
            models.CheckConstraint(condition=Q(journals__gt=0), name="ledger_seal_not_empty"),
            models.CheckConstraint(
                condition=Q(number=1, previous_number__isnull=True)
                | Q(number__gt=1, previous_number__isnull=False, previous_number=F("number") - 1),
                name="ledger_seal_gapless",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {bytes(self.digest).hex()}"


class Sealed(models.Model):
    """Which seal a journal is under, and the digest of all its columns when it was sealed. Never changed."""

    journal_id = models.UUIDField(primary_key=True)
    seal_number = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.journal_id} under {self.seal_number}"
