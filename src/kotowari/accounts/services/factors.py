"""A member's second factors: adding, renaming, removing them, and the recovery codes beside them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from kotowari.accounts import entries, factor_words, gates, names, passkeys, phones, recovery_codes
from kotowari.accounts import one_time_codes as totp
from kotowari.accounts.events import FactorsChanged
from kotowari.accounts.models import Factor, Member, RecoveryCode, RecoverySheet
from kotowari.accounts.selectors.standing import has_factor
from kotowari.accounts.services.own import locked
from kotowari.accounts.services.sent_codes import SETUP, take_code
from kotowari.accounts.telling import tell_everywhere
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError, NotVisible
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

NAME_MAX = 50


@command(gates.ADD_FACTOR)
def begin_app(*, actor: Actor, name: str = "") -> Factor:
    """Begin to add an authenticator app: the row holds the secret for it, and counts only once it is confirmed.

    One begun before and left unfinished is gone. Raises `InputError`, `Refused`.
    """
    member = locked(actor)
    require(gates.ADD_FACTOR, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    return _begin(member, Factor.Kind.TOTP, _named(name, factor_words.KINDS["totp"]), totp.new_secret())


@command(gates.ADD_TELEPHONE)
def begin_telephone(*, actor: Actor, number: str, name: str = "") -> Factor:
    """Begin to add a telephone number, as it was typed; a code sent there is to confirm it.

    Raises `InputError` for what is no Japanese mobile number, `Refused`.
    """
    member = locked(actor)
    require(gates.ADD_TELEPHONE, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    plain = phones.normalised(number)
    if problems := phones.problems(plain):
        raise InputError({"number": problems})
    return _begin(member, Factor.Kind.SMS, _named(name, Text(phones.masked(plain), phones.masked(plain))), plain)


@command(gates.CONFIRM_FACTOR)
def confirm_factor(*, actor: Actor, factor_id: UUID, code: str) -> Factor:
    """Finish adding an app or a telephone with a code of it. Raises `InputError` for a wrong code, `Refused`.

    Tries are counted where this is called from (`accounts.second_factor`).
    """
    member = locked(actor)
    factor = _own(member, factor_id)
    require(gates.CONFIRM_FACTOR, member, factor)
    assert isinstance(member, Member)  # the gate lets nobody else through
    if factor.kind == Factor.Kind.TOTP:
        step = totp.step_of(code, factor.secret or "", clock.machine_now())
        factor.last_step = step or 0
        is_right = step is not None
    else:
        is_right = take_code(member, SETUP, code, factor) is not None
    if not is_right:
        raise InputError({"code": [factor_words.WRONG_CODE]})
    return _confirm(member, factor)


@command(gates.ADD_FACTOR)
def add_passkey(*, actor: Actor, name: str, state: Mapping[str, Any], answer: Mapping[str, Any]) -> Factor:
    """Add the passkey that the browser made when it was asked (`passkeys.ask_to_add`). Raises `InputError`, `Refused`."""
    member = locked(actor)
    require(gates.ADD_FACTOR, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    try:
        made = passkeys.added(state, answer)
    except passkeys.NotShown as error:
        raise InputError({"": [factor_words.NO_PASSKEY_MADE]}) from error
    if Factor.objects.filter(credential_id=made.credential_id).exists():
        raise InputError({"": [factor_words.PASSKEY_KNOWN]})
    now = clock.now()
    factor = Factor(
        member=member,
        kind=Factor.Kind.PASSKEY,
        name=_named(name, factor_words.KINDS["passkey"]),
        credential_id=made.credential_id,
        sign_count=made.sign_count,
        added_at=now,
        setup_until=now,
    )
    factor.secret = made.public_key
    return _confirm(member, factor)


@command(gates.RENAME_FACTOR)
def rename_factor(*, actor: Actor, factor_id: UUID, name: str) -> Factor:
    """Give one of one's own another name. Raises `InputError`, `Refused`, `NotVisible`."""
    member = locked(actor)
    factor = _own(member, factor_id)
    require(gates.RENAME_FACTOR, member, factor)
    old_name, factor.name = factor.name, _named(name, None)
    factor.save(update_fields=["name"])
    audit.record(actor=actor, kind=entries.FACTOR_RENAMED, subject=factor, old_name=old_name, new_name=factor.name)
    return factor


