"""Appeals: made by the member under a restriction, decided by somebody else of staff, ended by the clock (A127)."""

from datetime import datetime
from uuid import UUID

from kotowari.accounts import services as accounts
from kotowari.accounts.models import Member, Restriction
from kotowari.accounts.services import tell_staff
from kotowari.enforcement import entries, gates, notices
from kotowari.enforcement.events import AppealEnded, AppealMade
from kotowari.enforcement.models import Appeal
from kotowari.enforcement.transitions import APPEAL
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import calendar, clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Language, Text

WORDS_MAX = 5_000
ANSWER_MAX = 2_000


@command(gates.MAKE_APPEAL)
def make_appeal(*, actor: Member, restriction_id: UUID, statement: str, evidence: str = "") -> Appeal:
    """Contest a restriction. `actor` is the member under it, signed in or known by the key of the mail.

    Raises `InputError`, `Refused`, `NotVisible`.
    """
    restriction = lock(Restriction, restriction_id, "member")
    require(gates.MAKE_APPEAL, actor, restriction)
    _check(statement, evidence)
    days, factor = policy.value("enforcement.appeal_bank_days"), policy.value("enforcement.appeal_lapse_factor")
    row = Appeal(
        id=new_id(),
        restriction=restriction,
        due_at=_after(days),
        lapses_at=_after(days * factor),
    )
    row.statement, row.evidence = statement.strip(), evidence.strip()
    row.save(force_insert=True)
    title, body = notices.received(row)
    notices.tell_member(row, "enforcement.appeal_received", title, body)
    audit.record(actor=actor, kind=entries.APPEALED, subject=restriction.member, cause=restriction.cause)
    outbox.emit(AppealMade(member_id=restriction.member_id, appeal_id=row.pk))
    return row


@command(gates.UPHOLD_APPEAL)
def uphold_appeal(*, actor: Member, appeal_id: UUID, answer: str) -> Appeal:
    """Let the decision stand, with the reasons. Raises `InputError`, `Refused`, `NotVisible`."""
    row = _locked(appeal_id)
    require(gates.UPHOLD_APPEAL, actor, row)
    _decide(row, "uphold", actor, answer)
    title, body = notices.upheld(row)
    notices.tell_member(row, "enforcement.appeal_upheld", title, body)
    audit.record(actor=actor, kind=entries.UPHELD, subject=row.restriction.member, cause=row.restriction.cause)
    return row


@command(gates.GRANT_APPEAL)
def grant_appeal(*, actor: Member, appeal_id: UUID, answer: str) -> Appeal:
    """The restriction was a mistake: it is withdrawn and counts against nobody (A129).

    Raises `InputError`, `Refused`, `NotVisible`.
    """
    row = _locked(appeal_id)
    require(gates.GRANT_APPEAL, actor, row)
    _decide(row, "grant", actor, answer)
    accounts.overturn(actor=actor, restriction_id=row.restriction_id, because=row.answer)
    title, body = notices.granted(row)
    notices.tell_member(row, "enforcement.appeal_granted", title, body)
    audit.record(actor=actor, kind=entries.GRANTED, subject=row.restriction.member, cause=row.restriction.cause)
    return row


@command(gates.ESCALATE_APPEAL)
def escalate_appeal(*, actor: Actor, appeal_id: UUID) -> Appeal:
    """Tell all of staff that an appeal was not decided in time. Raises `Refused`, `NotVisible`."""
    row = lock(Appeal, appeal_id)
    require(gates.ESCALATE_APPEAL, actor, row)
    row.escalated_at = clock.now()
    row.save(update_fields=["escalated_at"])
    title, body = notices.due(row.lapses_at)
    told = tell_staff(kind="enforcement.appeal_due", title=title, body=body, url=f"/console/appeals/{row.pk}/")
    audit.record(actor=actor, kind=entries.ESCALATED, subject=row, told=told)
    return row


@command(gates.LAPSE_APPEAL)
def lapse_appeal(*, actor: Actor, appeal_id: UUID) -> Appeal:
    """End an appeal that nobody decided; the operator's silence does not hold against the member, where policy says so.

    Raises `Refused`, `NotVisible`.
    """
    row = _locked(appeal_id)
    require(gates.LAPSE_APPEAL, actor, row)
    row.state, row.decided_at = APPEAL.require(row.state, "lapse"), clock.now()
    row.save(update_fields=["state", "decided_at"])
    restriction = row.restriction
    lifted = restriction.lifted_at is None and restriction.until > clock.now()
    lifted = lifted and policy.value("enforcement.appeal_lapse_lifts")
    if lifted:
        language: Language = "en" if restriction.member.language == "en" else "ja"
        accounts.lift(actor=SYSTEM, restriction_id=restriction.pk, because=_LATE.in_language(language))
    title, body = notices.lapsed(row, lifted=lifted)
    notices.tell_member(row, "enforcement.appeal_lapsed", title, body)
    audit.record(actor=actor, kind=entries.LAPSED, subject=restriction.member, lifted=lifted)
    outbox.emit(AppealEnded(member_id=restriction.member_id, appeal_id=row.pk, state=row.state))
    return row


_LATE = Text("異議申立てを期限までに決められなかったため。", "The appeal was not decided in time.")


def _locked(appeal_id: UUID) -> Appeal:
    return lock(Appeal, appeal_id, "restriction__member", "restriction__made_by")


def _decide(row: Appeal, event: str, actor: Member, answer: str) -> None:
    words = answer.strip()
    if not words or len(words) > ANSWER_MAX:
        raise InputError(
            {
                "answer": [
                    Text(
                        "どの事実をどう確かめ、なぜそう決めたのかを、{max}文字以内で書いてください。",
                        "Write down which facts were looked at, how, and why you decide so, in at most {max} characters.",
                    ).format(max=f"{ANSWER_MAX:,}")
                ]
            }
        )
    row.state = APPEAL.require(row.state, event)
    row.decided_at, row.decided_by, row.answer = clock.now(), actor, words
    row.save(update_fields=["state", "decided_at", "decided_by", "answer"])
    outbox.emit(AppealEnded(member_id=row.restriction.member_id, appeal_id=row.pk, state=row.state))


def _check(statement: str, evidence: str) -> None:
    problems: dict[str, list[Text]] = {}
    if not statement.strip():
        problems["statement"] = [
            Text("事実と違うところや、事情を書いてください。", "Please write what is not so, or how it came about.")
        ]
    for name, words in (("statement", statement), ("evidence", evidence)):
        if len(words.strip()) > WORDS_MAX:
            problems[name] = [Text("{max}文字までです。", "At most {max} characters.").format(max=f"{WORDS_MAX:,}")]
    if problems:
        raise InputError(problems)


def _after(bank_days: int) -> datetime:
    return clock.end_of(calendar.add_bank_days(clock.today(), bank_days))
