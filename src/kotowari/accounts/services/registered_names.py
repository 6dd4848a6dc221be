"""Telling what one is called outside the market (A151, A153)."""

from kotowari.accounts import address_mails, entries, gates
from kotowari.accounts.events import NameRegistered
from kotowari.accounts.models import Member, RegisteredName
from kotowari.accounts.registered_names import FIRST, REASONS, GivenName, read_names, read_reason
from kotowari.accounts.selectors.registered_names import registered_name_of
from kotowari.accounts.services.own import locked
from kotowari.accounts.telling import tell_everywhere
from kotowari.foundation import audit, outbox
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

PAGE = "/my/name/"


@command(gates.REGISTER_NAME)
def register_name(
    *, actor: Actor, name: str, kana: str, trade_name: str = "", trade_kana: str = "", reason: str = ""
) -> RegisteredName:
    """Tell the real name, in place of an earlier one, which is kept; `reason` says why it changes.

    Telling the same name again changes nothing. Raises `InputError` with every field's fault, `Refused`.
    """
    member = locked(actor)
    require(gates.REGISTER_NAME, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    before = registered_name_of(member.pk)
    given, why = _read(member, before, reason, name=name, kana=kana, trade_name=trade_name, trade_kana=trade_kana)
    if before is not None and given == _given(before) and before.kind == member.kind:
        audit.record(actor=actor, kind=entries.NAME_CONFIRMED, subject=member)
        return before
    row = RegisteredName(member=member, kind=member.kind, reason=why)
    row.name, row.kana = given.name, given.kana
    row.trade_name, row.trade_kana = given.trade_name or None, given.trade_kana or None
    row.save(force_insert=True)
    title, body = address_mails.name_registered(is_change=before is not None)
    tell_everywhere(member, kind="accounts.name_registered", title=title, body=body, url=PAGE)
    audit.record(
        actor=actor,
        kind=entries.NAME_REGISTERED,
        subject=member,
        why_ja=REASONS[why].ja,
        why_en=REASONS[why].en,
    )
    outbox.emit(NameRegistered(member_id=member.pk, is_change=before is not None))
    return row


def _read(member: Member, before: RegisteredName | None, reason: str, **typed: str) -> tuple[GivenName, str]:
    """What was typed, or every fault of it at once, that of the reason included."""
    given, why = None, FIRST
    wrong: dict[str, list[Text]] = {}
    try:
        given = read_names(**typed, is_company=member.kind == Member.Kind.COMPANY)
    except InputError as error:
        wrong |= error.fields
    if before is not None and (given is None or given != _given(before)):
        try:
            why = read_reason(reason)
        except InputError as error:
            wrong |= error.fields
    if wrong or given is None:
        raise InputError(wrong)
    return given, why


def _given(row: RegisteredName) -> GivenName:
    return GivenName(
        name=row.name or "", kana=row.kana or "", trade_name=row.trade_name or "", trade_kana=row.trade_kana or ""
    )
