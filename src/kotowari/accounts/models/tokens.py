"""Keys of programs."""

from datetime import datetime

from django.db import models

from kotowari.accounts.models.members import Member
from kotowari.accounts.models.sessions import Device
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class ApiToken(models.Model):
    """A personal access token for programs; only its digest is kept, so it is shown once.

    `plaintext` is set on the row that the creating command returns, and nowhere else ever again. `device` is the one
    from which a program signed in for it by password: it ends with the sessions. A token that was made in the
    settings has none.
    """

    plaintext: str | None = None

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="api_tokens")
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="api_tokens")
    name = models.CharField(max_length=50)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["member", "-id"])]

    @property
    def via(self) -> str:
        """`sign_in` where a program signed in by password for it, `token` where it was made in the settings."""
        return "token" if self.device_id is None else "sign_in"

    @property
    def proved_at(self) -> datetime | None:
        """When its program showed password and second factor for it; None for a token made in the settings."""
        return None if self.device_id is None else self.created_at

    def __str__(self) -> str:
        return f"{self.name} of {self.member_id}"
