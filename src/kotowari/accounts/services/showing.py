"""Showing a second factor, at signing in or as a proof; each time what was shown is used up.

How often it may be tried is counted where these are called from (`accounts.second_factor`): a limit that stood in
the same transaction would be forgotten together with it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from kotowari.accounts import entries, factor_words, gates, mails, passkeys, recovery_codes
from kotowari.accounts import one_time_codes as totp
from kotowari.accounts.models import Device, DeviceTrust, Factor, Member, RecoveryCode
from kotowari.accounts.selectors.factors import codes_left, factors_of, trust_mark
from kotowari.accounts.services.own import locked
from kotowari.accounts.services.sent_codes import PROOF, SIGN_IN, make_code, take_code
from kotowari.accounts.services.texts import promise_text
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.notices import notify
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import require
from kotowari.kernel.text import Language

BY_MAIL = "mail"


@command(gates.SHOW_FACTOR)
def show_code(*, actor: Member, kind: str, typed: str) -> bool:
    """Whether this is a code of the member's second factor (`totp`, `sms` or `recovery`); it works never again."""
    require(gates.SHOW_FACTOR, actor)
    if not _taken(actor, kind, typed, SIGN_IN):
        return False
    audit.record(actor=actor, kind=entries.FACTOR_SHOWN, subject=actor, kind_of=kind)
    return True


