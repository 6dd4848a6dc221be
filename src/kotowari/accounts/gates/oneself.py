"""What people do about themselves, and the rules that all of it shares."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from kotowari.accounts.gates.remedies import TO_LOGIN, TO_PROVE_AGAIN, TO_SIGN_UP
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFacts:
    """What every rule about one's own account reads. The system acts for nobody and is never signed in."""

    signed_in: bool
    left_at: datetime | None = None


class Visit(Protocol):
    """Facts that tell whether a member acts for themselves."""

    @property
    def signed_in(self) -> bool: ...


class Membership(Protocol):
    """Facts that tell when somebody left."""

    @property
    def left_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedFacts(OwnFacts):
    """What is asked of whoever touches the keys of an account: when they last proved to be its owner.

    Signing in proves it, and so does showing it again; a token for programs never does.
    """

    now: datetime
    proved_at: datetime | None = None
    proof_minutes: int


def signed_in(facts: Visit) -> Blocker | None:
    if facts.signed_in:
        return None
    return Blocker(
        code="sign_in_needed",
        reason=Text("ログインした会員本人だけができます。", "Only the member, signed in, can do this."),
        rule="A037",
        resolved_by="you",
        remedy=TO_LOGIN,
        status=401,
    )


def still_member(facts: Membership) -> Blocker | None:
    if facts.left_at is None:
        return None
    return Blocker(
        code="has_left",
        reason=Text("このアカウントは退会済みです。", "This account has left the market."),
        rule="A091",
        resolved_by="you",
        facts={"left_at": facts.left_at},
        remedy=TO_SIGN_UP,
        status=403,
    )


def recently_proved(facts: ProvedFacts) -> Blocker | None:
    """Whoever finds a screen left open cannot take the account with it (ASVS 7.5.1)."""
    if facts.proved_at is not None and facts.now < facts.proved_at + timedelta(minutes=facts.proof_minutes):
        return None
    return Blocker(
        code="proof_needed",
        reason=Text(
            "大切な操作のため、本人であることをもう一度確かめます。確かめると{minutes}分間できます。",
            "This touches the keys of your account, so we ask once more that it is you. It then holds for {minutes} minutes.",
        ).format(minutes=facts.proof_minutes),
        rule="A197",
        resolved_by="you",
        facts={"proved_at": facts.proved_at, "minutes": facts.proof_minutes},
        remedy=TO_PROVE_AGAIN,
        status=403,
    )


SIGN_OUT = Action(
    "accounts.sign_out",
    title=Text("ログアウトする", "Sign out"),
    no=Text("ログアウトできません", "Signing out is not possible"),
    rules=(signed_in,),
)
SEE_OWN = Action(
    "accounts.see_own",
    title=Text("自分の設定を見る", "See own settings"),
    no=Text("自分の設定を見られません", "Own settings cannot be seen"),
    rules=(signed_in,),
)
CHANGE_SETTINGS = Action(
    "accounts.settings.change",
    title=Text("設定を更新する", "Update settings"),
    no=Text("設定を更新できません", "Settings cannot be updated"),
    rules=(signed_in, still_member),
)
