"""What a member shows beside the password, or instead of it: apps, passkeys, telephones, recovery codes."""

from django.db import models
from django.db.models import F, Q

from kotowari.accounts.models.members import Member
from kotowari.accounts.models.sessions import Device
from kotowari.foundation.sealed import sealed_text
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class Factor(models.Model):
    """One second factor of a member (A114); it counts from `confirmed_at` on, and not before.

    `secret` is, sealed, what an app shares with us, the telephone number, or the public key of a passkey.
    `last_step` is the newest half minute whose code was taken from the app, `sign_count` the newest number that the
    passkey counted: neither ever goes back, so nothing that was shown once works again.
    """

    class Kind(models.TextChoices):
        TOTP = "totp"
        PASSKEY = "passkey"
        SMS = "sms"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=50)
    secret_sealed = models.BinaryField()
    secret = sealed_text("accounts.factor.secret", column="secret_sealed")
    credential_id = models.BinaryField(max_length=1023, null=True, unique=True)
    sign_count = models.BigIntegerField(default=0)
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField(default=clock.now)
    setup_until = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-id"], name="factor_of_member"),
            models.Index(fields=["setup_until"], condition=Q(confirmed_at=None), name="factor_setup_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="passkey", credential_id__isnull=False) | (~Q(kind="passkey") & Q(credential_id=None)),
                name="factor_passkey_has_credential",
            ),
            models.UniqueConstraint(
                fields=["member", "kind"], condition=Q(confirmed_at=None), name="factor_one_setup_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id}"


class RecoverySheet(models.Model):
    """The recovery codes a member holds (A116); a new sheet takes the place of the old one.

    `plaintexts` is set on the row that the creating command returns, and nowhere else ever again.
    """

    plaintexts: tuple[str, ...] = ()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="recovery_sheet")
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"recovery codes of {self.member_id}"


class RecoveryCode(models.Model):
    """One recovery code, as a keyed digest; it works once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sheet = models.ForeignKey(RecoverySheet, on_delete=models.CASCADE, related_name="codes")
    digest = models.BinaryField(max_length=32, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{'used' if self.used_at else 'unused'} code of {self.sheet_id}"


class SentCode(models.Model):
    """A code that was sent to a telephone or a mailbox for one purpose; it works once, for some minutes.

    A new code for the same purpose takes the place of the one before.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sent_codes")
    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, null=True, related_name="sent_codes")
    purpose = models.CharField(max_length=30)
    digest = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "purpose", "-id"], name="sent_code_of_member"),
            models.Index(fields=["expires_at"], name="sent_code_by_end"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="sent_code_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"code for {self.purpose} of {self.member_id}"


class TextMessage(models.Model):
    """A text message promised in a transaction, handed to the operator's service after it.

    Number and words are sealed, and gone once it was sent or given up. After `until` it is not sent any more: a code
    that comes too late only confuses.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        GIVEN_UP = "given_up"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="text_messages")
    to_sealed = models.BinaryField(null=True)
    to = sealed_text("accounts.text_message.to", column="to_sealed")
    words_sealed = models.BinaryField(null=True)
    words = sealed_text("accounts.text_message.words", column="words_sealed")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    try_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    last_error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["try_at"], condition=Q(state="queued"), name="text_message_waiting")]

    def __str__(self) -> str:
        return f"text message to {self.member_id} ({self.state})"


class DeviceTrust(models.Model):
    """A device that its owner trusts for some days: there the second factor is not asked for.

    `mark` stands for the password and the factors of the day: when any of them changes, it no longer fits.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.OneToOneField(Device, on_delete=models.CASCADE, related_name="trust")
    mark = models.CharField(max_length=64)
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="device_trust_by_end")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="device_trust_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"trust in {self.device_id} until {self.until:%Y-%m-%d %H:%M}"