@command(gates.SHOW_FACTOR)
def show_passkey(*, actor: Member, state: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """Whether the browser showed a passkey of the member's when it was asked (`passkeys.ask`)."""
    require(gates.SHOW_FACTOR, actor)
    if not _passkey_shown(actor, state, answer):
        return False
    audit.record(actor=actor, kind=entries.FACTOR_SHOWN, subject=actor, kind_of="passkey")
    return True


@command(gates.PROVE_AGAIN)
def prove_by_code(*, actor: Member, kind: str, typed: str) -> bool:
    """Whether this is a code by which the signed-in member proves to be themselves (`totp`, `sms` or `mail`)."""
    require(gates.PROVE_AGAIN, actor)
    taken = take_code(actor, PROOF, typed) is not None if kind == BY_MAIL else _taken(actor, kind, typed, PROOF)
    return taken and _proved(actor, kind)


@command(gates.PROVE_AGAIN)
def prove_by_passkey(*, actor: Member, state: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """The same by a passkey."""
    require(gates.PROVE_AGAIN, actor)
    return _passkey_shown(actor, state, answer) and _proved(actor, "passkey")


@command(gates.PROVE_AGAIN)
def prove_by_password(*, actor: Member) -> bool:
    """Record that the member's password was right once more (`accounts.second_factor.prove_by_password` asks it)."""
    require(gates.PROVE_AGAIN, actor)
    return _proved(actor, "password")


@command(gates.SEND_FACTOR_CODE)
def send_factor_code(*, actor: Member, factor_id: UUID, purpose: str) -> None:
    """Send a fresh code to one of the member's telephones; the one before is void. Raises `Refused`, `NotVisible`."""
    member = lock(Member, actor.pk)
    factor = Factor.objects.filter(pk=factor_id, member=member).first()
    if factor is None:
        raise NotVisible("accounts.factor", factor_id)
    require(gates.SEND_FACTOR_CODE, member, factor)
    code, until = make_code(member, purpose, factor)
    host = urlsplit(settings.BASE_URL).hostname or ""
    words = factor_words.sms_code(code, policy.value("accounts.sent_code_minutes"), host)
    promise_text(member, to=factor.secret or "", words=words.in_language(_language(member)), until=until)
    audit.record(actor=member, kind=entries.FACTOR_CODE_SENT, subject=factor, purpose=purpose)


@command(gates.SEND_PROOF_CODE)
def send_proof_code(*, actor: Actor) -> None:
    """Mail a fresh code to a member who has nothing else to prove with. Raises `Refused`."""
    member = locked(actor)
    require(gates.SEND_PROOF_CODE, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    code, _ = make_code(member, PROOF)
    mails.send_proof_code(
        to=member.email, language=member.language, code=code, minutes=policy.value("accounts.sent_code_minutes")
    )
    audit.record(actor=member, kind=entries.PROOF_CODE_SENT, subject=member)


@command(gates.TRUST_DEVICE)
def trust_device(*, actor: Member, device_id: UUID) -> None:
    """Ask for no second factor on this device for some days, or until password or factors change. Raises `Refused`."""
    member = lock(Member, actor.pk)
    require(gates.TRUST_DEVICE, member)
    device = Device.objects.filter(pk=device_id, member=member, forgotten_at=None).first()
    if device is None:
        raise NotVisible("accounts.device", device_id)
    until = clock.now() + timedelta(days=policy.value("accounts.factor_trust_days"))
    DeviceTrust.objects.update_or_create(
        device=device, defaults={"mark": trust_mark(member), "since": clock.now(), "until": until}
    )
    audit.record(actor=member, kind=entries.DEVICE_TRUSTED, subject=device, name=device.label, until=until.isoformat())


@command(gates.WARN_OF_CODES)
def warn_of_codes(*, actor: Actor, member_id: UUID) -> None:
    """Tell a member that somebody with the right password enters wrong codes (ASVS 6.3.5)."""
    require(gates.WARN_OF_CODES, actor)
    title, body = factor_words.CODES_WRONG
    notify(member_id=member_id, kind="accounts.codes_wrong", title=title, body=body, url="/my/security-check/")
    audit.record(actor=actor, kind=entries.CODES_WRONG, subject=Member(pk=member_id))


def _taken(member: Member, kind: str, typed: str, purpose: str) -> bool:
    if kind == "totp":
        return _app_code_taken(member, typed)
    if kind == "sms":
        row = take_code(member, purpose, typed)
        if row is None or row.factor_id is None:
            return False
        return bool(factors_of(member.pk).filter(pk=row.factor_id).update(last_used_at=clock.now()))
    return kind == "recovery" and purpose == SIGN_IN and _recovery_code_taken(member, typed)


def _app_code_taken(member: Member, typed: str) -> bool:
    """Of two who send one code at once, one moves the row's step and the other finds it moved."""
    # A telephone counts by real time, whatever the clock of a demo pretends.
    at = clock.machine_now()
    for factor in factors_of(member.pk).filter(kind=Factor.Kind.TOTP):
        step = totp.step_of(typed, factor.secret or "", at)
        if step is not None:
            unused = Factor.objects.filter(pk=factor.pk, last_step__lt=step)
            return bool(unused.update(last_step=step, last_used_at=clock.now()))
    return False


def _recovery_code_taken(member: Member, typed: str) -> bool:
    # Whose it is stands in the digest: a condition on another table would not be asked again after a wait.
    digests = recovery_codes.digests_of(typed, member_id=member.pk)
    if not RecoveryCode.objects.filter(digest__in=digests, used_at=None).update(used_at=clock.now()):
        return False
    title, body = factor_words.recovery_code_used(codes_left(member.pk))
    notify(member_id=member.pk, kind="accounts.recovery_code_used", title=title, body=body, url=factor_words.SETTINGS)
    return True


def _passkey_shown(member: Member, state: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """A passkey that counts its uses has to count upwards: one that does not was copied."""
    try:
        credential_id = passkeys.credential_in(answer)
        factor = factors_of(member.pk).get(kind=Factor.Kind.PASSKEY, credential_id=credential_id)
        count = passkeys.shown(state, answer, factor)
    except (Factor.DoesNotExist, passkeys.NotShown):
        return False
    counts_up = Q(sign_count__lt=count) if count else Q(sign_count=0)
    return bool(Factor.objects.filter(counts_up, pk=factor.pk).update(sign_count=count, last_used_at=clock.now()))


def _proved(member: Member, way: str) -> bool:
    audit.record(actor=member, kind=entries.PROVED_AGAIN, subject=member, way=way)
    return True


def _language(member: Member) -> Language:
    return "en" if member.language == "en" else "ja"
