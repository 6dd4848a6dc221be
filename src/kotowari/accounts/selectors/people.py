"""Members and their tokens as a person may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kotowari.accounts.models import ApiToken, Member, SignUp
from kotowari.accounts.names import folded
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible


@dataclass(frozen=True, slots=True)
class MemberCard:
    """What everybody may know of a member: never the address, never how the account is opened.

    What members choose to show or to hide is the market's to tell (`market.selectors.public_profile`).
    """

    id: UUID
    username: str
    display_name: str
    kind: str
    is_staff: bool
    has_left: bool

    @property
    def url(self) -> str:
        return f"/members/{self.username}/"


def card_of(member: Member) -> MemberCard:
    """The public card of one member whose row is at hand."""
    return MemberCard(
        id=member.pk,
        username=member.username,
        display_name=member.display_name,
        kind=member.kind,
        is_staff=member.is_staff,
        has_left=member.left_at is not None,
    )


def cards_of(member_ids: Iterable[UUID]) -> Mapping[UUID, MemberCard]:
    """Public cards by member id, in one query; ids that are nobody's are left out."""
    wanted = set(member_ids)
    return {row.pk: card_of(row) for row in Member.objects.filter(pk__in=wanted)} if wanted else {}


def member_by_username(username: str) -> Member:
    """The member of this name, however it was typed. Raises `NotVisible`."""
    member = Member.objects.filter(username=folded(username)).first()
    if member is None:
        raise NotVisible("accounts.member", username)
    return member


def members_visible_to(actor: Actor | None) -> QuerySet[Member]:
    """The member rows, with what only the owner may know: one's own; staff and the system all of them."""
    if actor is None:
        return Member.objects.none()
    if isinstance(actor, SystemActor) or actor.is_staff:
        return Member.objects.all()
    return Member.objects.filter(pk=actor.pk) if actor.pk is not None else Member.objects.none()


def tokens_visible_to(actor: Actor | None) -> QuerySet[ApiToken]:
    """One's own tokens, newest first; nobody else's are shown to anybody."""
    if actor is None or actor.pk is None:
        return ApiToken.objects.none()
    return ApiToken.objects.filter(member_id=actor.pk).order_by("-id")


def working_tokens_of(actor: Actor | None) -> QuerySet[ApiToken]:
    """Those of one's own tokens that are neither revoked nor over."""
    return tokens_visible_to(actor).filter(revoked_at__isnull=True, expires_at__gt=clock.now())


def sign_up(sign_up_id: UUID | str) -> SignUp | None:
    """The sign-up that still waits for its code, if there is one of this id that has not lapsed."""
    try:
        identifier = UUID(str(sign_up_id))
    except ValueError:
        return None
    return SignUp.objects.filter(pk=identifier, lapses_at__gt=clock.now()).first()


@subject("accounts.member")
def _member(actor: Any, id: str) -> Member:
    member = members_visible_to(actor).filter(pk=UUID(str(id))).first()
    if member is None:
        raise NotVisible("accounts.member", id)
    return member


@subject("accounts.apitoken")
def _token(actor: Any, id: str) -> ApiToken:
    token = tokens_visible_to(actor).filter(pk=UUID(str(id))).first()
    if token is None:
        raise NotVisible("accounts.apitoken", id)
    return token


@subject("accounts.signup")
def _sign_up(actor: Any, id: str) -> SignUp:
    found = SignUp.objects.filter(pk=UUID(str(id))).first() if isinstance(actor, SystemActor) else None
    if found is None:
        raise NotVisible("accounts.signup", id)
    return found
