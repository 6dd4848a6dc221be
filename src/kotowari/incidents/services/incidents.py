"""The record of an incident: begun, written on, over, closed, made public."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from kotowari.accounts.models import Member
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.incidents import entries, gates
from kotowari.incidents.events import IncidentEnded, IncidentOpened
from kotowari.incidents.kinds import FUNCTIONS, KINDS, SEVERITIES, STOPPING
from kotowari.incidents.models import Incident, IncidentUpdate
from kotowari.incidents.transitions import INCIDENT
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

TITLE_MAX = 120
WORDS_MAX = 4_000
MINUTES_MAX = 4_320
"""Nobody is left without word for longer than three days."""
Problems = dict[str, list[Text]]


@command(gates.OPEN)
def open_incident(
    *,
    actor: Member,
    kind: str,
    severity: str,
    functions: Sequence[str],
    title: Text,
    words: Text,
    started_at: datetime,
    is_public: bool,
    next_minutes: int,
) -> Incident:
    """Begin the record; in `next_minutes` there is further word. An outage is public whatever is said.

    Raises `InputError`, `Refused`.
    """
    require(gates.OPEN, actor)
    problems = {**_title_problems(title), **words_problems(words), **_minutes_problems(next_minutes)}
    if kind not in KINDS or severity not in SEVERITIES:
        problems["kind"] = [Text("種類と大きさを選んでください。", "Choose a kind and how bad it is.")]
    if not functions or set(functions) - set(FUNCTIONS):
        problems["functions"] = [Text("影響のある機能を選んでください。", "Choose the functions it is about.")]
    problems.update(_start_problems(started_at))
    if problems:
        raise InputError(problems)
    row = Incident(
        kind=kind,
        severity=severity,
        functions=sorted(set(functions)),
        is_public=is_public or kind == "outage",
        title_text=title.as_dict(),
        started_at=started_at,
        opened_by=actor,
    )
    _promise(row, next_minutes)
    row.save(force_insert=True)
    say(row, words, actor)
    audit.record(actor=actor, kind=entries.OPENED, subject=row, what=KINDS[kind])
    outbox.emit(
        IncidentOpened(incident_id=row.pk, kind=kind, started_at=started_at, stops_deadlines=stops_deadlines(row))
    )
    return row


@command(gates.UPDATE)
def add_update(*, actor: Member, incident_id: UUID, words: Text, next_minutes: int) -> Incident:
    """Further word, and when there is more. Raises `InputError`, `Refused`, `NotVisible`."""
    row = lock(Incident, incident_id)
    require(gates.UPDATE, actor, row)
    _raise({**words_problems(words), **_minutes_problems(next_minutes)})
    _promise(row, next_minutes)
    row.save(update_fields=["update_due_at", "remind_at", "lapses_at"])
    say(row, words, actor)
    audit.record(actor=actor, kind=entries.UPDATED, subject=row)
    return row


@command(gates.RECOVER)
def recover_incident(*, actor: Member, incident_id: UUID, words: Text, ended_at: datetime | None = None) -> Incident:
    """It is over since `ended_at` (now) and is watched from here on. Raises `InputError`, `Refused`, `NotVisible`."""
    row = lock(Incident, incident_id)
    require(gates.RECOVER, actor, row)
    now = clock.now()
    ended = ended_at or now
    problems = words_problems(words)
    if not row.started_at <= ended <= now:
        problems["ended_at"] = [
            Text("始まった時からいままでの時刻を入れてください。", "Give a moment between its beginning and now.")
        ]
    _raise(problems)
    end(row, "recover", ended)
    row.closes_at = now + timedelta(hours=policy.value("incidents.watch_hours"))
    row.save(update_fields=["state", "ended_at", "closes_at"])
    say(row, words, actor)
    audit.record(actor=actor, kind=entries.RECOVERED, subject=row)
    return row


@command(gates.CLOSE)
def close_incident(*, actor: Member, incident_id: UUID, words: Text) -> Incident:
    """It was watched long enough. Raises `InputError`, `Refused`, `NotVisible`."""
    row = lock(Incident, incident_id)
    require(gates.CLOSE, actor, row)
    _raise(words_problems(words))
    row.state = INCIDENT.require(row.state, "close")
    row.save(update_fields=["state"])
    say(row, words, actor)
    audit.record(actor=actor, kind=entries.CLOSED, subject=row)
    return row


@command(gates.PUBLISH)
def publish_incident(*, actor: Member, incident_id: UUID) -> Incident:
    """Let everybody read it, with its whole timeline. Raises `Refused`, `NotVisible`."""
    row = lock(Incident, incident_id)
    require(gates.PUBLISH, actor, row)
    row.is_public = True
    row.save(update_fields=["is_public"])
    audit.record(actor=actor, kind=entries.PUBLISHED, subject=row)
    return row


def say(row: Incident, words: Text, by: Actor | None) -> None:
    """Put words on the timeline, with the state it has now. Called inside a command."""
    member = by if isinstance(by, Member) else None
    IncidentUpdate.objects.create(incident=row, state=row.state, words_text=words.as_dict(), by=member)


def end(row: Incident, event: str, ended_at: datetime) -> None:
    """Move it out of `open`, without saving; the rooms above learn of it. Called inside a command."""
    row.state, row.ended_at = INCIDENT.require(row.state, event), ended_at
    outbox.emit(
        IncidentEnded(
            incident_id=row.pk,
            kind=row.kind,
            started_at=row.started_at,
            ended_at=ended_at,
            stops_deadlines=stops_deadlines(row),
        )
    )


def stops_deadlines(row: Incident) -> bool:
    """Whether nobody can keep a date while it lasts (A040)."""
    return row.kind == "outage" and bool(set(row.functions) & set(STOPPING))


def words_problems(words: Text, field: str = "words", most: int = WORDS_MAX) -> Problems:
    """What is wrong with words in two languages, by the fields `words_ja` and `words_en`."""
    found: Problems = {}
    for code in ("ja", "en"):
        given = words.ja if code == "ja" else words.en
        if not given.strip():
            found[f"{field}_{code}"] = [
                Text("読む人に伝える言葉を書いてください。", "Write the words for its readers.")
            ]
        elif len(given) > most:
            found[f"{field}_{code}"] = [
                Text("{max}文字までです。", "At most {max} characters.").format(max=f"{most:,}")
            ]
    return found


def _title_problems(title: Text) -> Problems:
    return words_problems(title, "title", TITLE_MAX)


def _minutes_problems(minutes: int) -> Problems:
    if 5 <= minutes <= MINUTES_MAX:
        return {}
    text = Text("5分から{max}分(3日)までで入れてください。", "Between 5 and {max} minutes (3 days).")
    return {"next_minutes": [text.format(max=f"{MINUTES_MAX:,}")]}


def _start_problems(started_at: datetime) -> Problems:
    days = policy.value("incidents.history_days")
    now = clock.now()
    if now - timedelta(days=days) <= started_at <= now:
        return {}
    text = Text("いまから{days}日前までの時刻を入れてください。", "Give a moment in the last {days} days.")
    return {"started_at": [text.format(days=days)]}


def _promise(row: Incident, minutes: int) -> None:
    now = clock.now()
    row.update_due_at = row.remind_at = now + timedelta(minutes=minutes)
    row.lapses_at = max(row.update_due_at, now + timedelta(days=policy.value("incidents.lapse_days")))


def _raise(problems: Problems) -> None:
    if problems:
        raise InputError(problems)
