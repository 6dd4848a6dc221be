"""Locks: begun by the market after wrong tries, ended early by the owner, by a link of theirs, or by staff."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates.remedies import TO_LOGIN
from kotowari.accounts.gates.sign_up import only_the_system
from kotowari.accounts.gates.staff_acts import By, not_oneself
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockFacts:
    """A lock, and as whom somebody would end it: its owner, staff, or the market itself by the owner's link."""

    by: By
    is_self: bool = False
    now: datetime
    until: datetime
    ended_at: datetime | None = None


def may_unlock(facts: UnlockFacts) -> Blocker | None:
    if facts.by != "nobody":
        return None
    return Blocker(
        code="not_yours",
        reason=Text(
            "ロックを解けるのは、本人と運営の担当者だけです。",
            "Only the owner and the operator's staff can end a lock.",
        ),
        rule="A016",
        resolved_by="operator",
        status=403,
    )


def still_locked(facts: UnlockFacts) -> Blocker | None:
    if facts.ended_at is None and facts.now < facts.until:
        return None
    return Blocker(
        code="not_locked",
        reason=Text("このロックは、すでに解けています。", "This lock has ended already."),
        rule="A017",
        resolved_by="you",
        facts={"ended_at": facts.ended_at or facts.until},
        remedy=TO_LOGIN,
    )


LOCK = Action(
    "accounts.lock.begin",
    title=Text("アカウントを一時的にロックする", "Lock the account for a while"),
    no=Text("ロックできません", "It cannot be locked"),
    subject="accounts.member",
    rules=(only_the_system,),
)
UNLOCK = Action(
    "accounts.lock.end",
    title=Text("ロックを解く", "End the lock"),
    no=Text("ロックを解けません", "The lock cannot be ended"),
    subject="accounts.lock",
    rules=(may_unlock, not_oneself, still_locked),
)
