"""What happens to incidents when their time has come: no open one is forgotten, none stays for ever."""

from datetime import timedelta
from uuid import UUID

from kotowari.accounts.services import tell_staff
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.incidents import entries, gates, notices
from kotowari.incidents.models import Incident
from kotowari.incidents.services.incidents import end, say
from kotowari.incidents.transitions import INCIDENT
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

NO_WORD = Text(
    "続報のないまま長く過ぎたため、終わったものとして記録しました。まだ続いているときは、お問い合わせからお知らせください。",
    "Nothing was written for a long time, so this counts as over. If it still goes on, please tell us.",
)
NOTHING_SINCE = Text("復旧のあと、問題は起きていません。解決済みにします。", "Nothing happened since; this is closed.")


@command(gates.REMIND_STAFF)
def remind_staff(*, actor: Actor, incident_id: UUID) -> Incident:
    """Tell all of staff that promised word is missing; again and again until there is some.

    Raises `Refused`, `NotVisible`.
    """
    row = lock(Incident, incident_id)
    require(gates.REMIND_STAFF, actor, row)
    row.remind_at = clock.now() + timedelta(minutes=policy.value("incidents.remind_minutes"))
    row.save(update_fields=["remind_at"])
    title, body = notices.word_due(row)
    told = tell_staff(kind="incidents.word_due", title=title, body=body, url=f"/console/incidents/{row.pk}/")
    audit.record(actor=actor, kind=entries.REMINDED, subject=row, told=told)
    return row


@command(gates.LAPSE)
def lapse_incident(*, actor: Actor, incident_id: UUID) -> Incident:
    """End what nobody wrote about any more. Raises `Refused`, `NotVisible`."""
    row = lock(Incident, incident_id)
    require(gates.LAPSE, actor, row)
    end(row, "lapse", clock.now())
    row.save(update_fields=["state", "ended_at"])
    say(row, NO_WORD, None)
    audit.record(actor=actor, kind=entries.LAPSED, subject=row)
    return row


@command(gates.CLOSE_BY_TIME)
def close_by_time(*, actor: Actor, incident_id: UUID) -> Incident:
    """Close what was watched and stayed quiet. Raises `Refused`, `NotVisible`."""
    row = lock(Incident, incident_id)
    require(gates.CLOSE_BY_TIME, actor, row)
    row.state = INCIDENT.require(row.state, "close_by_time")
    row.save(update_fields=["state"])
    say(row, NOTHING_SINCE, None)
    audit.record(actor=actor, kind=entries.CLOSED, subject=row)
    return row
