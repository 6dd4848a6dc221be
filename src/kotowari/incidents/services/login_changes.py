"""Changes of signing in: told ahead to whoever uses that way, told again shortly before, complete on their day (A117)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from kotowari.accounts.external.providers import provider as provider_of
from kotowari.accounts.models import Member, Round
from kotowari.accounts.services.rounds import begin_round, step
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.notices import notify_many
from kotowari.foundation.policy.services import set_policy_value
from kotowari.incidents import entries, gates, notices
from kotowari.incidents.events import LoginChangeAnnounced
from kotowari.incidents.methods import METHODS, OF_SOME
from kotowari.incidents.models import LoginChange
from kotowari.incidents.selectors import users_of
from kotowari.incidents.services.incidents import TITLE_MAX, Problems, words_problems
from kotowari.incidents.transitions import LOGIN_CHANGE
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

WORDS_MAX = 3_000
BECAUSE_MAX = 500
GUIDES = ("/help/", "/my/settings/", "/login/")
ENDS = "accounts.provider_ends"


@command(gates.ANNOUNCE_CHANGE)
def announce_login_change(
    *,
    actor: Member,
    method: str,
    title: Text,
    words: Text,
    takes_effect_on: date,
    old_until_on: date | None = None,
    provider: str = "",
    guide_url: str = "",
) -> LoginChange:
    """Tell whoever uses `method` what changes from when. A `provider` ends after `old_until_on`: until then its gate
    lets in as before, afterwards it refuses with the way on.

    Raises `InputError` when the notice is too short or something is missing, `Refused`.
    """
    require(gates.ANNOUNCE_CHANGE, actor)
    check_login_change(method, title, words, takes_effect_on, old_until_on, provider, guide_url)
    over_on = takes_effect_on if old_until_on is None else max(takes_effect_on, old_until_on + clock.DAY)
    reminder = timedelta(days=policy.value("incidents.login_change_reminder_days"))
    row = LoginChange.objects.create(
        method=method,
        provider=provider,
        title_text=title.as_dict(),
        words_text=words.as_dict(),
        guide_url=guide_url,
        takes_effect_on=takes_effect_on,
        old_until_on=old_until_on,
        over_on=over_on,
        remind_on=over_on - reminder,
        announced_by=actor,
        told=_round(Round.Kind.LOGIN_CHANGE, method, provider),
    )
    if provider:
        assert old_until_on is not None, "checked above"
        _set_end(actor, provider, old_until_on + clock.DAY, title)
    audit.record(actor=actor, kind=entries.CHANGE_ANNOUNCED, subject=row, method=METHODS[method])
    outbox.emit(LoginChangeAnnounced(change_id=row.pk, method=method))
    return row


@command(gates.WITHDRAW_CHANGE)
def withdraw_login_change(*, actor: Member, change_id: UUID, because: Text) -> LoginChange:
    """It does not take place; whoever was told is told so, and a provider goes on. Raises `InputError`, `Refused`,
    `NotVisible`.
    """
    row = lock(LoginChange, change_id)
    require(gates.WITHDRAW_CHANGE, actor, row)
    problems = words_problems(because, "because", BECAUSE_MAX)
    if problems:
        raise InputError(problems)
    row.state = LOGIN_CHANGE.require(row.state, "withdraw")
    row.withdrawn_at, row.withdrawn_because_text = clock.now(), because.as_dict()
    row.withdrawal = _round(Round.Kind.LOGIN_CHANGE_WITHDRAWN, row.method, row.provider)
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_because_text", "withdrawal"])
    if row.provider:
        _set_end(actor, row.provider, None, because)
    audit.record(actor=actor, kind=entries.CHANGE_WITHDRAWN, subject=row)
    return row


@command(gates.REMIND_OF_CHANGE)
def remind_of_login_change(*, actor: Actor, change_id: UUID) -> LoginChange:
    """Tell its users once more, shortly before. Raises `Refused`, `NotVisible`."""
    row = lock(LoginChange, change_id)
    require(gates.REMIND_OF_CHANGE, actor, row)
    row.reminded_at = clock.now()
    row.reminder = _round(Round.Kind.LOGIN_CHANGE_REMINDER, row.method, row.provider)
    row.save(update_fields=["reminded_at", "reminder"])
    audit.record(actor=actor, kind=entries.CHANGE_REMINDED, subject=row)
    return row


@command(gates.COMPLETE_CHANGE)
def complete_login_change(*, actor: Actor, change_id: UUID) -> LoginChange:
    """Its day has come: only the new way is left. Raises `Refused`, `NotVisible`."""
    row = lock(LoginChange, change_id)
    require(gates.COMPLETE_CHANGE, actor, row)
    row.state = LOGIN_CHANGE.require(row.state, "complete")
    row.save(update_fields=["state"])
    audit.record(actor=actor, kind=entries.CHANGE_COMPLETED, subject=row)
    return row


@step(Round.Kind.LOGIN_CHANGE)
def announce_to_some(round: Round, member_ids: list[UUID]) -> None:
    """The next of those who use that way are told what changes."""
    row = LoginChange.objects.get(told=round)
    title, body = notices.change_announced(row)
    _tell(member_ids, "incidents.login_change", title, body, row)


@step(Round.Kind.LOGIN_CHANGE_REMINDER)
def remind_some(round: Round, member_ids: list[UUID]) -> None:
    """The next of those who still use that way are reminded; not when it was withdrawn meanwhile."""
    row = LoginChange.objects.get(reminder=round)
    if row.state != "withdrawn":
        title, body = notices.change_reminder(row)
        _tell(member_ids, "incidents.login_change_reminder", title, body, row)


@step(Round.Kind.LOGIN_CHANGE_WITHDRAWN)
def withdraw_for_some(round: Round, member_ids: list[UUID]) -> None:
    """The next of those who were told learn that it stays as it was."""
    row = LoginChange.objects.get(withdrawal=round)
    title, body = notices.change_withdrawn(row)
    _tell(member_ids, "incidents.login_change_withdrawn", title, body, row)


def check_login_change(
    method: str,
    title: Text,
    words: Text,
    takes_effect_on: date,
    old_until_on: date | None,
    provider: str,
    guide_url: str,
) -> None:
    """Raise `InputError` for what cannot be announced: before it is shown for confirming, and when it is done."""
    problems: Problems = {**words_problems(title, "title", TITLE_MAX), **words_problems(words, "words", WORDS_MAX)}
    if method not in METHODS:
        problems["method"] = [Text("ログイン方法を選んでください。", "Choose a way of signing in.")]
    earliest = clock.today() + timedelta(days=policy.value("incidents.login_change_days"))
    if old_until_on is not None and old_until_on < earliest:
        problems["old_until_on"] = [_too_early(earliest)]
    if old_until_on is None and takes_effect_on < earliest:
        problems["takes_effect_on"] = [_too_early(earliest)]
    if takes_effect_on < clock.today():
        problems["takes_effect_on"] = [Text("今日以降の日を入れてください。", "Give today or a later day.")]
    if old_until_on is not None and old_until_on < takes_effect_on:
        both = Text(
            "変わる日以降にしてください(両方が使える期間が要ります)。",
            "Not before it changes: both ways work for a while.",
        )
        problems.setdefault("old_until_on", []).append(both)
    if guide_url and not guide_url.startswith(GUIDES):
        text = Text("このサイトの案内({paths})だけです。", "Only pages of this site ({paths}).")
        problems["guide_url"] = [text.format(paths=" ".join(GUIDES))]
    problems.update(_provider_problems(method, provider, old_until_on))
    if problems:
        raise InputError(problems)


def _provider_problems(method: str, provider: str, old_until_on: date | None) -> Problems:
    if not provider:
        return {}
    found: Problems = {}
    if method != "external" or not provider_of(provider).configured:
        found["provider"] = [Text("終わる外部アカウントを選んでください。", "Choose the external account that ends.")]
    if old_until_on is None:
        found["old_until_on"] = [Text("いつまで使えるかを入れてください。", "Say until when it works.")]
    if LoginChange.objects.filter(provider=provider, state="announced").exists():
        found["provider"] = [
            Text(
                "すでに知らせています。変えるときは、先に取りやめてください。",
                "It is announced already; withdraw that first.",
            )
        ]
    return found


def _too_early(earliest: date) -> Text:
    return Text(
        "{day}以降にしてください(前もって知らせる期間が要ります)。", "This needs notice: let it be {day} or later."
    ).format(day=notices.day_words(earliest))


def _round(kind: Round.Kind, method: str, provider: str) -> Round:
    if method not in OF_SOME:
        return begin_round(kind, everybody=True)
    return begin_round(kind, member_ids=users_of(method, provider))


def _tell(member_ids: list[UUID], kind: str, title: Text, body: Text, row: LoginChange) -> None:
    notify_many(member_ids=member_ids, kind=kind, title=title, body=body, url=row.guide_url or notices.CHANGES)


def _set_end(actor: Member, provider: str, ends_on: date | None, reason: Text) -> None:
    """Put the end of a provider into the policy, or take it out: the one place that the gates ask (A029)."""
    tomorrow = clock.today() + clock.DAY
    rows: list[dict[str, Any]] = [
        {"provider": each.provider, "name": each.name, "ends_on": each.ends_on.isoformat()}
        for each in policy.value(ENDS, tomorrow)
        if each.provider != provider
    ]
    if ends_on is not None:
        rows.append({"provider": provider, "name": provider_of(provider).name, "ends_on": ends_on.isoformat()})
    set_policy_value(actor=actor, key=ENDS, value=rows, effective_on=tomorrow, reason=str(reason))
