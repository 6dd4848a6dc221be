"""登録番号: told by members, each from a day on."""

from datetime import date, timedelta

from kotowari.accounts.models import Member
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.papers import entries, events
from kotowari.papers.gates import REGISTER
from kotowari.papers.models import TaxRegistration
from kotowari.papers.registration import read_number

SYSTEM_BEGAN_ON = date(2023, 10, 1)
AHEAD_DAYS = 366


@command(REGISTER)
def set_registration(*, actor: Actor, number: str, name: str, effective_on: date) -> TaxRegistration:
    """Tell the number and the registered name, from a day on. Papers of dealings from that day on carry them.

    Raises `InputError` for a number that cannot be (for individuals a check digit that does not fit is only noted).
    """
    member = _locked(actor)
    wrong: dict[str, list[Text]] = {}
    digits, fits = "", False
    try:
        digits, fits = read_number(number, is_company=member.kind == Member.Kind.COMPANY)
    except InputError as error:
        wrong |= error.fields
    told = " ".join(name.split())
    if not told or len(told) > 100:
        wrong["name"] = [
            Text(
                "公表サイトに載っている名前を、100文字以内で入力してください。",
                "Give the name as the tax agency's site shows it, in up to 100 letters.",
            )
        ]
    wrong |= _wrong_day(effective_on)
    if wrong:
        raise InputError(wrong)
    row = TaxRegistration.objects.create(
        member=member, number=digits, name=told, effective_on=effective_on, check_digit_fits=fits
    )
    audit.record(
        actor=actor, kind=entries.REGISTRATION_SET, subject=row, number=digits, effective_on=effective_on.isoformat()
    )
    emit(events.RegistrationSet(member_id=member.pk, number=digits, effective_on=effective_on))
    return row


@command(REGISTER)
def end_registration(*, actor: Actor, effective_on: date) -> TaxRegistration:
    """Tell that the registration ends: from that day on no paper carries a number. Raises `InputError` for the day."""
    member = _locked(actor)
    wrong = _wrong_day(effective_on)
    if wrong:
        raise InputError(wrong)
    row = TaxRegistration.objects.create(member=member, effective_on=effective_on, check_digit_fits=False)
    audit.record(actor=actor, kind=entries.REGISTRATION_ENDED, subject=row, effective_on=effective_on.isoformat())
    emit(events.RegistrationSet(member_id=member.pk, number="", effective_on=effective_on))
    return row


def _locked(actor: Actor) -> Member:
    require(REGISTER, actor)
    assert actor.pk is not None, "the gate asks for a member"
    return lock(Member, actor.pk)


def _wrong_day(day: date) -> dict[str, list[Text]]:
    latest = clock.today() + timedelta(days=AHEAD_DAYS)
    if SYSTEM_BEGAN_ON <= day <= latest:
        return {}
    words = Text(
        "2023-10-01(制度の始まり)から{latest}までの日付にしてください。",
        "Give a day from 2023-10-01, when the system began, to {latest}.",
    )
    return {"effective_on": [words.format(latest=latest.isoformat())]}