@command(gates.REMOVE_FACTOR)
def remove_factor(*, actor: Actor, factor_id: UUID) -> None:
    """Remove one of one's own; with the last one the recovery codes go. Raises `Refused`, `NotVisible`."""
    member = locked(actor)
    factor = _own(member, factor_id)
    require(gates.REMOVE_FACTOR, member, factor)
    assert isinstance(member, Member)  # the gate lets nobody else through
    audit.record(actor=actor, kind=entries.FACTOR_REMOVED, subject=factor, name=factor.name, kind_of=factor.kind)
    was_confirmed, name = factor.confirmed_at is not None, factor.name
    factor.delete()
    if not was_confirmed:
        return
    if not has_factor(member.pk):
        RecoverySheet.objects.filter(member=member).delete()
    title, body = factor_words.removed(name)
    tell_everywhere(member, kind="accounts.factor_removed", title=title, body=body, url=factor_words.SETTINGS)
    outbox.emit(FactorsChanged(member_id=member.pk, change="removed"))


@command(gates.MAKE_RECOVERY_CODES)
def make_recovery_codes(*, actor: Actor) -> RecoverySheet:
    """New recovery codes in place of the old; `plaintexts` on the returned row is the only time they can be read.

    Repeated with the same idempotency key it returns the row without them. Raises `Refused`.
    """
    member = locked(actor)
    require(gates.MAKE_RECOVERY_CODES, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    RecoverySheet.objects.filter(member=member).delete()
    sheet = RecoverySheet.objects.create(member=member)
    sheet.plaintexts = tuple(recovery_codes.new_code() for _ in range(policy.value("accounts.recovery_codes")))
    RecoveryCode.objects.bulk_create(
        RecoveryCode(sheet=sheet, digest=recovery_codes.digest_of(code, member_id=member.pk))
        for code in sheet.plaintexts
    )
    audit.record(actor=actor, kind=entries.RECOVERY_CODES_MADE, subject=member, count=len(sheet.plaintexts))
    title, body = factor_words.CODES_MADE
    tell_everywhere(member, kind="accounts.recovery_codes", title=title, body=body, url=factor_words.SETTINGS)
    return sheet


@command(gates.LAPSE_FACTOR)
def lapse_factor(*, actor: Actor, factor_id: UUID) -> None:
    """Drop what was begun and not finished. Raises `Refused` before its time."""
    factor = lock(Factor, factor_id)
    require(gates.LAPSE_FACTOR, actor, factor)
    audit.record(actor=actor, kind=entries.FACTOR_LAPSED, subject=factor, kind_of=factor.kind)
    factor.delete()


def _begin(member: Member, kind: str, name: str, secret: str) -> Factor:
    Factor.objects.filter(member=member, kind=kind, confirmed_at=None).delete()
    now = clock.now()
    factor = Factor(
        member=member,
        kind=kind,
        name=name,
        added_at=now,
        setup_until=now + timedelta(minutes=policy.value("accounts.factor_setup_minutes")),
    )
    factor.secret = secret
    factor.save(force_insert=True)
    audit.record(actor=member, kind=entries.FACTOR_BEGUN, subject=factor, kind_of=kind)
    return factor


def _confirm(member: Member, factor: Factor) -> Factor:
    factor.confirmed_at = clock.now()
    factor.save()
    audit.record(actor=member, kind=entries.FACTOR_ADDED, subject=factor, name=factor.name, kind_of=factor.kind)
    title, body = factor_words.added(factor.name)
    tell_everywhere(member, kind="accounts.factor_added", title=title, body=body, url=factor_words.SETTINGS)
    outbox.emit(FactorsChanged(member_id=member.pk, change="added"))
    return factor


def _own(member: Actor, factor_id: UUID) -> Factor:
    factor = lock(Factor, factor_id)
    if factor.member_id != member.pk:
        raise NotVisible("accounts.factor", factor_id)
    return factor


def _named(name: str, otherwise: Text | None) -> str:
    """The name as it is kept; an empty one is filled in where there is something to fill in."""
    tidied = names.tidied(name) or str(otherwise or "")
    problems = names.display_name_problems(tidied) if tidied else [factor_words.NAME_MISSING]
    if problems:
        raise InputError({"name": problems})
    return tidied
