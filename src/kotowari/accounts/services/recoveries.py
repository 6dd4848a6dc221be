"""Recovering a lost second factor: what its owner and staff do. What the clock does is in `recovery_by_clock`."""

import json
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from kotowari.accounts import credentials, entries, factor_words, gates, names, recovery_words
from kotowari.accounts.events import RecoveryAsked, WhyAsked
from kotowari.accounts.models import FactorRecovery, Member, RecoveryWord
from kotowari.accounts.recovery_questions import ANSWER_MAX, QUESTIONS
from kotowari.accounts.selectors.recoveries import open_recovery_of
from kotowari.accounts.selectors.standing import has_factor
from kotowari.accounts.services.diagnosis import check_login
from kotowari.accounts.services.recovery_by_clock import begin_cooling, close, locked_recovery
from kotowari.accounts.services.sent_codes import RECOVERY, make_code, take_code
from kotowari.accounts.services.staff import tell_staff
from kotowari.accounts.telling import tell_everywhere
from kotowari.accounts.transitions import FACTOR_RECOVERY
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import calendar, clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import explain, require
from kotowari.kernel.text import Language, Text

WORDS_MAX = 2_000


@command(gates.ASK_RECOVERY)
def ask_recovery(*, actor: Actor, login: str, language: Language = "ja") -> None:
    """Have the link from which a recovery begins mailed to the registered address of this login.

    Nothing is looked up here, so neither time nor traces tell whether there is such an account.
    Raises `InputError` for what is no login.
    """
    require(gates.ASK_RECOVERY, actor)
    check_login(login)
    outbox.emit(RecoveryAsked(login=names.folded(login), language=language))
    audit.record(actor=actor, kind=entries.RECOVERY_ASKED, subject=None)


@outbox.on(RecoveryAsked)
def answer_asked(asked: RecoveryAsked) -> None:
    """Write to the registered address: the link to begin, or to go on; or that there is nothing to recover; or why
    nothing opens at all."""
    member = credentials.member_of(asked.login)
    attempt = gates.Attempt(way="mail")
    if member is None or not explain(gates.SIGN_IN, member, attempt).allowed:
        outbox.emit(WhyAsked(login=asked.login, language=asked.language))
        return
    to = asked.login if "@" in asked.login else member.email
    under_way = open_recovery_of(member.pk)
    if under_way is not None:
        under_way.member = member
        recovery_words.send_case_link(under_way, to=to)
    elif has_factor(member.pk):
        recovery_words.send_start_link(member, to=to)
    else:
        recovery_words.send_no_factor(member, to=to)


@command(gates.START_RECOVERY)
def start_recovery(*, actor: Member, has_password: bool) -> FactorRecovery:
    """Begin to recover: for whoever showed the password, or opened the link in the registered mail.

    That link proves the address; after a password the address is proved by a code. The owner is told everywhere,
    with a link that stops it. Whether the account can be entered at all is asked before (`require_entry`).
    Raises `Refused`.
    """
    member = lock(Member, actor.pk)
    require(gates.START_RECOVERY, member)
    now = clock.now()
    row = FactorRecovery.objects.create(
        member=member,
        has_password=has_password,
        asked_at=now,
        address_proved_at=None if has_password else now,
        lapses_at=now + timedelta(days=policy.value("accounts.recovery_statement_days")),
    )
    title, body = recovery_words.begun()
    tell_everywhere(member, kind="accounts.recovery", title=title, body=body, url=recovery_words.cancel_path(row))
    if has_password:
        _send_code(row)
    else:
        recovery_words.send_case_link(row, to=member.email)
    audit.record(actor=member, kind=entries.RECOVERY_STARTED, subject=row, by="password" if has_password else "mail")
    return row


@command(gates.SEND_RECOVERY_CODE)
def send_recovery_code(*, actor: Member, recovery_id: UUID) -> FactorRecovery:
    """Mail a fresh code; the one before is void. Raises `Refused`, `NotVisible`."""
    row = locked_recovery(recovery_id)
    require(gates.SEND_RECOVERY_CODE, actor, row)
    _send_code(row)
    audit.record(actor=actor, kind=entries.RECOVERY_CODE_SENT, subject=row)
    return row


@command(gates.STATE_RECOVERY)
def state_recovery(*, actor: Member, recovery_id: UUID, answers: Mapping[str, str], code: str = "") -> FactorRecovery:
    """Hand in what its owner knows (`recovery_questions`), and the code from the mail where the address needs it.

    Then it is with staff. Tries at the code are counted where this is called from. Raises `InputError`, `Refused`.
    """
    row = locked_recovery(recovery_id)
    require(gates.STATE_RECOVERY, actor, row)
    kept = _answers(answers)
    now = clock.now()
    if row.address_proved_at is None:
        if take_code(row.member, RECOVERY, code) is None:
            raise InputError({"code": [factor_words.WRONG_CODE]})
        row.address_proved_at = now
    row.state = FACTOR_RECOVERY.require(row.state, "state")
    row.statement, row.stated_at = json.dumps(kept, ensure_ascii=False), now
    days = policy.value("accounts.recovery_review_bank_days")
    row.due_at = clock.end_of(calendar.add_bank_days(clock.today(), days))
    row.lapses_at = now + timedelta(days=policy.value("accounts.recovery_lapse_days"))
    row.save()
    title, body = recovery_words.waits_for_staff()
    tell_staff(kind="accounts.recovery_waits", title=title, body=body, url=f"/console/recoveries/{row.pk}/")
    audit.record(actor=actor, kind=entries.RECOVERY_STATED, subject=row)
    return row


