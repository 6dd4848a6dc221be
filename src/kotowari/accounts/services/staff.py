"""Who works for the operator."""

from uuid import UUID

from kotowari.accounts import entries, gates
from kotowari.accounts.events import StaffAppointed
from kotowari.accounts.models import Member
from kotowari.foundation import audit, outbox
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.notices import notify, notify_many
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text


@command(gates.APPOINT_STAFF)
def appoint_staff(*, actor: Actor, member_id: UUID) -> Member:
    """Make a member staff: by staff, or by whoever has the server's command line. Raises `Refused`, `NotVisible`."""
    member = lock(Member, member_id)
    require(gates.APPOINT_STAFF, actor, member)
    member.is_staff = True
    member.save(update_fields=["is_staff"])
    notify(
        member_id=member.pk,
        kind="accounts.staff_appointed",
        title=Text("運営の担当者になりました", "You are staff now"),
        body=Text(
            "運営の画面を開けるようになりました。そこで行うことは、すべて記録に残ります。",
            "The operator's console is open to you. Everything done there is recorded.",
        ),
        url="/console/",
    )
    audit.record(actor=actor, kind=entries.STAFF_APPOINTED, subject=member)
    outbox.emit(StaffAppointed(member_id=member.pk))
    return member


def tell_staff(*, kind: str, title: Text, body: Text, url: str) -> int:
    """A notice to everybody of staff, by mail too; returns to how many. Called inside a command."""
    there = Member.objects.filter(is_staff=True, is_active=True, left_at__isnull=True)
    return notify_many(member_ids=list(there.values_list("pk", flat=True)), kind=kind, title=title, body=body, url=url)
