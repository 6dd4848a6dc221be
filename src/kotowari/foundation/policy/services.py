"""Commands: the operator changes a rule, with a date and a reason, and takes back what has not begun."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.models import PolicyOverride
from kotowari.foundation.outbox import emit
from kotowari.foundation.policy import entries, events, inforce
from kotowari.foundation.policy.checks import conflicts
from kotowari.foundation.policy.gates import SET_VALUE, WITHDRAW_CHANGE
from kotowari.foundation.policy.inforce import Change, PolicyValues, resolve
from kotowari.foundation.policy.keys import PolicyKey, key_named
from kotowari.foundation.policy.kinds import WrongValue
from kotowari.foundation.policy.loading import load_preset
from kotowari.foundation.policy.selectors import stored_changes
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

LONGEST_REASON = 1_000


@command(SET_VALUE)
def set_policy_value(*, actor: Actor, key: str, value: Any, effective_on: date, reason: str) -> PolicyOverride:
    """Let a value count from a coming day on; `value` as JSON, None to follow the preset again.

    A change planned for the same day is replaced. Raises `InputError` with everything that is wrong: an unknown
    key, a value of another shape, a day before the notice that is due, no reason, values that do not fit together.
    """
    _lock_the_rules()
    require(SET_VALUE, actor)
    found = key_named(key)
    reason = reason.strip()
    others = [c for c in stored_changes() if (c.key, c.effective_on) != (key, effective_on)]
    before = _values(others, effective_on).entries[key].value
    _check(found, before, value, effective_on, reason)
    planned = [*others, Change(key, value, effective_on, reason)]
    clashes = _clashes(planned, effective_on)
    if clashes:
        raise InputError({"value": clashes})
    row, _ = PolicyOverride.objects.update_or_create(
        key=key,
        effective_on=effective_on,
        defaults={"value": value, "reason": reason, "made_by_id": actor.pk, "made_at": clock.now()},
    )
    after = _values(planned, effective_on).entries[key].value
    audit.record(
        actor=actor,
        kind=entries.VALUE_SET,
        subject=row,
        key=key,
        before=found.kind.as_json(before),
        after=found.kind.as_json(after),
        effective_on=effective_on,
        reason=reason,
    )
    emit(
        events.ChangeAnnounced(
            key=key, before=found.kind.as_json(before), after=value, effective_on=effective_on, reason=reason
        )
    )
    inforce.forget()
    return row


@command(WITHDRAW_CHANGE)
def withdraw_policy_change(*, actor: Actor, override_id: UUID, reason: str) -> None:
    """Take back an announced change before its day comes."""
    _lock_the_rules()
    row = lock(PolicyOverride, override_id)
    require(WITHDRAW_CHANGE, actor, row)
    reason = reason.strip()
    problems = _reason_problems(reason)
    if problems:
        raise InputError({"reason": problems})
    kept = [c for c in stored_changes() if (c.key, c.effective_on) != (row.key, row.effective_on)]
    clashes = _clashes(kept, row.effective_on)
    if clashes:
        raise InputError({"": clashes})
    audit.record(
        actor=actor,
        kind=entries.CHANGE_WITHDRAWN,
        subject=row,
        key=row.key,
        after=row.value,
        effective_on=row.effective_on,
        reason=reason,
    )
    emit(events.ChangeWithdrawn(key=row.key, effective_on=row.effective_on, reason=reason))
    row.delete()
    inforce.forget()


def earliest_on(key: PolicyKey) -> date:
    """The first day from which a new value of this key may count, if it is decided today.

    Never today itself: within one day the rules, and the version that decisions name, stay the same.
    """
    notice_days = inforce.value("policy.change_notice_days") if key.needs_notice else 1
    return clock.today() + timedelta(days=notice_days)


def _lock_the_rules() -> None:
    """One change of the rules at a time: values must fit together across keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kotowari.policy'))")


def _check(key: PolicyKey, before: Any, value: Any, effective_on: date, reason: str) -> None:
    wrong: dict[str, list[Text]] = {}
    felt_on: date | None = effective_on
    if value is not None:
        try:
            felt_on = key.kind.felt_on(before, key.kind.parse(value), effective_on)
        except WrongValue as found:
            wrong["value"] = [found.text]
    earliest = earliest_on(key)
    if effective_on <= clock.today() or (felt_on is not None and felt_on < earliest):
        text = Text(
            "この変更は{earliest}以降からにしてください(予告が要ります)。",
            "This change needs notice: let it take effect on {earliest} or later.",
        )
        wrong["effective_on"] = [text.format(earliest=earliest)]
    problems = _reason_problems(reason)
    if problems:
        wrong["reason"] = problems
    if wrong:
        raise InputError(wrong)


def _reason_problems(reason: str) -> list[Text]:
    if not reason:
        return [Text("変える理由を書いてください。会員に伝わります。", "Give the reason; members will read it.")]
    if len(reason) > LONGEST_REASON:
        text = Text("理由は{most}文字以内で書いてください(今{now}文字)。", "Use at most {most} characters (now {now}).")
        return [text.format(most=LONGEST_REASON, now=len(reason))]
    return []


def _values(changes: Sequence[Change], on: date) -> PolicyValues:
    return resolve(load_preset(inforce.preset_in_force()), changes, on)


def _clashes(changes: Sequence[Change], start: date) -> list[Text]:
    """What would not fit together on that day, or on any later day on which something changes."""
    preset = load_preset(inforce.preset_in_force())
    turns = {start, *(c.effective_on for c in changes if c.effective_on > start)}
    turns |= {
        d.effective_on for rows in preset.values.values() for d in rows if d.effective_on and d.effective_on > start
    }
    for turn in sorted(turns):
        found = conflicts(_values(changes, turn))
        if found:
            return found
    return []
