"""Where a member is signed in, from which devices, and every try to come in."""

from uuid import UUID

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.crypto import salted_hmac

from kotowari.accounts.models.members import Member
from kotowari.accounts.sessions import SessionStore
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class Device(models.Model):
    """A browser, or a program, from which a member came in once (A035, A119).

    The browser keeps its id in a signed cookie. A known device has a lane of its own: wrong tries made by strangers
    elsewhere do not keep its owner out. `network` is coarse (/24 or /48); a forgotten device is a stranger again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="devices")
    label = models.CharField(max_length=100)
    network = models.CharField(max_length=50)
    first_seen_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-id"], name="device_of_member"),
            models.Index(fields=["last_seen_at"], name="device_by_last_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.label} of {self.member_id}"


class Session(AbstractBaseSession):
    """A session as Django keeps it, and whose it is: deleting the row ends it (A035)."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="sessions")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="sessions")
    remembered = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["member", "-opened_at"], name="session_of_member")]

    @property
    def public_id(self) -> UUID:
        """What names it in pages: from this the key that opens it cannot be had."""
        return UUID(bytes=salted_hmac("accounts.session", self.session_key, algorithm="sha256").digest()[:16])

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """How Django opens what the row holds."""
        return SessionStore


class SignInRecord(models.Model):
    """One try to come in, whoever it was and however it ended (A119); never changed.

    `way` is how they tried (`password`, `passkey`, …), `outcome` is `in` or the reason why not. A try with a login
    that nobody has keeps no trace of what was typed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="sign_in_records")
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="sign_in_records")
    way = models.CharField(max_length=30)
    outcome = models.CharField(max_length=40)
    label = models.CharField(max_length=100)
    network = models.CharField(max_length=50)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-id"], name="sign_in_record_of_member"),
            models.Index(fields=["at"], name="sign_in_record_by_time"),
            models.Index(
                fields=["at"],
                condition=models.Q(way="password") & ~models.Q(outcome="in"),
                name="sign_in_failure_by_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way}: {self.outcome}"
