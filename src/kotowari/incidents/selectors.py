"""Incidents as somebody may see them, and the facts that gates ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.db.models import Count, Prefetch, Q, QuerySet

from kotowari.accounts.gates import By
from kotowari.accounts.models import Factor, Member
from kotowari.accounts.selectors import is_system
from kotowari.accounts.selectors.roles import as_whom
from kotowari.foundation import policy
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.incidents import gates
from kotowari.incidents.kinds import FUNCTIONS, STOPPING
from kotowari.incidents.models import AffectedMember, Incident, IncidentUpdate, LoginChange
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for
from kotowari.kernel.text import Text

CHANGES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` (inclusive) to `end` (exclusive); without an end it goes on."""

    start: datetime
    end: datetime | None


def outages_since(moment: datetime) -> list[Span]:
    """The spans in which the whole site was down, of those that went on after `moment`: while they last, nobody can keep
    a date (A040, A185).

    Oldest first, none touching another; the first may begin before `moment`. One query.
    """
    rows = Incident.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=moment), kind="outage")
    spans = rows.filter(functions__overlap=list(STOPPING)).order_by("started_at").values_list("started_at", "ended_at")
    return merged([Span(start, end) for start, end in spans if end is None or end > start])


def merged(spans: list[Span]) -> list[Span]:
    """Spans in the order of their starts, with those that overlap or touch made one. Pure."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if last is None or (last.end is not None and last.end < span.start):
            found.append(span)
        elif last.end is not None:
            found[-1] = Span(last.start, None if span.end is None else max(last.end, span.end))
    return found


@dataclass(frozen=True, slots=True)
class FunctionNow:
    """One function of the market, and the worst public incident that it has now, if any."""

    name: str
    title: Text
    incident: Incident | None


def public_incidents() -> QuerySet[Incident]:
    """What everybody may read, with its timeline, the newest word first; the newest incident first: two queries."""
    words = Prefetch("updates", queryset=IncidentUpdate.objects.order_by("-id"))
    return Incident.objects.filter(is_public=True).order_by("-started_at", "-id").prefetch_related(words)


def going_on() -> QuerySet[Incident]:
    """Public incidents that are open or being watched: what the banner tells of."""
    return Incident.objects.filter(is_public=True, state__in=["open", "watching"]).order_by("-state", "-started_at")


def past_incidents() -> QuerySet[Incident]:
    """Public incidents that ended in the days that the status page lists."""
    since = clock.now() - timedelta(days=policy.value("incidents.history_days"))
    return public_incidents().filter(state__in=["closed", "lapsed"], ended_at__gte=since)


def functions_now(current: Sequence[Incident]) -> list[FunctionNow]:
    """Every function with the incident that it has now, of those given; one of the whole site is everybody's. Pure."""
    rank = {"critical": 0, "major": 1, "minor": 2}
    broken = sorted((row for row in current if row.state == "open"), key=lambda row: rank[row.severity])
    return [
        FunctionNow(
            name,
            function.title,
            next((row for row in broken if name in row.functions or "site" in row.functions), None),
        )
        for name, function in FUNCTIONS.items()
    ]


def touching(member: Member) -> list[AffectedMember]:
    """The incidents that touch a member and of which they were told, the newest first: one query."""
    rows = AffectedMember.objects.filter(member=member, told_at__isnull=False).select_related("incident")
    return list(rows.order_by("-id")[:CHANGES_SHOWN])


def opening_words(row: Incident) -> Text:
    """What was said when the record began: what happened."""
    return row.updates.order_by("id")[0].words


def incidents_visible_to(actor: Actor | None) -> QuerySet[Incident]:
    """Every incident with its counts, the newest first; for staff and the system only."""
    if actor is None or not (isinstance(actor, SystemActor) or actor.is_staff):
        return Incident.objects.none()
    rows = Incident.objects.select_related("opened_by", "told_by", "round", "reset")
    return rows.annotate(
        named=Count("affected"), told=Count("affected", filter=Q(affected__told_at__isnull=False))
    ).order_by("-id")


def login_changes() -> QuerySet[LoginChange]:
    """Announced changes of signing in, past and to come, the latest first: anybody may read them (A118)."""
    return LoginChange.objects.order_by("-over_on", "-id")


def coming_changes() -> list[LoginChange]:
    """Those to come, the soonest first."""
    return list(LoginChange.objects.filter(state="announced").order_by("over_on", "id"))


def changes_touching(member: Member) -> list[LoginChange]:
    """Those to come of a way in that the member uses: at most three queries."""
    found = coming_changes()
    if not found:
        return []
    kinds = set(Factor.objects.filter(member=member, confirmed_at__isnull=False).values_list("kind", flat=True))
    providers = set(SocialAccount.objects.filter(user=member).values_list("provider", flat=True))

    def uses(row: LoginChange) -> bool:
        if row.method == "external":
            return row.provider in providers if row.provider else bool(providers)
        return row.method in kinds or row.method in ("all", "password", "mail_link")

    return [row for row in found if uses(row)]


