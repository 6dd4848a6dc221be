"""The hits a limiter still remembers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kotowari.kernel.ids import new_id


class RateWindow(models.Model):
    """The moments of the counted hits of one key under one limit; older ones fall out at the next hit.

    `key_digest` is a keyed digest: the table names no address, network or member.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scope = models.CharField(max_length=80)
    key_digest = models.BinaryField(max_length=32)
    hits = ArrayField(models.DateTimeField())
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key_digest"], name="ratewindow_one_per_key")]

    def __str__(self) -> str:
        return f"{self.scope}: {len(self.hits)} until {self.expires_at:%Y-%m-%d %H:%M:%S}"
