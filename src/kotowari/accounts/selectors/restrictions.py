"""Which locks and restrictions are in force."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kotowari.accounts.models import Lock, Restriction
from kotowari.accounts.restrictions import InForce
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible


def locks_in_force() -> QuerySet[Lock]:
    """Locks that keep somebody out now."""
    return Lock.objects.filter(until__gt=clock.now(), ended_at__isnull=True)


def locked_until(member_id: UUID) -> datetime | None:
    """The end of the lock that a member's account is under; None when it is under none."""
    return locks_in_force().filter(member_id=member_id).order_by("-until").values_list("until", flat=True).first()


def restrictions_in_force() -> QuerySet[Restriction]:
    """Restrictions that stop something now."""
    return Restriction.objects.filter(until__gt=clock.now(), lifted_at__isnull=True)


def restrictions_on(member_id: UUID, scope: str) -> list[InForce]:
    """What stops this for a member now (`accounts.restrictions.SCOPES`), the oldest first."""
    return restrictions_among([member_id], scope).get(member_id, [])


def restrictions_among(member_ids: Iterable[UUID], scope: str) -> Mapping[UUID, list[InForce]]:
    """What stops this for each of many members now, in one query; members whom nothing stops are left out."""
    found: dict[UUID, list[InForce]] = {}
    rows = restrictions_in_force().filter(member_id__in=list(member_ids), scope__contains=[scope])
    for row in rows.order_by("since"):
        found.setdefault(row.member_id, []).append(as_in_force(row))
    return found


def as_in_force(row: Restriction) -> InForce:
    """The row as gates read it."""
    return InForce(id=row.pk, cause=row.cause, since=row.since, until=row.until, explanation=row.explanation)


def locks_visible_to(actor: Actor | None) -> QuerySet[Lock]:
    """One's own locks, the newest first; staff and the system see all."""
    if actor is None:
        return Lock.objects.none()
    rows = Lock.objects.select_related("member").order_by("-id")
    if isinstance(actor, SystemActor) or actor.is_staff:
        return rows
    return rows.filter(member_id=actor.pk) if actor.pk is not None else rows.none()


@subject("accounts.lock")
def _lock(actor: Any, id: str) -> Lock:
    row = locks_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("accounts.lock", id)
    return row


def restrictions_visible_to(actor: Actor | None) -> QuerySet[Restriction]:
    """One's own restrictions, the newest first; staff and the system see all."""
    if actor is None:
        return Restriction.objects.none()
    rows = Restriction.objects.select_related("member").order_by("-id")
    if isinstance(actor, SystemActor) or actor.is_staff:
        return rows
    return rows.filter(member_id=actor.pk) if actor.pk is not None else rows.none()


@subject("accounts.restriction")
def _restriction(actor: Any, id: str) -> Restriction:
    row = restrictions_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("accounts.restriction", id)
    return row
