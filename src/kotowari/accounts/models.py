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
    """

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

    def __str__(self) -> str:
        return self.display_name


class ApiToken(models.Model):
    """A personal access token for programs; only its digest is kept, so it is shown once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=50)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["member", "-id"])]

    def __str__(self) -> str:
        return f"{self.name} of {self.member_id}"
