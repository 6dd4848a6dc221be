"""Why an account does not open, in the words of its owner, with the one step that opens it. Pure.

Everything here is for the registered address alone: none of it may be told to whoever merely typed a login.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.factor_words import KINDS
from kotowari.kernel import clock
from kotowari.kernel.gates import Blocker
from kotowari.kernel.text import Text

WAYS: dict[str, Text] = {
    "password": Text("パスワード", "password"),
    "passkey": Text("パスキー", "passkey"),
    "socialaccount": Text("外部アカウント", "external account"),
    "mail": Text("メール", "mail"),
    "code": Text("確認コード", "code"),
    **KINDS,
}
"""How somebody came in or tried to, as the owner reads it; other words stand as they are."""

OUTCOMES: dict[str, Text] = {
    "in": Text("ログインしました", "signed in"),
    "wrong": Text("パスワードが違いました", "the password was wrong"),
    "wrong_code": Text("コードが違いました", "the code was wrong"),
    "locked": Text("ロック中でした", "the account was locked"),
    "frozen": Text("凍結中でした", "the account was frozen"),
    "has_left": Text("退会済みでした", "the account had left"),
    "closed": Text("閉じられたアカウントでした", "the account was closed"),
    "password_void": Text("使えなくなったパスワードでした", "the password was no longer valid"),
    "address_not_proved": Text("メールアドレスが未確認でした", "the address was not proved"),
}
"""How a try ended, as the owner reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try of the last hours."""

    at: datetime
    way: str
    outcome: str
    label: str

    @property
    def words(self) -> Text:
        at = f"{clock.tokyo(self.at):%m/%d %H:%M}"
        outcome = OUTCOMES.get(self.outcome, Text(self.outcome, self.outcome))
        return Text("{at} {label} {outcome}", "{at} {label}: {outcome}").format(
            at=at, label=self.label, outcome=outcome
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is known of an account that its owner cannot open. `links` are addresses made for this mail."""

    username: str
    has_password: bool
    external: Sequence[str]
    blockers: Sequence[Blocker]
    tries: Sequence[Try]
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the mail says: the cause, and the one step."""

    cause: Text
    step: Text
    url: str


def answer_to(found: Findings) -> Answer:
    """The cause that weighs most, with its one step: what cannot be undone first, then what waits, then slips."""
    blockers = {b.code.rpartition(".")[2]: b for b in found.blockers}
    for code in ("has_left", "closed", "frozen", "password_void", "locked", "address_not_proved"):
        if code in blockers:
            return _of_blocker(code, blockers[code], found)
    if not found.has_password:
        return _without_password(found)
    if any(each.outcome == "wrong" for each in found.tries):
        return Answer(
            cause=Text(
                "アカウントはいつもどおり使えます。入力されたパスワードが登録と違っていました。",
                "The account is in order. The password that was typed is not the one it has.",
            ),
            step=Text("新しいパスワードを設定する", "Set a new password"),
            url=found.links["reset"],
        )
    return Answer(
        cause=Text(
            "アカウントはいつもどおり使えます。このアドレス、または上のユーザー名でログインできます。",
            "The account is in order. You can sign in with this address or with the username above.",
        ),
        step=Text("ログインする(パスワードがわからなければ再設定もできます)", "Sign in, or set a new password there"),
        url=found.links["login"],
    )


def _of_blocker(code: str, blocker: Blocker, found: Findings) -> Answer:
    steps = {
        "has_left": (Text("もう一度会員登録する", "Sign up again"), "sign_up"),
        "closed": (Text("お問い合わせ", "Contact us"), "contact"),
        "frozen": (Text("理由を確かめ、異議を申し立てる", "See the reason and contest it"), "appeal"),
        "password_void": (Text("新しいパスワードを設定する", "Set a new password"), "reset"),
        "locked": (Text("いますぐロックを解く", "End the lock now"), "unlock"),
        "address_not_proved": (Text("新しいパスワードを設定してアドレスを確認する", "Set a new password"), "reset"),
    }
    step, link = steps[code]
    until = (
        Text("\n終わり: {at}", "\nUntil: {at}").format(at=f"{clock.tokyo(blocker.clears_at):%Y-%m-%d %H:%M}")
        if blocker.clears_at
        else Text("", "")
    )
    left_at = blocker.facts.get("left_at")
    when = (
        Text("(退会日: {day})", " (left on {day})").format(day=f"{clock.tokyo(left_at):%Y-%m-%d}")
        if isinstance(left_at, datetime)
        else Text("", "")
    )
    told = str(blocker.facts.get("explanation") or "")
    explanation = Text(f"\n{told}", f"\n{told}") if told else Text("", "")
    return Answer(
        cause=Text("{reason}{when}{explanation}{until}", "{reason}{when}{explanation}{until}").format(
            reason=blocker.reason, when=when, explanation=explanation, until=until
        ),
        step=step,
        url=found.links[link],
    )


def _without_password(found: Findings) -> Answer:
    if found.external:
        return Answer(
            cause=Text(
                "このアカウントは{names}でログインする設定で、パスワードがまだありません。ログイン画面の{names}のボタンを"
                "お使いください。パスワードを設定すると、このアドレスとパスワードでもログインできます。",
                "This account signs in with {names} and has no password yet. Use the button of {names} on the sign-in page. "
                "If you set a password, this address and the password work too.",
            ).format(names=Text("・".join(found.external), " / ".join(found.external))),
            step=Text("パスワードを設定する", "Set a password"),
            url=found.links["reset"],
        )
    return Answer(
        cause=Text("このアカウントには、まだパスワードがありません。", "This account has no password yet."),
        step=Text("パスワードを設定する", "Set a password"),
        url=found.links["reset"],
    )
