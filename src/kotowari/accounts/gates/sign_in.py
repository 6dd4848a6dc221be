"""What stands between somebody who was recognised and a session, whichever way they were recognised."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates.oneself import still_member
from kotowari.accounts.gates.remedies import TO_CONFIRM, TO_DIAGNOSIS, TO_RESET, TO_SECOND_FACTOR
from kotowari.accounts.restrictions import InForce
from kotowari.kernel.gates import Action, Appeal, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How somebody comes in: by which `way`, and whether from a device that the account knows.

    `second_factor` is which one was shown (`trusted` for a device on which none is asked for, "" for none); None
    before it is asked for.
    """

    way: str = "password"
    known_device: bool = False
    second_factor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFacts:
    """Somebody who was recognised, before a session is opened for them on any path."""

    attempt: Attempt = Attempt()
    sign_up_pending: bool = False
    address_proved: bool = True
    is_active: bool = True
    left_at: datetime | None = None
    locked_until: datetime | None = None
    frozen: InForce | None = None
    password_void_since: datetime | None = None
    has_factor: bool = False


def sign_up_finished(facts: SignInFacts) -> Blocker | None:
    if not facts.sign_up_pending:
        return None
    return Blocker(
        code="sign_up_pending",
        reason=Text(
            "会員登録がまだ終わっていません。メールで届いた確認コードの入力が残っています。",
            "Signing up is not finished yet: the code that came by mail is still to be entered.",
        ),
        rule="A022",
        resolved_by="you",
        remedy=TO_CONFIRM,
        status=403,
    )


def address_proved(facts: SignInFacts) -> Blocker | None:
    if facts.address_proved or facts.sign_up_pending:
        return None
    return Blocker(
        code="address_not_proved",
        reason=Text(
            "メールアドレスがまだ確認されていません。再設定のメールを受け取ると確認できます。",
            "The e-mail address is not proved yet. Receiving the mail for a new password proves it.",
        ),
        rule="A023",
        resolved_by="you",
        remedy=TO_RESET,
        status=403,
    )


def account_open(facts: SignInFacts) -> Blocker | None:
    return None if facts.is_active else closed_blocker()


def closed_blocker() -> Blocker:
    """What is said of an account that the operator has closed."""
    return Blocker(
        code="closed",
        reason=Text("このアカウントは運営が閉じました。", "The operator has closed this account."),
        rule="A123",
        resolved_by="operator",
        remedy=TO_DIAGNOSIS,
        status=403,
        decided_by="staff",
    )


def not_locked(facts: SignInFacts) -> Blocker | None:
    """A lock keeps out whoever comes from a device that the account does not know (field 4.3.2)."""
    if facts.locked_until is None or facts.attempt.known_device:
        return None
    return Blocker(
        code="locked",
        reason=Text(
            "知らない端末からのパスワードの間違いが続いたため、一時的にロックしています。データが消えたり変わったりする"
            "ことはありません。時刻になれば自動で解けます。パスワードを再設定すると、すぐに解けます。",
            "Wrong passwords came from devices unknown to this account, so it is locked for a while. No data is lost or "
            "changed. The lock ends by itself, or at once when a new password is set.",
        ),
        rule="A017",
        resolved_by="time",
        facts={"locked_until": facts.locked_until},
        remedy=TO_RESET,
        clears_at=facts.locked_until,
        status=403,
    )


def not_frozen(facts: SignInFacts) -> Blocker | None:
    return frozen_blocker(facts.frozen)


def frozen_blocker(frozen: InForce | None) -> Blocker | None:
    """What a freeze says: why, since when, until when, and where to contest it (A123, A126)."""
    if frozen is None:
        return None
    return Blocker(
        code="frozen",
        reason=frozen.words.reason,
        rule=frozen.words.rule,
        resolved_by="operator",
        facts={
            "restriction": frozen.id,
            "cause": frozen.cause,
            "since": frozen.since,
            "until": frozen.until,
            "explanation": frozen.explanation,
        },
        remedy=TO_DIAGNOSIS,
        clears_at=frozen.until,
        decided_by="staff" if frozen.words.decided_by == "staff" else "rule",
        appeal=Appeal(url=f"/appeals/{frozen.id}/", until=frozen.until) if frozen.words.decided_by == "staff" else None,
        status=403,
    )


def password_good(facts: SignInFacts) -> Blocker | None:
    """A password that may be known to others opens nothing any more; other ways do."""
    if facts.password_void_since is None or facts.attempt.way != "password":
        return None
    return Blocker(
        code="password_void",
        reason=Text(
            "安全のため、いままでのパスワードは使えなくなっています。新しいパスワードを設定してください。",
            "For safety the password so far opens nothing any more. Please set a new one.",
        ),
        rule="A121",
        resolved_by="you",
        facts={"since": facts.password_void_since},
        remedy=TO_RESET,
        status=403,
    )


def second_factor_shown(facts: SignInFacts) -> Blocker | None:
    """Whoever has a second factor is let in with it only, whichever way they come."""
    if not facts.has_factor or facts.attempt.second_factor is None or facts.attempt.second_factor:
        return None
    return Blocker(
        code="second_factor_needed",
        reason=Text(
            "このアカウントは二段階認証を使っています。続けて、二段階認証をしてください。",
            "This account has a second factor. Please show it next.",
        ),
        rule="A114",
        resolved_by="you",
        remedy=TO_SECOND_FACTOR,
        status=401,
    )


SIGN_IN = Action(
    "accounts.sign_in",
    title=Text("ログインする", "Sign in"),
    no=Text("ログインできません", "Signing in is not possible"),
    rules=(
        sign_up_finished,
        address_proved,
        account_open,
        still_member,
        not_locked,
        not_frozen,
        password_good,
        second_factor_shown,
    ),
)
