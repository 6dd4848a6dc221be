"""One's own sessions, devices and tries to come in: nobody else's are shown to anybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from kotowari.accounts import gates
from kotowari.accounts.callers import label_in_words, network_in_words
from kotowari.accounts.models import Device, Member, Session, SignInRecord
from kotowari.accounts.selectors.people import working_tokens_of
from kotowari.foundation.actors import Actor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session that is open, as its owner and the gates read it. The key that opens it stays in `row`."""

    pk: UUID
    """What names it in pages and answers."""
    label: Text
    network: Text
    opened_at: datetime
    last_used_at: datetime
    is_remembered: bool
    is_this: bool
    row: Session


def sessions_visible_to(actor: Actor | None) -> QuerySet[Session]:
    """One's own open sessions, the one used last first. They end by the machine's clock, as they are kept."""
    if actor is None or actor.pk is None:
        return Session.objects.none()
    rows = Session.objects.filter(member_id=actor.pk, expire_date__gt=clock.machine_now())
    return rows.select_related("device").order_by("-last_used_at", "-opened_at")


def open_sessions(actor: Actor | None, present_key: str | None) -> list[OpenSession]:
    """One's own open sessions in words, the present one first: one query."""
    found = [
        OpenSession(
            pk=row.public_id,
            label=label_in_words(row.device.label if row.device else ""),
            network=network_in_words(row.device.network if row.device else ""),
            opened_at=row.opened_at,
            last_used_at=row.last_used_at,
            is_remembered=row.remembered,
            is_this=row.session_key == present_key,
            row=row,
        )
        for row in sessions_visible_to(actor)
    ]
    return sorted(found, key=lambda each: not each.is_this)


def devices_visible_to(actor: Actor | None) -> QuerySet[Device]:
    """One's own devices that the account still knows, the one seen last first."""
    if actor is None or actor.pk is None:
        return Device.objects.none()
    return Device.objects.filter(member_id=actor.pk, forgotten_at__isnull=True).order_by("-last_seen_at")


def last_here(member_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When members were last here, by sign-in or by a session in use: one query. Who may know, the caller decides."""
    rows = Member.objects.filter(pk__in=list(member_ids)).annotate(used_at=Max("sessions__last_used_at"))
    found = rows.values_list("pk", "last_login", "used_at")
    return {pk: max(moments) for pk, *both in found if (moments := [moment for moment in both if moment])}


def records_visible_to(actor: Actor | None) -> QuerySet[SignInRecord]:
    """Every try to open one's own account, the newest first."""
    if actor is None or actor.pk is None:
        return SignInRecord.objects.none()
    return SignInRecord.objects.filter(member_id=actor.pk).order_by("-id")


@subject("accounts.session")
def my_session(actor: Any, id: str) -> OpenSession:
    """One's own open session by the name it has in pages. Raises `NotVisible`."""
    wanted = UUID(str(id))
    for each in open_sessions(actor, None):
        if each.pk == wanted:
            return each
    raise NotVisible("accounts.session", id)


@subject("accounts.device")
def my_device(actor: Any, id: str) -> Device:
    """One's own device, forgotten or not. Raises `NotVisible`."""
    rows = Device.objects.filter(member=actor) if isinstance(actor, Member) else Device.objects.none()
    row = rows.filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("accounts.device", id)
    return row


@facts_for(gates.END_SESSION, gates.END_ALL_SESSIONS)
def session_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.OwnFacts]:
    """About oneself; without a query."""
    return [gates.OwnFacts(signed_in=isinstance(actor, Member)) for _ in subjects]


@facts_for(gates.END_OTHER_SESSIONS)
def sessions_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.SessionsFacts]:
    """How many sessions one has open; a program that signed in counts as one."""
    count = 0
    if isinstance(actor, Member):
        count = sessions_visible_to(actor).count() + working_tokens_of(actor).filter(device__isnull=False).count()
    return [gates.SessionsFacts(signed_in=isinstance(actor, Member), sessions=count) for _ in subjects]


@facts_for(gates.FORGET_DEVICE)
def device_facts(actor: Any, devices: Sequence[Device]) -> list[gates.DeviceFacts]:
    """One's own devices; without a query."""
    signed_in = isinstance(actor, Member)
    return [gates.DeviceFacts(signed_in=signed_in, forgotten_at=device.forgotten_at) for device in devices]