@command(gates.ASK_IN_RECOVERY)
def ask_in_recovery(*, actor: Member, recovery_id: UUID, words: str) -> RecoveryWord:
    """Staff ask the member something; it waits for the answer. Raises `InputError`, `Refused`, `NotVisible`."""
    row = locked_recovery(recovery_id)
    require(gates.ASK_IN_RECOVERY, actor, row)
    said = _say(row, actor, words)
    title, body = recovery_words.question_waits()
    tell_everywhere(row.member, kind="accounts.recovery", title=title, body=body, url=recovery_words.case_path(row))
    audit.record(actor=actor, kind=entries.RECOVERY_WORD, subject=row)
    return said


@command(gates.ANSWER_RECOVERY)
def answer_recovery(*, actor: Member, recovery_id: UUID, words: str) -> RecoveryWord:
    """The member's answer. Raises `InputError`, `Refused`, `NotVisible`."""
    row = locked_recovery(recovery_id)
    require(gates.ANSWER_RECOVERY, actor, row)
    said = _say(row, None, words)
    audit.record(actor=actor, kind=entries.RECOVERY_WORD, subject=row)
    return said


@command(gates.APPROVE_RECOVERY)
def approve_recovery(*, actor: Member, recovery_id: UUID) -> FactorRecovery:
    """Take it for the owner's: the second, another of staff than the first, begins the cooling-off.

    Raises `Refused`, `NotVisible`.
    """
    row = locked_recovery(recovery_id)
    require(gates.APPROVE_RECOVERY, actor, row)
    now, is_first = clock.now(), row.state == "proving"
    row.state = FACTOR_RECOVERY.require(row.state, "approve")
    if is_first:
        row.first_by, row.first_at = actor, now
    else:
        row.second_by, row.second_at, row.due_at = actor, now, None
        begin_cooling(row)
    row.save()
    audit.record(actor=actor, kind=entries.RECOVERY_APPROVED, subject=row, number=1 if is_first else 2)
    return row


@command(gates.REFUSE_RECOVERY)
def refuse_recovery(*, actor: Member, recovery_id: UUID, because: str) -> FactorRecovery:
    """Do not take it for the owner's; the member reads why. Raises `InputError`, `Refused`, `NotVisible`."""
    row = locked_recovery(recovery_id)
    require(gates.REFUSE_RECOVERY, actor, row)
    words = _words(because, "because")
    row.conclusion = words
    return close(row, "refuse", by=actor, told=recovery_words.refused(words))


@command(gates.CANCEL_RECOVERY)
def cancel_recovery(*, actor: Actor, recovery_id: UUID, because: str = "") -> FactorRecovery:
    """Stop it: the owner, by the link in any notice or signed in; or the market, for one of
    `recovery_words.CANCELLED_BECAUSE`. Raises `Refused`, `NotVisible`."""
    row = locked_recovery(recovery_id)
    require(gates.CANCEL_RECOVERY, actor, row)
    return close(row, "cancel", by=actor, told=recovery_words.CANCELLED_BECAUSE[because])


def cancel_by_factor(member: Member) -> None:
    """Whoever signs in with a second factor has not lost it. Called inside the command that lets them in."""
    row = open_recovery_of(member.pk)
    if row is not None:
        cancel_recovery(actor=member, recovery_id=row.pk)


def _send_code(row: FactorRecovery) -> None:
    code, _ = make_code(row.member, RECOVERY)
    recovery_words.send_code(row, code=code, minutes=policy.value("accounts.sent_code_minutes"))


def _say(row: FactorRecovery, by: Member | None, words: str) -> RecoveryWord:
    said = RecoveryWord(recovery=row, by=by)
    said.words = _words(words, "words")
    said.save(force_insert=True)
    return said


def _answers(given: Mapping[str, str]) -> dict[str, str]:
    kept = {question.key: given.get(question.key, "").strip() for question in QUESTIONS}
    problems = {
        question.key: [Text("入力してください。", "Please fill this in.")]
        for question in QUESTIONS
        if question.required and not kept[question.key]
    }
    too_long = Text("{max}文字以内で入力してください。", "Use at most {max} characters.").format(max=f"{ANSWER_MAX:,}")
    problems |= {key: [too_long] for key, words in kept.items() if len(words) > ANSWER_MAX}
    if problems:
        raise InputError(problems)
    return kept


def _words(typed: str, field: str) -> str:
    words = typed.strip()
    if not words or len(words) > WORDS_MAX:
        raise InputError(
            {
                field: [
                    Text("{max}文字以内で書いてください。", "Write at most {max} characters.").format(
                        max=f"{WORDS_MAX:,}"
                    )
                ]
            }
        )
    return words
