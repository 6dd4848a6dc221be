"""Whom an incident touches: named, told at one press, and led to new passwords where that is needed (A132)."""

from collections.abc import Collection
from datetime import date, datetime
from ipaddress import ip_network
from uuid import UUID

from django.db.models import Min

from kotowari.accounts import services as accounts
from kotowari.accounts.models import Member, Round, SignInRecord
from kotowari.accounts.services.rounds import add_to_round, begin_round, step
from kotowari.foundation import audit
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.notices import notify_many
from kotowari.incidents import entries, gates, notices
from kotowari.incidents.models import AffectedMember, Incident
from kotowari.incidents.selectors import opening_words
from kotowari.incidents.services.incidents import Problems, words_problems
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

LETTER_MAX = 2_000


@command(gates.NAME_AFFECTED)
def name_affected(*, actor: Member, incident_id: UUID, member_ids: Collection[UUID]) -> Incident:
    """These members are affected, from the incident's beginning on. Raises `InputError`, `Refused`, `NotVisible`."""
    row = lock(Incident, incident_id)
    require(gates.NAME_AFFECTED, actor, row)
    since = dict.fromkeys(member_ids, row.started_at)
    if not since:
        raise InputError({"names": [Text("会員を1人以上選んでください。", "Name at least one member.")]})
    _record(actor, row, since, AffectedMember.Basis.NAMED)
    return row


@command(gates.NAME_AFFECTED)
def name_signed_in(
    *, actor: Member, incident_id: UUID, begins_at: datetime, ends_at: datetime, network: str = ""
) -> Incident:
    """Whoever came in between two moments, from one network if given (`203.0.113.0/24`), is affected since then.

    Raises `InputError` when nobody did, `Refused`, `NotVisible`.
    """
    row = lock(Incident, incident_id)
    require(gates.NAME_AFFECTED, actor, row)
    rows = SignInRecord.objects.filter(outcome="in", member__isnull=False, at__gte=begins_at, at__lte=ends_at)
    problems: Problems = {}
    if begins_at > ends_at:
        problems["ends_at"] = [Text("始まりより後の時刻を入れてください。", "Give a moment after the beginning.")]
    if network:
        rows = rows.filter(network=_coarse(network, problems))
    since = {} if problems else dict(rows.values("member").annotate(at=Min("at")).values_list("member", "at"))
    if not problems and not since:
        problems["begins_at"] = [
            Text("その間にログインした会員は見つかりませんでした。", "Nobody signed in during that time.")
        ]
    if problems:
        raise InputError(problems)
    _record(actor, row, since, AffectedMember.Basis.SIGNED_IN)
    return row


@command(gates.NAME_AFFECTED)
def name_everybody(*, actor: Member, incident_id: UUID) -> Incident:
    """Everybody is affected: a record of each is written when they are told. Raises `Refused`, `NotVisible`."""
    row = lock(Incident, incident_id)
    require(gates.NAME_AFFECTED, actor, row)
    row.affects_everybody = True
    row.save(update_fields=["affects_everybody"])
    audit.record(actor=actor, kind=entries.NAMED, subject=row, basis="everybody", named=0)
    return row


@command(gates.TELL_AFFECTED)
def tell_affected(
    *, actor: Member, incident_id: UUID, data: Text, advice: Text, act_on: date | None = None
) -> Incident:
    """One press tells whoever is named and was not told: the worker goes from member to member, each once.

    Raises `InputError`, `Refused`, `NotVisible`.
    """
    row = lock(Incident, incident_id)
    require(gates.TELL_AFFECTED, actor, row)
    check_letter(data, advice, act_on)
    row.data_text, row.advice_text, row.act_on, row.told_by = data.as_dict(), advice.as_dict(), act_on, actor
    if row.affects_everybody:
        row.round = begin_round(Round.Kind.INCIDENT, everybody=True)
    else:
        waiting = row.affected.filter(told_at__isnull=True).values_list("member_id", flat=True)
        row.round = row.round or begin_round(Round.Kind.INCIDENT)
        add_to_round(row.round, list(waiting))
    row.save(update_fields=["data_text", "advice_text", "act_on", "told_by", "round"])
    audit.record(actor=actor, kind=entries.TOLD, subject=row)
    return row


@command(gates.RESET_AFFECTED)
def reset_affected(*, actor: Member, incident_id: UUID, reason: Text) -> Incident:
    """Require new passwords of exactly the affected; of everybody only once a second of staff approves.

    Raises `InputError`, `Refused`, `NotVisible`.
    """
    row = lock(Incident, incident_id)
    require(gates.RESET_AFFECTED, actor, row)
    ids = [] if row.affects_everybody else list(row.affected.values_list("member_id", flat=True))
    row.reset = accounts.ask_forced_reset(actor=actor, reason=reason, everybody=row.affects_everybody, member_ids=ids)
    row.save(update_fields=["reset"])
    audit.record(actor=actor, kind=entries.RESET, subject=row)
    return row


@step(Round.Kind.INCIDENT)
def tell_some(round: Round, member_ids: list[UUID]) -> None:
    """The next members of whom an incident touches: the record of each, the notice and the mail together.

    Whoever was told before everybody was named is not told again.
    """
    row = Incident.objects.get(round=round)
    _write(row, dict.fromkeys(member_ids, row.started_at), AffectedMember.Basis.EVERYBODY)
    untold = AffectedMember.objects.filter(incident=row, member__in=member_ids, told_at__isnull=True)
    ids = list(untold.values_list("member_id", flat=True))
    title, body = notices.affected(row, opening_words(row))
    notify_many(member_ids=ids, kind="incidents.affected", title=title, body=body, url=notices.CHECKLIST)
    untold.update(told_at=clock.now())


def check_letter(data: Text, advice: Text, act_on: date | None) -> None:
    """Raise `InputError` for a letter that cannot be sent: before it is shown for confirming, and when it is."""
    problems = {**words_problems(data, "data", LETTER_MAX), **words_problems(advice, "advice", LETTER_MAX)}
    if act_on is not None and act_on < clock.today():
        problems["act_on"] = [Text("今日以降の日を入れてください。", "Give today or a later day.")]
    if problems:
        raise InputError(problems)


def _record(actor: Member, row: Incident, since: dict[UUID, datetime], basis: AffectedMember.Basis) -> None:
    before = row.affected.count()
    _write(row, since, basis)
    audit.record(actor=actor, kind=entries.NAMED, subject=row, basis=basis.value, named=row.affected.count() - before)


def _write(row: Incident, since: dict[UUID, datetime], basis: AffectedMember.Basis) -> None:
    AffectedMember.objects.bulk_create(
        [AffectedMember(incident=row, member_id=id, since=at, basis=basis) for id, at in since.items()],
        ignore_conflicts=True,
        batch_size=1_000,
    )


def _coarse(network: str, problems: Problems) -> str:
    """A network as the history of sign-ins keeps it; an address stands for its own."""
    try:
        given = ip_network(network.strip(), strict=False)
    except ValueError:
        text = Text(
            "203.0.113.0/24 のような回線か、1つのアドレスを入れてください。",
            "Give a network like 203.0.113.0/24, or one address.",
        )
        problems["network"] = [text]
        return ""
    bits = 24 if given.version == 4 else 48
    return str(ip_network(f"{given.network_address}/{bits}", strict=False))
