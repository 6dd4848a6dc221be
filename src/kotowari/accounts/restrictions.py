"""Why a member may be restricted, and what each restriction stops. Pure; the rows are `models.Restriction`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from kotowari.kernel.text import Text

SCOPES: dict[str, Text] = {
    "sign_in": Text("ログイン", "signing in"),
    "payout": Text("出金", "payouts"),
    "payout_destination": Text("振込先の変更", "changes of the bank account"),
}
"""What a restriction can stop. One that stops signing in is called a freeze."""

KEEPS_OUT = ("sign_in",)
"""What a restriction stops that keeps its member from doing anything here."""

ANY = tuple(SCOPES)
"""What any restriction stops: money is out of its owner's reach under each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One reason to restrict: what is said of it, the rule behind it, what it stops and who decides it.

    `decided_by` is the owner who asks for protection, a rule that follows from something they did, or staff. `also`
    tells what was done together with it.
    """

    title: Text
    reason: Text
    rule: str
    scope: tuple[str, ...]
    decided_by: Literal["owner", "rule", "staff"]
    also: Text | None = None


_MONEY = ("payout", "payout_destination")

CAUSES: dict[str, Cause] = {
    "password_reset": Cause(
        title=Text("パスワード再設定後の確認期間", "A time of caution after a new password"),
        reason=Text(
            "パスワードを再設定したばかりです。ほかの人による再設定だった場合に備え、しばらく振込先を変えられません。",
            "The password was set anew a short while ago. In case it was not you, the bank account stays as it is for now.",
        ),
        rule="A121",
        scope=("payout_destination",),
        decided_by="rule",
    ),
    "address_changed": Cause(
        title=Text("メールアドレス変更後の確認期間", "A time of caution after a new main address"),
        reason=Text(
            "お知らせ先のメールアドレスを変えたばかりです。ほかの人による変更だった場合に備え、しばらく振込先を変えられません。",
            "The main address was changed a short while ago. In case it was not you, the bank account stays as it is.",
        ),
        rule="A115",
        scope=("payout_destination",),
        decided_by="rule",
    ),
    "factor_reset": Cause(
        title=Text("二段階認証の復旧後の確認期間", "A time of caution after a lost second factor"),
        reason=Text(
            "二段階認証を復旧したばかりです。ほかの人による復旧だった場合に備え、しばらく振込先を変えられません。",
            "The second factor was recovered a short while ago. In case it was not you, the bank account stays as it is.",
        ),
        rule="A121",
        scope=("payout_destination",),
        decided_by="rule",
    ),
    "not_me": Cause(
        title=Text("保護措置", "Protective hold"),
        reason=Text(
            "「これは私ではありません」と知らせを受けたため、出金と振込先の変更を止めてお守りしています。",
            "You told us that it was not you, so payouts and changes of the bank account are held for your protection.",
        ),
        rule="A120",
        scope=_MONEY,
        decided_by="owner",
        also=Text(
            "すべての端末をログアウトし、端末の記憶とAPIトークンを消し、いままでのパスワードを使えなくしました。新しいパスワードを"
            "設定するためのメールを、別にお送りしています。設定してログインしたら、セキュリティ点検のページで最近の動きを"
            "確かめ、保護措置を解除してください。",
            "Every device was signed out and forgotten, all tokens were revoked, and the password so far opens nothing. "
            "Another mail brings the link for a new one. When you are in again, look through the latest activity on the "
            "security check page, and lift the hold there.",
        ),
    ),
    "takeover_suspected": Cause(
        title=Text("乗っ取りの疑いによる凍結", "Frozen: somebody else may have the account"),
        reason=Text(
            "ほかの人がこのアカウントを使っている疑いがあるため、凍結しています。",
            "Somebody else may be using this account, so it is frozen.",
        ),
        rule="A123",
        scope=ANY,
        decided_by="staff",
    ),
    "terms_breach": Cause(
        title=Text("利用規約違反による凍結", "Frozen: breach of the terms"),
        reason=Text(
            "利用規約に反する行為が確認されたため、凍結しています。",
            "Something against the terms of use was found, so the account is frozen.",
        ),
        rule="A124",
        scope=ANY,
        decided_by="staff",
    ),
    "multiple_accounts": Cause(
        title=Text("複数アカウントによる凍結", "Frozen: several accounts of one person"),
        reason=Text(
            "同じ方のアカウントが複数あると判断したため、凍結しています。",
            "We believe that one person has several accounts, so this one is frozen.",
        ),
        rule="A125",
        scope=ANY,
        decided_by="staff",
    ),
    "defamation": Cause(
        title=Text("誹謗中傷による凍結", "Frozen: defamatory messages"),
        reason=Text(
            "ほかの人を誹謗中傷する内容が確認されたため、凍結しています。",
            "Messages that defame others were found, so the account is frozen.",
        ),
        rule="A125",
        scope=ANY,
        decided_by="staff",
    ),
}
"""Every cause, by the code that stands in the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A restriction as gates read it."""

    id: UUID
    cause: str
    since: datetime
    until: datetime
    explanation: str = ""

    @property
    def words(self) -> Cause:
        return CAUSES[self.cause]


def longest(found: Iterable[InForce]) -> InForce | None:
    """The one that ends last: what a refusal tells when several stop the same thing."""
    return max(found, key=lambda each: each.until, default=None)
