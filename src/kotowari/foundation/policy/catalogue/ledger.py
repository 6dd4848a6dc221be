"""When the books are checked and sealed."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Whole
from kotowari.kernel.text import Text

CHECK_AFTER_HOURS = define(
    "ledger.check_after_hours",
    Whole("hours", 0, 23),
    Text("帳簿を検査する時刻", "When the books are checked"),
    Text(
        "毎日、日本時間の0時から何時間たったら帳簿のすべての決まりを検査するか。",
        "Hours after midnight in Tokyo when every law of the books is asked, each day.",
    ),
    rule="P016",
)
CHECKS_SILENT_HOURS = define(
    "ledger.checks_silent_hours",
    Whole("hours", 25, 240),
    Text("検査が途絶えたとみなす時間", "When checks count as silent"),
    Text(
        "最後に終わった検査からこの時間がたつと、検査が行われていないことを担当者に知らせる。",
        "Hours since the last complete check after which staff are alarmed that none takes place.",
    ),
    rule="P016",
)
SEAL_MINUTES = define(
    "ledger.seal_minutes",
    Whole("minutes", 1, 1_440),
    Text("仕訳を封印する間隔", "Pause between seals"),
    Text(
        "新しい仕訳をまとめて封印する間隔。短いほど、外に控えたダイジェストの後の仕訳が少なくなる。",
        "Minutes between two seals over new journals: the shorter, the fewer journals stand after a digest kept elsewhere.",
    ),
    rule="P016",
)
CLOSE_CHECKED_HOURS = define(
    "ledger.close_checked_hours",
    Whole("hours", 1, 168),
    Text("締める前の検査の新しさ", "How fresh a check must be to close"),
    Text(
        "月を締めるとき、最後に終わった検査がこの時間より新しくなければならない。",
        "To close a month, the last complete check must be no older than so many hours.",
    ),
    rule="P017",
)
OVERDUE_HOURS = define(
    "ledger.overdue_hours",
    Whole("hours", 1, 168),
    Text("期限の処理が遅れたとみなす時間", "When a deadline counts as unheard"),
    Text(
        "期限が来たのに、この時間がたっても自動の処理が行われていないものを、検査が違反として挙げる。",
        "What time should have decided and did not for so many hours is a violation in the checks of the books.",
    ),
    rule="P003",
)
