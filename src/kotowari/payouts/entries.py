"""What the audit says of payouts. Account numbers and names never stand here."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

ACCOUNT_SET = EntryType(
    "payouts.account_set",
    Text("口座を登録した({bank} {branch})", "registered a bank account ({bank}, {branch})"),
    personal=frozenset({"bank", "branch"}),
)
METHOD_CHOSEN = EntryType(
    "payouts.method_chosen", Text("出金方法を「{method}」にした", "chose the payout method “{method}”")
)
CLOSING_BEGUN = EntryType(
    "payouts.closing_begun", Text("{closes_on}の締めを始めた", "began the closing of {closes_on}")
)
CLOSED = EntryType(
    "payouts.closed",
    Text(
        "{closes_on}の締めを終えた(振込{payouts}件、繰越{carried_over}件)",
        "finished the closing of {closes_on}: {payouts} to pay, {carried_over} carried over",
    ),
)
REQUESTED = EntryType("payouts.requested", Text("出金{gross_yen}円を準備した", "prepared a payout of ¥{gross_yen}"))
GATHERED = EntryType(
    "payouts.gathered",
    Text(
        "{closes_on}の締めを進めた({through}まで、振込{payouts}件、繰越{carried_over}件)",
        "went on with the closing of {closes_on} through {through}: {payouts} to pay, {carried_over} carried over",
    ),
)
RUN_MADE = EntryType(
    "payouts.run_made",
    Text("{pays_on}払いの振込{transfers}件を束にした", "put {transfers} transfers into the run of {pays_on}"),
)
FILE_WRITTEN = EntryType(
    "payouts.file_written",
    Text(
        "{pays_on}指定の全銀ファイルを書き出した({transfers}件、{total_yen}円)",
        "wrote the bank file for {pays_on}: {transfers} transfers, ¥{total_yen}",
    ),
)
FILE_READ_AGAIN = EntryType(
    "payouts.file_read_again",
    Text("{pays_on}指定の全銀ファイルをもう一度取り出した", "took out the file for {pays_on} again"),
)
RUN_DISSOLVED = EntryType(
    "payouts.run_dissolved", Text("振込が残らない束を閉じた", "closed a run in which no transfer was left")
)
RUN_DONE = EntryType("payouts.run_done", Text("{pays_on}払いの振込がすべて終わった", "ended the run of {pays_on}"))
HELD = EntryType("payouts.held", Text("振込を保留した:{why_ja}", "put a transfer on hold: {why_en}"))
KEPT_BACK = EntryType(
    "payouts.kept_back",
    Text(
        "受取人への出金が止められているため、振込を次の束に回した",
        "left a transfer for a later run: its owner's payouts are held",
    ),
)
SETTLED = EntryType(
    "payouts.settled",
    Text("{net_yen}円の振込の完了を記録した({settled_on})", "recorded ¥{net_yen} as paid on {settled_on}"),
)
RETURNED = EntryType(
    "payouts.returned", Text("{net_yen}円の組戻しを記録した:{why_ja}", "recorded ¥{net_yen} as sent back: {why_en}")
)
CANCELLED = EntryType(
    "payouts.cancelled", Text("{net_yen}円の振込を取りやめた:{why_ja}", "cancelled a transfer of ¥{net_yen}: {why_en}")
)
QUICK_LATE = EntryType(
    "payouts.quick_late",
    Text(
        "クイック出金{net_yen}円が約束の日({promised_on})に間に合わないことを知らせた",
        "told that a quick payout of ¥{net_yen} will miss its promised day ({promised_on})",
    ),
)
LIMITS_LOOKED_AT = EntryType(
    "payouts.limits_looked_at",
    Text(
        "{day}の出金期限を進めた({through}まで、期限到来{expired}人、予告{warned}人)",
        "went on with the time limits of {day} through {through}: {expired} reached, {warned} warned",
    ),
)
LIMITS_DONE = EntryType(
    "payouts.limits_done", Text("{day}の出金期限を見終えた", "was through the time limits of {day}")
)
REWARD_KEPT = EntryType(
    "payouts.reward_kept",
    Text(
        "出金期限({expired_on})が過ぎた報酬{amount_yen}円を、口座がないため預かった",
        "kept ¥{amount_yen} after its time limit ({expired_on}): no bank account",
    ),
)
REWARD_FORFEITED = EntryType(
    "payouts.reward_forfeited",
    Text(
        "出金期限({expired_on})が過ぎた報酬{amount_yen}円が失効した",
        "forfeited ¥{amount_yen} after its time limit ({expired_on})",
    ),
)
REWARD_REVIVED = EntryType(
    "payouts.reward_revived",
    Text("預かっていた報酬{amount_yen}円を戻した", "made ¥{amount_yen} that was kept available"),
)
FORFEITURE_TAKEN_BACK = EntryType(
    "payouts.forfeiture_taken_back",
    Text("報酬{amount_yen}円の失効を取り消した:{reason}", "took the forfeiture of ¥{amount_yen} back: {reason}"),
)
LINE_MATCHED = EntryType(
    "payouts.line_matched",
    Text("銀行明細の{amount_yen}円({booked_on})を照合した", "matched ¥{amount_yen} of {booked_on} in the statement"),
)
LINE_OPEN = EntryType(
    "payouts.line_open",
    Text(
        "銀行明細の{amount_yen}円({booked_on})は照合できなかった:{why_ja}",
        "could not match ¥{amount_yen} of {booked_on} in the statement: {why_en}",
    ),
)
LINE_SET_ASIDE = EntryType(
    "payouts.line_set_aside",
    Text(
        "銀行明細の{amount_yen}円を対象外にした:{note}", "said that ¥{amount_yen} in the statement is no payout: {note}"
    ),
)
LINE_BOOKED = EntryType(
    "payouts.line_booked",
    Text("銀行明細の{amount_yen}円を記帳した:{what_ja}", "booked ¥{amount_yen} of the statement: {what_en}"),
)
LINE_REOPENED = EntryType(
    "payouts.line_reopened",
    Text("銀行明細の{amount_yen}円を未確認に戻した:{why}", "opened ¥{amount_yen} of the statement again: {why}"),
)
OPERATOR_REMINDED = EntryType(
    "payouts.operator_reminded",
    Text(
        "運営に催促した(未依頼{runs_to_hand_over}、結果未確認{runs_without_outcome}、明細{lines_to_explain}、名義{holders_to_check})",
        "reminded the operator: {runs_to_hand_over} runs to hand over, {runs_without_outcome} without outcome, "
        "{lines_to_explain} lines to explain, {holders_to_check} holders to look at",
    ),
)
LINE_SEEN_AGAIN = EntryType(
    "payouts.line_seen_again",
    Text(
        "銀行明細の{amount_yen}円({booked_on})は処理済みだった",
        "saw ¥{amount_yen} of {booked_on} in the statement again; it had been dealt with",
    ),
)
RECONCILED = EntryType(
    "payouts.reconciled",
    Text(
        "帳簿{books_yen}円と銀行{bank_yen}円を照合した(未確認{open}件)",
        "compared the books (¥{books_yen}) with the bank (¥{bank_yen}): {open} to be looked at",
    ),
)
DIFFERENCE_EXPLAINED = EntryType(
    "payouts.difference_explained",
    Text(
        "銀行との差異{amount_yen}円を説明した: {note}", "explained a difference of ¥{amount_yen} with the bank: {note}"
    ),
)
OPENING_TOLD = EntryType(
    "payouts.opening_told",
    Text(
        "最初の残高を登録した({as_of}時点で{amount_yen}円)",
        "told the opening balance: ¥{amount_yen} at the end of {as_of}",
    ),
)
HOLDER_DIFFERS = EntryType(
    "payouts.holder_differs",
    Text("口座の名義の確認が必要になった:{why_ja}", "the holder of the account has to be looked at: {why_en}"),
)
HOLDER_FITS = EntryType(
    "payouts.holder_fits", Text("口座の名義が登録の名前と一致した", "the holder is the registered name")
)
HOLDER_APPROVED = EntryType(
    "payouts.holder_approved", Text("口座の名義を本人と認めた:{reason}", "took the holder for the owner: {reason}")
)
HOLDER_LET_PASS = EntryType(
    "payouts.holder_let_pass",
    Text("口座の名義を、期限により本人と認めた", "took the holder for the owner, the time to decide being over"),
)
HOLDER_LAPSED = EntryType(
    "payouts.holder_lapsed",
    Text(
        "口座の名義を、期限により認めなかった", "did not take the holder for the owner, the time to decide being over"
    ),
)
HOLDER_REFUSED = EntryType(
    "payouts.holder_refused",
    Text("口座の名義を認めなかった:{reason}", "did not take the holder for the owner: {reason}"),
)
HOLDER_CONTESTED = EntryType(
    "payouts.holder_contested", Text("口座の名義の判断に異議を申し立てた", "contested the decision about the holder")
)
