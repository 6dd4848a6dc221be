"""What kinds of matters come before staff because an account may be in danger."""

from kotowari.kernel.text import Text

KINDS: dict[str, Text] = {
    "repeated_locks": Text("ロックのくり返し", "Locked again and again"),
    "credential_stuffing": Text("パスワードリスト攻撃の疑い", "Passwords tried across many accounts"),
    "address_undone": Text("お知らせ先の変更の取り消し", "A change of the main address was taken back"),
    "unfamiliar_activity": Text("点検で見つかった心当たりのない動き", "Something unfamiliar found in a check"),
    "not_me": Text("「これは私ではありません」の知らせ", "“This was not me”"),
}
"""What each kind in `RiskCase.kind` is called in the console."""
