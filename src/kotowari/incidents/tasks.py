"""What happens to incidents and announced changes by the clock."""

from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.incidents.models import Incident, LoginChange
from kotowari.incidents.services import (
    close_by_time,
    complete_login_change,
    lapse_incident,
    remind_of_login_change,
    remind_staff,
)
from kotowari.kernel import clock
from kotowari.kernel.text import Text

BATCH = 200


@deadline("incidents.word_due", Text("障害・事故の続報の期限", "Time for further word of an incident"))
def remind_of_incidents() -> int:
    """Tell all of staff where promised word is missing; what is about to lapse is left to that."""
    now = clock.now()
    late = Incident.objects.filter(state="open", remind_at__lte=now, lapses_at__gt=now).order_by("remind_at")
    ids = list(late.values_list("id", flat=True)[:BATCH])
    return handle("incidents.word_due", ids, lambda id: remind_staff(actor=SYSTEM, incident_id=id))


@deadline("incidents.lapse", Text("続報のない障害・事故の終了", "End of an incident without further word"))
def lapse_incidents() -> int:
    """End what nobody wrote about any more."""
    over = Incident.objects.filter(state="open", lapses_at__lte=clock.now()).order_by("lapses_at")
    ids = list(over.values_list("id", flat=True)[:BATCH])
    return handle("incidents.lapse", ids, lambda id: lapse_incident(actor=SYSTEM, incident_id=id))


@deadline("incidents.close", Text("経過をみる期間の終わり", "End of watching an incident"))
def close_incidents() -> int:
    """Close what was watched and stayed quiet."""
    over = Incident.objects.filter(state="watching", closes_at__lte=clock.now()).order_by("closes_at")
    ids = list(over.values_list("id", flat=True)[:BATCH])
    return handle("incidents.close", ids, lambda id: close_by_time(actor=SYSTEM, incident_id=id))


@deadline(
    "incidents.login_change_reminder", Text("ログイン方法の変更の再度のお知らせ", "Reminder of a change of signing in")
)
def remind_of_login_changes() -> int:
    """Tell the users of a way in once more, shortly before it changes."""
    today = clock.today()
    near = LoginChange.objects.filter(state="announced", reminded_at__isnull=True, remind_on__lte=today)
    ids = list(near.filter(over_on__gt=today).order_by("remind_on").values_list("id", flat=True)[:BATCH])
    return handle("incidents.login_change_reminder", ids, lambda id: remind_of_login_change(actor=SYSTEM, change_id=id))


@deadline("incidents.login_change_complete", Text("ログイン方法の変更の実施", "A change of signing in is complete"))
def complete_login_changes() -> int:
    """Changes whose day has come."""
    over = LoginChange.objects.filter(state="announced", over_on__lte=clock.today()).order_by("over_on")
    ids = list(over.values_list("id", flat=True)[:BATCH])
    return handle("incidents.login_change_complete", ids, lambda id: complete_login_change(actor=SYSTEM, change_id=id))
