"""What people do about themselves, and the rules that all of it shares."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from kotowari.accounts.gates.remedies import TO_LOGIN, TO_PROGRAMS, TO_PROVE_AGAIN, TO_SIGN_UP
from kotowari.kernel.gates import Action, Blocker, Remedy
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


class Proof(Visit, Protocol):
    """Facts that tell when whoever acts last proved to be the owner, and through what they come."""

    @property
    def now(self) -> datetime: ...
    @property
    def proved_at(self) -> datetime | None: ...
    @property
    def proof_minutes(self) -> int: ...
    @property
    def via(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedFacts(OwnFacts):
    """What is asked of whoever touches the keys of an account or the way of its money: when they last proved to own it.

    Signing in proves it, for a program as in a browser, and so does showing it again; a token that was made in the
    settings never does. `via` is `Member.via`.
    """

    now: datetime
    proved_at: datetime | None = None
    proof_minutes: int
    via: str = ""


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


def recently_proved(facts: Proof) -> Blocker | None:
    """Whoever finds a screen left open cannot take the account with it (ASVS 7.5.1)."""
    if _is_fresh(facts):
        return None
    return _proof_needed(
        facts,
        Text(
            "大切な操作のため、本人であることをもう一度確かめます。確かめると{minutes}分間できます。",
            "This touches the keys of your account, so we ask once more that it is you. It then holds for {minutes} minutes.",
        ),
        rule="A197",
    )


def proved_for_money(facts: Proof) -> Blocker | None:
    """Nor can they, or whoever finds the key of a program, send its money elsewhere (ASVS 7.5.3, ADR 0021)."""
    if not facts.signed_in:
        return None
    if facts.via == "token":
        return _token_proves_nothing(facts)
    if _is_fresh(facts):
        return None
    if facts.via == "sign_in":
        words = Text(
            "お金の届け先に関わるため、プログラムからは、ログイン(POST /api/v1/sign-ins)してから{minutes}分間だけできます。"
            "もう一度ログインしてください。",
            "This decides where your money goes, so a program can do it for {minutes} minutes after signing in "
            "(POST /api/v1/sign-ins). Please sign it in again.",
        )
        return _proof_needed(facts, words, rule="P022", remedy=TO_PROGRAMS)
    return _proof_needed(
        facts,
        Text(
            "お金の届け先に関わるため、本人であることをもう一度確かめます。確かめると{minutes}分間できます。",
            "This decides where your money goes, so we ask once more that it is you. It then "
            "holds for {minutes} minutes.",
        ),
        rule="P022",
    )


def _is_fresh(facts: Proof) -> bool:
    return facts.proved_at is not None and facts.now < facts.proved_at + timedelta(minutes=facts.proof_minutes)


def _proof_needed(facts: Proof, words: Text, *, rule: str, remedy: Remedy = TO_PROVE_AGAIN) -> Blocker:
    return Blocker(
        code="proof_needed",
        reason=words.format(minutes=facts.proof_minutes),
        rule=rule,
        resolved_by="you",
        facts={"proved_at": facts.proved_at, "minutes": facts.proof_minutes},
        remedy=remedy,
        status=403,
    )


def _token_proves_nothing(facts: Proof) -> Blocker:
    """Such a token lies for months where a program keeps it: it tells nothing of who uses it now."""
    return Blocker(
        code="token_proves_nothing",
        reason=Text(
            "設定画面で作ったAPIトークンは、いま操作しているのが本人であることの証明になりません。お金の届け先に関わる操作は、"
            "プログラムからパスワード(と二段階認証)でログインし(POST /api/v1/sign-ins)、受け取ったトークンで{minutes}分以内に行うか、"
            "ブラウザーの画面で行ってください。",
            "A token made in the settings does not prove that it is you who acts now. What decides where your money goes "
            "is done with the token that a program gets by signing in with your password (and second factor, POST "
            "/api/v1/sign-ins), within {minutes} minutes, or on the pages in a browser.",
        ).format(minutes=facts.proof_minutes),
        rule="P022",
        resolved_by="you",
        facts={"minutes": facts.proof_minutes},
        remedy=TO_PROGRAMS,
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
