"""What is said when the way over a provider of external accounts leads nowhere: what happened, and the way on."""

from kotowari.accounts import gates
from kotowari.accounts.external.protocol import Kind
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Blocker, Remedy, refuse
from kotowari.kernel.text import Text

_WORDS: dict[Kind, Text] = {
    "state": Text(
        "{provider}からの返事が、この画面で始めた手続きのものかどうかを確かめられませんでした。時間がたちすぎたか、"
        "別のタブやブラウザで始めたか、同じ返事が2度届いたためです。もう一度はじめからお試しください。",
        "The answer of {provider} does not belong to anything begun in this browser: too much time went by, it was begun "
        "elsewhere, or the same answer came twice. Please begin again.",
    ),
    "cancelled": Text(
        "{provider}の画面で取りやめられたため、何も行っていません。",
        "You stopped on the page of {provider}, so nothing was done.",
    ),
    "refused": Text(
        "{provider}が、この手続きを受け付けませんでした。返事が古くなったときに起こります。もう一度はじめからお試しください。",
        "{provider} did not accept it, as happens when its answer has become old. Please begin again.",
    ),
    "unreachable": Text(
        "{provider}につながりませんでした。{provider}側の不具合か、混雑のためです。あなたのアカウントに問題はありません。",
        "{provider} could not be reached: something is wrong or busy on their side. Nothing is wrong with your account.",
    ),
    "garbled": Text(
        "{provider}からの返事が約束の形ではなかったため、安全のため受け付けませんでした。あなたのアカウントに問題はありません。",
        "The answer of {provider} was not what was agreed, so for safety it was not accepted. Nothing is wrong with your "
        "account.",
    ),
}
TO_LOGIN = Remedy(Text("ログイン画面に戻る", "Back to the sign-in page"), "/login/")


def refused_by(kind: Kind, provider_name: str, *, linking: bool = False) -> Refused:
    """The refusal of a trouble, to be raised; whoever wanted to sign in can have a link by mail when the provider is
    at fault."""
    theirs = kind in ("unreachable", "garbled")
    remedy = gates.TO_EXTERNAL if linking else gates.TO_SIGN_IN_LINK if theirs else TO_LOGIN
    return refuse(
        gates.LINK_EXTERNAL if linking else gates.ENTER_EXTERNAL,
        Blocker(
            code=kind,
            reason=_WORDS[kind].format(provider=provider_name),
            rule="A029",
            resolved_by="you",
            remedy=remedy,
            status=503 if kind == "unreachable" else 409,
        ),
    )
