"""The closed lists of an incident: what kind it is, how bad, and which functions of the market it is about."""

from dataclasses import dataclass

from kotowari.kernel.text import Text

KINDS: dict[str, Text] = {
    "outage": Text("障害", "Outage"),
    "leak": Text("情報の漏えい", "Leak of data"),
    "security": Text("不正アクセス", "Break-in"),
}
"""`outage`: something does not work. `leak` and `security`: accounts may be affected."""

SEVERITIES: dict[str, Text] = {
    "minor": Text("一部に影響", "Minor"),
    "major": Text("大きな影響", "Major"),
    "critical": Text("重大", "Critical"),
}


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the market as people call it; while one that `stops_deadlines` is down, nobody can keep a date."""

    title: Text
    stops_deadlines: bool = False


FUNCTIONS: dict[str, Function] = {
    "site": Function(Text("サイト全体", "The whole site"), stops_deadlines=True),
    "sign_in": Function(Text("ログイン・会員登録", "Signing in and signing up")),
    "jobs": Function(Text("仕事の検索・応募", "Finding jobs and proposing")),
    "contracts": Function(Text("契約・納品・検収", "Contracts, delivery and acceptance")),
    "messages": Function(Text("メッセージ", "Messages")),
    "payments": Function(Text("仮払い・入金", "Funding and deposits")),
    "payouts": Function(Text("出金・振込", "Payouts")),
    "mail": Function(Text("メール・SMSの配信", "Sending mail and text messages")),
    "api": Function(Text("API", "The API")),
}
STOPPING = tuple(name for name, function in FUNCTIONS.items() if function.stops_deadlines)
