"""How the operator itself works."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Day, ListOf, Whole
from kotowari.kernel.text import Text

CHANGE_NOTICE_DAYS = define(
    "policy.change_notice_days",
    Whole("days", 1, 365),
    Text("規則を変える予告", "Notice of a change of the rules"),
    Text(
        "お金・契約・期限にかかわる設定を変えるとき、何日前までに知らせるか。ほかの設定は翌日から変えられる。",
        "Days of notice before values about money, terms and deadlines change; others may change from the next day.",
    ),
    rule="A189",
    needs_notice=True,
)
CLOCK_BEHIND_MINUTES = define(
    "ledger.clock_behind_minutes_max",
    Whole("minutes", 1, 5_256_000),
    Text("時計のずれの許容", "How far a clock may be behind"),
    Text(
        "帳簿の最後の記録より時計が遅れていても記録を続ける時間。これを超えると、時計が合うまでお金を動かさない。",
        "Minutes that the clock may stand behind the newest entry of the books; beyond that no money moves until it is right.",
    ),
    rule="P018",
)
EXTRA_CLOSED_DAYS = define(
    "calendar.extra_closed_days",
    ListOf(Day(), longest=100),
    Text("追加の銀行休業日", "Extra days of rest"),
    Text(
        "土日・祝日・年末年始のほかに、振込を行わない日。",
        "Days without transfers besides weekends, holidays and New Year.",
    ),
)
