"""What people write about, what they may have tried before, and how that went."""

from kotowari.kernel.text import Text

TOPICS: dict[str, Text] = {
    "cannot_sign_in": Text("ログインできない", "I cannot sign in"),
    "not_me": Text("覚えのないログイン・お金の動き", "A sign-in or payment that was not mine"),
    "address_lost": Text("登録したアドレスが使えない", "My registered address is gone"),
    "account": Text("アカウント・設定", "Account and settings"),
    "contract": Text("仕事・契約", "Work and contracts"),
    "money": Text("報酬・出金・入金", "Rewards, payouts, deposits"),
    "other": Text("そのほか", "Something else"),
}
URGENT = frozenset({"cannot_sign_in", "not_me", "address_lost"})
"""Answered within the shorter limit: people stand outside while deadlines run, or somebody else is inside."""
ALIASES = {"cannot_log_in": "cannot_sign_in", "login": "cannot_sign_in"}
"""Other names by which pages may link to a topic."""

TRIED: dict[str, Text] = {
    "read_articles": Text("「よくある質問」を読んだ", "Read the frequent questions"),
    "checked_connection": Text("インターネットの接続を確かめた", "Checked the connection"),
    "checked_input": Text("アドレスとパスワードの入力を確かめた", "Checked address and password"),
    "reset_password": Text("パスワードを再設定した(しようとした)", "Set, or tried to set, a new password"),
    "other_browser": Text("別のブラウザや端末で試した", "Tried another browser or device"),
    "waited": Text("時間をおいて試した", "Waited and tried again"),
}
RESULTS: dict[str, Text] = {
    "same": Text("同じ結果だった", "The same happened"),
    "other_message": Text("別のメッセージが出た", "Another message appeared"),
    "no_mail": Text("届くはずのメールが届かなかった", "The mail did not arrive"),
    "sometimes": Text("できるときとできないときがある", "It works now and then"),
}

_OF_CODES = {
    "accounts.sign_in": "cannot_sign_in",
    "accounts.password": "cannot_sign_in",
    "accounts.": "account",
    "contracts.": "contract",
    "market.": "contract",
    "messaging.": "contract",
    "papers.": "money",
    "payouts.": "money",
    "payments.": "money",
}
"""By the beginning of a message's code, what a question about it is about; the first that fits."""


def topic_of_code(code: str) -> str:
    """What a question about a message of this code is about, or "" when that is open."""
    return next((topic for prefix, topic in _OF_CODES.items() if code.startswith(prefix)), "")


def topic_named(name: str) -> str:
    """The topic of a name in a link, or "" when there is none."""
    name = ALIASES.get(name, name)
    return name if name in TOPICS else ""
