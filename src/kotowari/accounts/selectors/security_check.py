"""When members looked through their accounts, who is to be reminded of it, and what a report would be about."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from kotowari.accounts import gates
from kotowari.accounts.models import Member, Restriction, SecurityCheck, SignInRecord
from kotowari.accounts.selectors.roles import is_system
from kotowari.foundation import policy
from kotowari.foundation.actors import Actor
from kotowari.kernel import clock
from kotowari.kernel.calendar import months_later
from kotowari.kernel.gates import facts_for


def last_check(actor: Actor) -> SecurityCheck | None:
    """When a member looked through the account last, if ever."""
    return SecurityCheck.objects.filter(member_id=actor.pk).order_by("-id").first() if actor.pk else None


def hold_since(record: SignInRecord) -> Restriction | None:
    """The hold that was asked for at or after this sign-in, ended or not: it covers it."""
    rows = Restriction.objects.filter(member=record.member, cause="not_me", since__gte=record.at)
    return rows.order_by("-since").first()


def due_for_check() -> QuerySet[Member]:
    """Members who neither checked nor were reminded for as long as the policy says; nobody where it is off."""
    months = policy.value("accounts.security_check_months")
    if not months:
        return Member.objects.none()
    before = clock.end_of(months_later(clock.today(), -months))
    rows = Member.objects.filter(check_asked_at__lt=before, left_at=None, is_active=True, is_staff=False)
    return rows.order_by("check_asked_at")


@facts_for(gates.REMIND_OF_CHECK)
def check_reminder_facts(actor: Any, members: Sequence[Member]) -> list[gates.CheckReminderFacts]:
    """How long ago members were asked to check last; without a query."""
    months = policy.value("accounts.security_check_months")
    return [
        gates.CheckReminderFacts(
            is_system=is_system(actor),
            months=months,
            today=clock.today(),
            due_on=months_later(clock.tokyo(member.check_asked_at).date(), months),
            left_at=member.left_at,
        )
        for member in members
    ]
