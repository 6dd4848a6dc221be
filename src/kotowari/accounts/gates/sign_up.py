"""Becoming a member."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates.remedies import TO_NEW_CODE, TO_SIGN_UP
from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpFacts:
    """Who wants to sign up: somebody who is a member already cannot."""

    is_member: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingFacts:
    """A sign-up that waits for its code."""

    now: datetime
    lapses_at: datetime
    code_expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemFacts:
    """Whether the market itself acts, and not a person."""

    is_system: bool


def not_member_yet(facts: SignUpFacts) -> Blocker | None:
    if not facts.is_member:
        return None
    return Blocker(
        code="already_member",
        reason=Text(
            "すでに会員としてログインしています。1人が複数のアカウントを持つことはできません。",
            "You are signed in as a member already. Nobody has several accounts.",
        ),
        rule="A125",
        resolved_by="you",
        remedy=Remedy(Text("マイページを開く", "Open my page"), "/my/"),
    )


def only_the_system(facts: SystemFacts) -> Blocker | None:
    if facts.is_system:
        return None
    return Blocker(
        code="system_only",
        reason=Text("この操作は、マーケット自身だけが行います。", "Only the market itself does this."),
        rule="A093",
        resolved_by="operator",
        status=403,
    )


def sign_up_alive(facts: PendingFacts) -> Blocker | None:
    if facts.now < facts.lapses_at:
        return None
    return Blocker(
        code="lapsed",
        reason=Text(
            "登録の手続きの期限が過ぎました。入力内容は保存されていません。",
            "The time to finish signing up has run out, and nothing of it was kept.",
        ),
        rule="A022",
        resolved_by="you",
        facts={"lapsed_at": facts.lapses_at},
        remedy=TO_SIGN_UP,
    )


def code_alive(facts: PendingFacts) -> Blocker | None:
    if facts.now < facts.code_expires_at or facts.now >= facts.lapses_at:
        return None
    return Blocker(
        code="code_expired",
        reason=Text(
            "この確認コードの期限が過ぎました。新しいコードを送ってください。",
            "This code has expired. Please have a new one sent.",
        ),
        rule="A022",
        resolved_by="you",
        facts={"expired_at": facts.code_expires_at},
        remedy=TO_NEW_CODE,
    )


def sign_up_due(facts: PendingFacts) -> Blocker | None:
    if facts.now >= facts.lapses_at:
        return None
    return Blocker(
        code="not_due",
        reason=Text("登録の手続きの期限はまだ来ていません。", "The time to finish signing up has not run out yet."),
        rule="A022",
        resolved_by="time",
        clears_at=facts.lapses_at,
    )


SIGN_UP = Action(
    "accounts.sign_up",
    title=Text("会員登録をする", "Sign up"),
    no=Text("会員登録ができません", "Signing up is not possible"),
    rules=(not_member_yet,),
)
ADD_MEMBER = Action(
    "accounts.add_member",
    title=Text("確認済みの会員を加える", "Add a member whose address is proved"),
    no=Text("会員を加えられません", "No member can be added"),
    rules=(only_the_system,),
)
CONFIRM_SIGN_UP = Action(
    "accounts.sign_up.confirm",
    title=Text("メールアドレスを確認して登録を終える", "Prove the address and finish signing up"),
    no=Text("登録を終えられません", "Signing up cannot be finished"),
    subject="accounts.signup",
    rules=(sign_up_alive, code_alive),
)
RESEND_CODE = Action(
    "accounts.sign_up.resend",
    title=Text("新しい確認コードを送る", "Send a new code"),
    no=Text("確認コードを送れません", "No code can be sent"),
    subject="accounts.signup",
    rules=(sign_up_alive,),
)
LAPSE_SIGN_UP = Action(
    "accounts.sign_up.lapse",
    title=Text("期限の過ぎた登録手続きを消す", "Drop a sign-up whose time has run out"),
    no=Text("まだ消せません", "It cannot be dropped yet"),
    subject="accounts.signup",
    rules=(sign_up_due,),
)
