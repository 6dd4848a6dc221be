"""People: members, those who are about to be, and what they agreed to."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class MemberManager(BaseUserManager["Member"]):
    def create_user(self, username: str, email: str, password: str | None = None, **fields: Any) -> "Member":
        """A new member; without a password nobody can sign in with one."""
        member = self.model(username=username.lower(), email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(username__iexact=username)


class Member(AbstractBaseUser):
    """A person or company with an account; may be client and worker at once (A183).

    `username` is the operator's handle and part of the profile's address (A093); `display_name` is what
    others see and is free to change (A094). Staff members run the market and take no work in it.
    Since `password_void_since` the password opens nothing any more: a new one has to be set through the mail.
    `check_asked_at` is when they last looked through their account, or were invited to: first, when they joined.
    """

    proved_at: datetime | None = None
    """When whoever acts last proved to be this member; set on the row of a signed-in request, never stored here."""
    via: str = ""
    """Through what they come: a browser (empty) or a key (`ApiToken.via`); set and never stored like `proved_at`."""
    holds_factor: bool | None = None
    """Whether somebody of staff holds a second factor, read along with the row of a session; None where nobody asked."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual"
        COMPANY = "company"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=20, unique=True)
    display_name = models.CharField(max_length=50)
    email = models.EmailField(max_length=254)
    kind = models.TextField(choices=Kind, default=Kind.INDIVIDUAL)
    language = models.CharField(max_length=2, choices=[("ja", "日本語"), ("en", "English")], default="ja")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True)
    password_set_at = models.DateTimeField(null=True)
    password_void_since = models.DateTimeField(null=True)
    check_asked_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="member_email_once"),
            models.CheckConstraint(condition=Q(username__regex=r"^[a-z][a-z0-9_]{2,19}$"), name="member_username_form"),
            models.CheckConstraint(condition=~Q(display_name=""), name="member_display_name_given"),
        ]
        indexes = [models.Index(fields=["check_asked_at"], name="member_by_check_asked")]

    def __str__(self) -> str:
        return self.display_name


class SignUp(models.Model):
    """A sign-up that waits for its address to be proved (仮登録); it becomes a member or lapses, and is then gone.

    It reserves neither the name nor the address: whoever proves an address first has it, so nobody can keep a
    stranger's address busy, and a name that is still free tells nothing about who has an account (A010).
    With a `provider` it was begun through an external account, and no password opens what it becomes (A028).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=20)
    display_name = models.CharField(max_length=50)
    email = models.EmailField(max_length=254)
    password = models.CharField(max_length=128)
    kind = models.TextField(choices=Member.Kind, default=Member.Kind.INDIVIDUAL)
    language = models.CharField(max_length=2, choices=[("ja", "日本語"), ("en", "English")], default="ja")
    consents = models.JSONField(default=dict)
    code_digest = models.CharField(max_length=64)
    code_expires_at = models.DateTimeField()
    codes_sent = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField(default=clock.now)
    lapses_at = models.DateTimeField()
    provider = models.CharField(max_length=40, blank=True, default="")
    provider_subject = models.CharField(max_length=191, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(provider="", provider_subject="") | (~Q(provider="") & ~Q(provider_subject="")),
                name="signup_provider_with_subject",
            )
        ]
        indexes = [
            models.Index(fields=["email", "-id"], name="signup_by_email"),
            models.Index(fields=["username", "-id"], name="signup_by_username"),
            models.Index(fields=["lapses_at"], name="signup_by_lapse"),
        ]

    def __str__(self) -> str:
        return f"sign-up {self.id}"


class Consent(models.Model):
    """What a member agreed to, in which wording and when; a new wording is a new row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=30)
    version = models.CharField(max_length=20)
    agreed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "version"], name="consent_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version} of {self.member_id}"
