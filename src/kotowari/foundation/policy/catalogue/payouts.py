"""How rewards become money in a bank account."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Choice, Flag, ListOf, Whole
from kotowari.foundation.policy.rows import Closings, TransferFees
from kotowari.kernel.text import Text

METHOD_NAMES = {
    "standard": Text("随時出金", "standard"),
    "threshold": Text("50,000円以上出金", "threshold"),
    "carry_over": Text("キャリーオーバー", "carry-over"),
    "quick": Text("クイック出金", "quick payout"),
}
METHODS = define(
    "payouts.methods",
    ListOf(Choice(METHOD_NAMES), longest=4, shortest=1),
    Text("選べる出金方式", "Payout methods"),
    Text(
        "受注者が選べる出金方式。選ばれているのは常に1つだけ。",
        "The methods a worker may choose from; exactly one is chosen.",
    ),
    rule="A045",
    needs_notice=True,
)
DEFAULT_METHOD = define(
    "payouts.default_method",
    Choice(METHOD_NAMES),
    Text("最初の出金方式", "Payout method at first"),
    Text("受注者が選ぶまで使われる出金方式。", "The method used until the worker chooses."),
    rule="A049",
    needs_notice=True,
)
ACCOUNT_NEEDS = define(
    "payouts.account_needs",
    Choice(
        {
            "nothing": Text("なし", "nothing"),
            "name": Text("本名・法人名の登録", "the registered name"),
        }
    ),
    Text("口座登録の前に必要なもの", "What a bank account needs"),
    Text(
        "口座を登録する前に済ませておくこと。登録した名前と口座の名義(カナ)を照らし合わせる。",
        "What comes before a bank account. The holder is compared with the name that was registered.",
    ),
    rule="A151",
    needs_notice=True,
)
HOLDER_REVIEW_BANK_DAYS = define(
    "payouts.holder_review_bank_days",
    Whole("bank_days", 1, 20),
    Text("口座の名義を確認するまで", "Time to look at a holder"),
    Text(
        "口座の名義が登録の名前と違うとき、運営が確認を終えるまでの営業日数。",
        "Bank days within which staff look at an account whose holder is not the registered name.",
    ),
    rule="A153",
)
HOLDER_LAPSE_BANK_DAYS = define(
    "payouts.holder_lapse_bank_days",
    Whole("bank_days", 1, 20),
    Text("名義の確認の、最後の猶予", "Last time to decide about a holder"),
    Text(
        "名義の確認の期限(payouts.holder_review_bank_days)が過ぎてから、自動で決まるまでの営業日数。屋号つきの口座と異議は"
        "認め、名義の違う口座は認めずに異議を受け付ける。",
        "Bank days after the day for looking at a holder (payouts.holder_review_bank_days) until the clock decides: a trade "
        "name and what was contested pass, another name is refused and can be contested.",
    ),
    rule="P020",
)
CLOSINGS = define(
    "payouts.closings",
    Closings(),
    Text("締め日と支払日", "Closings and pay dates"),
    Text("報酬を締める日と、締めた報酬を支払う日。", "When rewards are gathered and when they are paid."),
    rule="A046",
    needs_notice=True,
)
HOLIDAY_SHIFT = define(
    "payouts.holiday_shift",
    Choice({"previous": Text("前の営業日", "the bank day before"), "next": Text("次の営業日", "the bank day after")}),
    Text("支払日が銀行休業日のとき", "When a pay date is no bank day"),
    Text("支払日が銀行休業日に当たるとき、支払う日。", "The day on which it is paid instead."),
    needs_notice=True,
)
STANDARD_MINIMUM_YEN = define(
    "payouts.standard_minimum_yen",
    Whole("yen", 1, 100_000),
    Text("随時出金の最低額", "Minimum of the standard method"),
    Text(
        "締め日にこの額に満たない報酬は次回に繰り延べる。", "Less than this at a closing is carried over to the next."
    ),
    rule="A044",
    needs_notice=True,
)
THRESHOLD_MINIMUM_YEN = define(
    "payouts.threshold_minimum_yen",
    Whole("yen", 1, 1_000_000),
    Text("まとめて出金の最低額", "Minimum of the threshold method"),
    Text(
        "締め日にこの額に満たない報酬は次回に繰り延べる。", "Less than this at a closing is carried over to the next."
    ),
    rule="A047",
    needs_notice=True,
)
QUICK_OFFERED = define(
    "payouts.quick_offered",
    Flag(),
    Text("クイック出金を行う", "Quick payout offered"),
    Text("締め日を待たない出金を受け付けるか。", "Whether payouts can be asked for without waiting for a closing."),
    rule="A053",
    needs_notice=True,
)
QUICK_MINIMUM_YEN = define(
    "payouts.quick_minimum_yen",
    Whole("yen", 1, 100_000),
    Text("クイック出金の最低額", "Minimum of a quick payout"),
    Text("クイック出金を申請できる最低の額。", "The least that can be paid out quickly."),
    rule="A054",
    needs_notice=True,
)
QUICK_FEE_PERMILLE = define(
    "payouts.quick_fee_permille",
    Whole("permille", 0, 200),
    Text("クイック出金の利用料", "Fee of a quick payout"),
    Text("クイック出金する額に対する利用料(税込)。", "The share of a quick payout taken as a fee, tax included."),
    rule="A055",
    needs_notice=True,
)
QUICK_BANK_DAYS = define(
    "payouts.quick_bank_days",
    Whole("bank_days", 1, 20),
    Text("クイック出金の支払いまで", "Time of a quick payout"),
    Text("申請から支払いまでの最長の営業日数。", "The most bank days from the request to the payment."),
    rule="A053",
    needs_notice=True,
)
QUICK_PLANNED_BANK_DAYS = define(
    "payouts.quick_planned_bank_days",
    Whole("bank_days", 1, 20),
    Text("クイック出金の予定日まで", "Planned time of a quick payout"),
    Text(
        "申請から振込を予定する日までの営業日数。約束の日(payouts.quick_bank_days)より前に置き、遅れに備える。",
        "Bank days from the request to the day on which the transfer is planned: before the promised day "
        "(payouts.quick_bank_days), so that there is time for mishaps.",
    ),
    rule="A053",
    needs_notice=True,
)
QUICK_ONLY_WITH_CARRY_OVER = define(
    "payouts.quick_only_with_carry_over",
    Flag(),
    Text("クイック出金はキャリーオーバーのみ", "Quick payout only with carry-over"),
    Text(
        "締めで自動的に支払われない方式(キャリーオーバー・クイック出金)を選んでいる人だけがクイック出金できるか。",
        "Whether only those may ask for it whose method no closing pays: carry-over and quick payout.",
    ),
    rule="A053",
    needs_notice=True,
)
TRANSFER_FEES = define(
    "payouts.transfer_fees",
    TransferFees(),
    Text("振込手数料", "Transfer fee"),
    Text("1回の振込ごとに受注者が負担する額(税込)。", "What one transfer costs the worker, tax included."),
    rule="A052",
    needs_notice=True,
)
FREE_TRANSFERS_PER_CLOSING = define(
    "payouts.free_transfers_per_closing",
    Whole("count", 0, 31),
    Text("締めごとの無料の振込", "Free transfers per closing"),
    Text(
        "前の締めの翌日から締め日までに、振込手数料のかからない出金の回数。クイック出金も1回に数える。",
        "How many payouts carry no transfer fee from the day after one closing to the next; quick payouts count.",
    ),
    rule="A052",
    needs_notice=True,
)
EXPIRY_DAYS = define(
    "payouts.expiry_days",
    Whole("days", 30, 3_650),
    Text("報酬の出金期限", "Time limit of a reward"),
    Text(
        "報酬が確定した日から数える日数。期限に何が起きるかは payouts.at_expiry が決める。",
        "Counted from the day the reward was fixed; payouts.at_expiry says what then happens.",
    ),
    rule="A041",
    needs_notice=True,
)
AT_EXPIRY = define(
    "payouts.at_expiry",
    Choice(
        {
            "paid_out": Text("登録口座へ自動的に支払う", "paid automatically to the registered account"),
            "dormant": Text("預かったままにする", "kept for the worker, without a limit"),
            "forfeited": Text("失効する", "forfeited"),
        }
    ),
    Text("出金期限が来たとき", "At the time limit"),
    Text("期限までに出金されなかった報酬の扱い。", "What becomes of a reward that was not paid out in time."),
    rule="A041",
    needs_notice=True,
)
AT_EXPIRY_WITHOUT_ACCOUNT = define(
    "payouts.at_expiry_without_account",
    Choice(
        {
            "dormant": Text("預かったままにする", "kept for the worker, without a limit"),
            "forfeited": Text("失効する", "forfeited"),
        }
    ),
    Text("口座がないまま出金期限が来たとき", "At the time limit, without an account"),
    Text(
        "支払う先の口座が登録されていない報酬の扱い。", "What becomes of a reward for which no account is registered."
    ),
    rule="A041",
    needs_notice=True,
)
EXPIRY_WARNING_DAYS = define(
    "payouts.expiry_warning_days",
    ListOf(Whole("days", 1, 365), longest=6),
    Text("出金期限の予告", "Warnings before the time limit"),
    Text("期限の何日前に知らせるか。", "How many days before the limit the worker is told."),
    rule="A041",
    needs_notice=True,
)
EXPIRY_PAUSES_WHILE_LOCKED = define(
    "payouts.expiry_pauses_while_locked",
    Flag(),
    Text("ロック・凍結中は期限を止める", "The limit pauses while locked out"),
    Text(
        "本人がログインできない間、出金期限を数えないか。",
        "Whether days on which the owner cannot sign in do not count.",
    ),
    rule="A042",
    needs_notice=True,
)
REFUND_TRANSFER_FEES = define(
    "payments.refund_transfer_fees",
    TransferFees(),
    Text("返金の振込手数料", "Transfer fee of a refund"),
    Text(
        "仮払金を返すとき、1回の振込ごとに発注者が負担する額(税込)。",
        "What one refund transfer costs the client, tax included.",
    ),
    needs_notice=True,
)
DIFFERENCE_DAYS = define(
    "payouts.difference_days",
    Whole("days", 1, 60),
    Text("銀行との差異を確かめる期限", "Clock of a difference with the bank"),
    Text(
        "帳簿と銀行の差異が見つかってから、担当者が何であるかを確かめるまでの日数。過ぎると毎日催促する。",
        "Days in which staff find out what a difference between books and bank is; after that they are told every day.",
    ),
    rule="P009",
)
