"""Whose password is so old that the operator wants them reminded of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from kotowari.accounts import gates
from kotowari.accounts.models import Member
from kotowari.accounts.selectors.roles import is_system
from kotowari.foundation import policy
from kotowari.foundation.models import Notice
from kotowari.kernel import clock
from kotowari.kernel.calendar import months_later
from kotowari.kernel.gates import facts_for

REMINDER = "accounts.password_reminder"
"""The kind of notice that reminds; the newest one tells when somebody was reminded last."""


def due_for_reminder() -> QuerySet[Member]:
    """Members with a password as old as the policy says, who were not reminded of it since; nobody where it is off."""
    months = policy.value("accounts.password_reminder_months")
    if not months:
        return Member.objects.none()
    before = clock.end_of(months_later(clock.today(), -months))
    reminded = Notice.objects.filter(member=OuterRef("pk"), kind=REMINDER, created_at__gte=before)
    return (
        Member.objects.annotate(set_at=Coalesce("password_set_at", "joined_at"))
        .filter(~Exists(reminded), set_at__lt=before, left_at=None, is_active=True, password_void_since=None)
        .exclude(Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX))
        .order_by("set_at")
    )


@facts_for(gates.REMIND_OF_PASSWORD)
def reminder_facts(actor: Any, members: Sequence[Member]) -> list[gates.ReminderFacts]:
    """The age of passwords, counted from the last reminder of them."""
    months = policy.value("accounts.password_reminder_months")
    rows = Notice.objects.filter(member__in=members, kind=REMINDER).order_by("id")
    reminded = {row.member_id: clock.tokyo(row.created_at).date() for row in rows}
    return [
        gates.ReminderFacts(
            is_system=is_system(actor),
            months=months,
            has_password=member.has_usable_password() and bool(member.password) and not member.password_void_since,
            today=clock.today(),
            due_on=months_later(max(_set_on(member), reminded.get(member.pk, date.min)), months),
            left_at=member.left_at,
        )
        for member in members
    ]


def _set_on(member: Member) -> date:
    return clock.tokyo(member.password_set_at or member.joined_at).date()