def users_of(method: str, provider: str = "") -> list[UUID]:
    """The members who use a way in that not everybody uses (`incidents.methods.OF_SOME`)."""
    there = Member.objects.filter(is_active=True, left_at__isnull=True)
    if method == "external":
        accounts = SocialAccount.objects.filter(provider=provider) if provider else SocialAccount.objects.all()
        there = there.filter(pk__in=accounts.values("user"))
    else:
        there = there.filter(pk__in=Factor.objects.filter(kind=method, confirmed_at__isnull=False).values("member"))
    return list(there.order_by("pk").values_list("pk", flat=True))


@facts_for(gates.OPEN, gates.ANNOUNCE_CHANGE)
def staff_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.StaffFacts]:
    """Who acts; without a query."""
    return [gates.StaffFacts(by=as_whom(actor, None)) for _ in subjects]


@facts_for(gates.UPDATE, gates.RECOVER, gates.CLOSE, gates.PUBLISH)
def incident_facts(actor: Any, rows: Sequence[Incident]) -> list[gates.IncidentFacts]:
    """Incidents as they stand; without a query."""
    by = as_whom(actor, None)
    return [gates.IncidentFacts(by=by, state=row.state, is_public=row.is_public, ended_at=row.ended_at) for row in rows]


@facts_for(gates.NAME_AFFECTED, gates.TELL_AFFECTED, gates.RESET_AFFECTED)
def affected_facts(actor: Any, rows: Sequence[Incident]) -> list[gates.AffectedFacts]:
    """How many members each touches and how many of them were not told: one query."""
    counts = (
        AffectedMember.objects.filter(incident__in=rows)
        .values_list("incident")
        .annotate(named=Count("id"), untold=Count("id", filter=Q(told_at__isnull=True)))
    )
    found: Mapping[UUID, tuple[int, int]] = {id: (named, untold) for id, named, untold in counts}
    return [_affected(as_whom(actor, None), row, *found.get(row.pk, (0, 0))) for row in rows]


def _affected(by: By, row: Incident, named: int, untold: int) -> gates.AffectedFacts:
    if row.affects_everybody:
        begun = row.round is not None and row.round.everybody
        named, untold = 1, int(not begun)
    return gates.AffectedFacts(
        by=by,
        named=named,
        untold=untold,
        is_everybody=row.affects_everybody,
        is_under_way=row.round is not None and row.round.done_at is None,
        reset_at=row.reset.asked_at if row.reset is not None and row.reset.state in ("waiting", "approved") else None,
    )


@facts_for(gates.REMIND_STAFF)
def remind_facts(actor: Any, rows: Sequence[Incident]) -> list[gates.ClockFacts]:
    """Incidents and when word of them is asked for; without a query."""
    return [_clock(actor, row, row.remind_at) for row in rows]


@facts_for(gates.LAPSE)
def lapse_facts(actor: Any, rows: Sequence[Incident]) -> list[gates.ClockFacts]:
    """Incidents and when they end without further word; without a query."""
    return [_clock(actor, row, row.lapses_at) for row in rows]


@facts_for(gates.CLOSE_BY_TIME)
def close_facts(actor: Any, rows: Sequence[Incident]) -> list[gates.ClockFacts]:
    """Incidents and when they were watched long enough; without a query."""
    return [_clock(actor, row, row.closes_at or row.lapses_at) for row in rows]


def _clock(actor: Any, row: Incident, due_at: datetime) -> gates.ClockFacts:
    return gates.ClockFacts(is_system=is_system(actor), state=row.state, now=clock.now(), due_at=due_at)


@facts_for(gates.WITHDRAW_CHANGE)
def change_facts(actor: Any, rows: Sequence[LoginChange]) -> list[gates.ChangeFacts]:
    """Announced changes; without a query."""
    return [gates.ChangeFacts(by=as_whom(actor, None), state=row.state) for row in rows]


@facts_for(gates.REMIND_OF_CHANGE)
def change_reminder_facts(actor: Any, rows: Sequence[LoginChange]) -> list[gates.ChangeClockFacts]:
    """Announced changes and when their users are reminded; without a query."""
    return [_change_clock(actor, row, row.remind_on) for row in rows]


@facts_for(gates.COMPLETE_CHANGE)
def change_complete_facts(actor: Any, rows: Sequence[LoginChange]) -> list[gates.ChangeClockFacts]:
    """Announced changes and their day; without a query."""
    return [_change_clock(actor, row, row.over_on) for row in rows]


def _change_clock(actor: Any, row: LoginChange, due_on: date) -> gates.ChangeClockFacts:
    return gates.ChangeClockFacts(
        is_system=is_system(actor),
        state=row.state,
        today=clock.today(),
        due_on=due_on,
        reminded_at=row.reminded_at,
    )


@subject("incidents.incident")
def _incident(actor: Any, id: str) -> Incident:
    row = incidents_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("incidents.incident", id)
    return row


@subject("incidents.loginchange")
def _change(actor: Any, id: str) -> LoginChange:
    may = is_system(actor) or getattr(actor, "is_staff", False)
    row = login_changes().filter(pk=UUID(str(id))).first() if may else None
    if row is None:
        raise NotVisible("incidents.loginchange", id)
    return row
