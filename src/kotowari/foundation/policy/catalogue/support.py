"""Answering those who ask for help."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Whole
from kotowari.kernel.text import Text

ANSWER_BANK_DAYS = define(
    "support.answer_bank_days",
    Whole("bank_days", 1, 30),
    Text("お問い合わせに答える期限", "Time to answer a question"),
    Text(
        "受付から回答までの最長の営業日数。過ぎると、お詫びと新しい予定が自動で送られる。",
        "The most bank days from a question to its answer; after that an apology with a new date goes out by itself.",
    ),
    rule="A061",
    needs_notice=True,
)
URGENT_ANSWER_BANK_DAYS = define(
    "support.urgent_answer_bank_days",
    Whole("bank_days", 1, 30),
    Text("急ぎのお問い合わせに答える期限", "Time to answer an urgent question"),
    Text(
        "ログインできない、覚えのないログインがある、登録アドレスが使えない、という件に答える最長の営業日数。",
        "The most bank days to an answer for those who cannot sign in, lost their address or were intruded upon.",
    ),
    rule="A061",
    needs_notice=True,
)
SILENT_CLOSE_DAYS = define(
    "support.silent_close_days",
    Whole("days", 1, 90),
    Text("回答のあと自動で完了するまで", "Silence after an answer"),
    Text(
        "回答のあと、この日数お返事がないお問い合わせは完了になる。",
        "Days without a word after an answer until the conversation closes.",
    ),
    rule="A060",
    needs_notice=True,
)
REOPEN_DAYS = define(
    "support.reopen_days",
    Whole("days", 1, 365),
    Text("完了後に続きを送れる期間", "Time to take a closed question up again"),
    Text(
        "完了したお問い合わせの続きを、同じページから送れる日数。",
        "Days for which a closed conversation can be taken up again.",
    ),
    rule="A060",
    needs_notice=True,
)
LINK_DAYS = define(
    "support.link_days",
    Whole("days", 1, 365),
    Text("お問い合わせのリンクの期限", "Life of a link to a conversation"),
    Text(
        "メールのリンクで、ログインせずにやりとりを開ける日数。期限のあとは、新しいリンクを送り直せる。",
        "How long the link in a mail opens its conversation without signing in; a new one can be sent at any time.",
    ),
    rule="A060",
)
MEASURED_WEEKS = define(
    "support.measured_weeks",
    Whole("count", 1, 52),
    Text("回答までの時間を測る週数", "Weeks over which answers are measured"),
    Text(
        "お問い合わせの画面に出す「回答までの時間」を、最近の何週間から求めるか。",
        "The last weeks from which the time to an answer, shown on the form, is taken.",
    ),
    rule="A061",
)
MEASURED_LEAST = define(
    "support.measured_least",
    Whole("count", 1, 1_000),
    Text("回答までの時間を出す最少の件数", "Fewest answers that say something"),
    Text(
        "この件数に満たないときは、測った時間の代わりに回答の期限を示す。",
        "With fewer answers than this, the limit is shown in place of a measured time.",
    ),
    rule="A061",
)
