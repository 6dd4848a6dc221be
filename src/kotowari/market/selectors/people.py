"""Members as others see them: the one place that knows what each of them keeps to themselves (A106, A111)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from kotowari.accounts.models import Member
from kotowari.accounts.selectors import last_here
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.market import menus
from kotowari.market.models import Profile
from kotowari.market.presence import away_in_words, last_here_in_words

SEARCHED = ("work_offered", "introduction", "skills")
"""The parts of a profile in which members are found by words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicProfile:
    """A member as everybody else sees them. What is hidden is not in it: no page or call can show it by mistake.

    `parts` are those that are written and shown, in their order. `last_here` is coarse, and None unless its owner
    shows it.
    """

    member_id: UUID
    parts: Mapping[str, str]
    skills: Sequence[str]
    joined_at: datetime | None
    shows_works_done: bool
    last_here: Text | None
    away: Text | None


def public_profiles(members: Iterable[Member]) -> dict[UUID, PublicProfile]:
    """The public side of members whose rows are at hand: two queries for any number."""
    rows = {member.pk: member for member in members}
    profiles = {profile.member_id: profile for profile in Profile.objects.filter(member_id__in=rows)}
    showing = [pk for pk, profile in profiles.items() if profile.shows_last_login]
    seen = last_here(showing) if showing else {}
    now = clock.now()
    return {
        pk: _public(member, profiles.get(pk) or Profile(member=member), last_here_in_words(seen.get(pk), now))
        for pk, member in rows.items()
    }


def public_profile(member: Member) -> PublicProfile:
    """One member as everybody else sees them."""
    return public_profiles([member])[member.pk]


def members_found(words: str) -> QuerySet[Member]:
    """Members who wrote something of themselves, and in what they show of it every word is found."""
    written = ~Q(profile__skills=[])
    for part in menus.PROFILE_PARTS:
        written |= ~Q(**{f"profile__{part}": ""})
    rows = Member.objects.filter(written, is_staff=False, left_at__isnull=True, is_active=True, profile__isnull=False)
    for word in words.split():
        found = Q(display_name__icontains=word) | Q(username__icontains=word)
        for part in SEARCHED:
            found |= Q(**{f"profile__{part}__icontains": word}) & ~Q(profile__hidden__contains=[part])
        rows = rows.filter(found)
    return rows


def away_among(member_ids: Iterable[UUID]) -> dict[UUID, Text]:
    """Those of some members who are away, with until when: one query."""
    today = clock.today()
    rows = Profile.objects.filter(member_id__in=set(member_ids), away_until__gte=today)
    return {pk: away_in_words(until, today) for pk, until in rows.values_list("member_id", "away_until") if until}


def _public(member: Member, profile: Profile, last: Text | None) -> PublicProfile:
    hidden = frozenset(profile.hidden)
    return PublicProfile(
        member_id=member.pk,
        parts={
            part: getattr(profile, part)
            for part in menus.PROFILE_PARTS
            if part not in hidden and getattr(profile, part)
        },
        skills=() if "skills" in hidden else tuple(profile.skills),
        joined_at=None if "joined_at" in hidden else member.joined_at,
        shows_works_done="works_done" not in hidden,
        last_here=last,
        away=_away(profile.away_until),
    )


def _away(until: date | None) -> Text | None:
    today = clock.today()
    return away_in_words(until, today) if until is not None and until >= today else None
