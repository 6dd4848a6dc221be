"""Clocks of a contract: every wait has one."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Whole
from kotowari.kernel.text import Text

FUNDING_DEADLINE_DAYS = define(
    "contracts.funding_deadline_days",
    Whole("days", 1, 60),
    Text("仮払いの期限", "Time to fund"),
    Text(
        "契約(または次のマイルストーンの開始)から仮払いまでの日数。過ぎると自動的に取りやめになる。",
        "Days from the agreement to the escrow funding; a milestone that is not funded by then is called off.",
    ),
    rule="P003",
    needs_notice=True,
)
ACCEPTANCE_DAYS = define(
    "contracts.acceptance_days",
    Whole("days", 1, 30),
    Text("検収の期間", "Time to accept"),
    Text(
        "納品から検収までの日数。発注者が何もしなければ自動的に検収される。止めるのは項目を挙げた修正依頼だけ。",
        "Days from delivery to acceptance; silence accepts. Only an itemised change request pauses this clock.",
    ),
    rule="P004",
    needs_notice=True,
)
ACCEPTANCE_DAYS_MAX = define(
    "contracts.acceptance_days_max",
    Whole("days", 1, 30),
    Text("検収の期間の上限", "Longest time to accept"),
    Text("契約で決められる検収期間の上限。", "The longest time to accept that a contract may set."),
    rule="フリーランス法4条",
    needs_notice=True,
)
CHANGE_ROUNDS_MAX = define(
    "contracts.change_rounds_max",
    Whole("count", 0, 20),
    Text("修正依頼の回数", "Change requests"),
    Text("1つのマイルストーンで修正を依頼できる回数。", "How often changes may be asked for in one milestone."),
    rule="P005",
    needs_notice=True,
)
CHANGE_RESPONSE_DAYS = define(
    "contracts.change_response_days",
    Whole("days", 1, 60),
    Text("修正の期間", "Time to answer a change request"),
    Text("修正依頼から再納品までの日数。", "Days from a change request to the next delivery."),
    rule="P003",
    needs_notice=True,
)
DELIVERY_GRACE_DAYS = define(
    "contracts.delivery_grace_days",
    Whole("days", 0, 60),
    Text("納期を過ぎてからの猶予", "Grace after the due date"),
    Text(
        "納期を過ぎても納品がないとき、仮払金が発注者に戻るまでの日数。",
        "Days after the due date until, without a delivery, the money goes back to the client.",
    ),
    rule="P003",
    needs_notice=True,
)
EARLY_END_LAPSE_DAYS = define(
    "contracts.early_end_lapse_days",
    Whole("days", 1, 60),
    Text("途中終了の回答期限", "Time to answer an early end"),
    Text(
        "途中終了の申し出に答えがないとき、同意とみなすまでの日数。", "Days after which silence agrees to an early end."
    ),
    rule="P007",
    needs_notice=True,
)
MILESTONES_MAX = define(
    "contracts.milestones_max",
    Whole("count", 1, 100),
    Text("マイルストーンの数", "Milestones"),
    Text("1つの契約に入れられるマイルストーンの数。", "How many milestones one contract may have."),
)
PAY_WITHIN_DAYS = define(
    "contracts.pay_within_days",
    Whole("days", 1, 60),
    Text("報酬の支払期日", "Latest payment"),
    Text(
        "納品を受けた日を1日目として、受注者に支払うまでの最長の日数。",
        "The most days from delivery to payment; the day of delivery is the first.",
    ),
    rule="フリーランス法4条",
)
PAY_ALARM_DAYS = define(
    "contracts.pay_alarm_days",
    Whole("days", 1, 59),
    Text("支払いの遅れの警報", "Late payment alarm"),
    Text(
        "納品から支払いまでがこの日数になりそうなとき、運営に知らせる。",
        "Staff are told when a payment comes this close.",
    ),
    rule="フリーランス法4条",
)
END_NOTICE_DAYS = define(
    "contracts.end_notice_days",
    Whole("days", 0, 365),
    Text("中途解除の予告", "Notice before ending a long contract"),
    Text("長く続く契約を終えるとき、何日前までに予告するか。", "Days of notice before a long contract may be ended."),
    rule="フリーランス法16条",
    needs_notice=True,
)
END_NOTICE_FROM_MONTHS = define(
    "contracts.end_notice_from_months",
    Whole("months", 1, 120),
    Text("予告が要る契約の長さ", "Contracts that need notice"),
    Text(
        "この期間以上続く契約を終えるには予告が要る。", "Contracts of at least this length need notice before they end."
    ),
    rule="フリーランス法16条",
    needs_notice=True,
)
