"""How Django and allauth ask whether a password is right and who a session belongs to."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Case, Exists, OuterRef, When
from django.http import HttpRequest

from kotowari.accounts.credentials import owner_of
from kotowari.accounts.models import Factor, Member


class MemberBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """One lookup and one hash per question; allauth's own would hash once per way of looking up."""

    def authenticate(self, _request: HttpRequest | None, **credentials: Any) -> Member | None:
        login = credentials.get("email") or credentials.get("username") or ""
        owner = owner_of(login, credentials.get("password") or "")
        return owner if isinstance(owner, Member) and owner.is_active else None

    def get_user(self, user_id: UUID) -> Member | None:
        """The member of a session, unless the account was left or closed meanwhile; staff with `holds_factor`."""
        factors = Factor.objects.filter(member=OuterRef("pk"), confirmed_at__isnull=False)
        rows = Member.objects.annotate(holds=Case(When(is_staff=True, then=Exists(factors)), default=None))
        found = rows.filter(pk=user_id, is_active=True, left_at__isnull=True).first()
        if found is not None:
            found.holds_factor = found.holds
        return found
