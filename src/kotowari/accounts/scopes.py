"""What a personal access token may be allowed to do."""

from collections.abc import Iterable

from kotowari.kernel.text import Text

SCOPES: dict[str, Text] = {
    "jobs:read": Text("仕事・サービスを読む", "read jobs and services"),
    "jobs:write": Text("仕事の掲載・応募・採用をする", "post jobs, propose and hire"),
    "contracts:read": Text("自分の契約を読む", "read own contracts"),
    "contracts:write": Text("納品・検収・途中終了をする", "deliver, accept and end contracts"),
    "money:read": Text("報酬・仮払い・出金を読む", "read rewards, escrow and payouts"),
    "money:write": Text("仮払い・出金を動かす", "move escrow and payouts"),
    "messages:read": Text("自分のメッセージを読む", "read own messages"),
    "messages:write": Text("メッセージを送る", "send messages"),
    "support:read": Text("自分のお問い合わせを読む", "read own questions to the operator"),
    "support:write": Text("お問い合わせを送る", "ask the operator"),
    "profile:read": Text("自分の設定とプロフィールを読む", "read own settings and profile"),
    "profile:write": Text("自分の設定とプロフィールを変える", "change own settings and profile"),
}
"""Every scope with what it allows, in words. `x:write` does not include `x:read`."""


def unknown_scopes(scopes: Iterable[str]) -> list[str]:
    """Those that are not in the catalogue, sorted."""
    return sorted(set(scopes) - SCOPES.keys())
