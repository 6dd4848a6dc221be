"""What the audit says of contracts."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

CONTRACT_MADE = EntryType("contracts.contract_made", Text("契約「{title}」を結んだ", "made the contract “{title}”"))
MILESTONE_FUNDED = EntryType(
    "contracts.milestone_funded", Text("「{title}」に{amount_yen}円を仮払いした", "funded “{title}” with ¥{amount_yen}")
)
DELIVERED = EntryType(
    "contracts.delivered", Text("「{title}」を納品した({number}回目)", "delivered “{title}” (no. {number})")
)
CHANGES_REQUESTED = EntryType(
    "contracts.changes_requested",
    Text("「{title}」に{points}点の修正を依頼した", "requested {points} change(s) to “{title}”"),
)
ACCEPTED = EntryType(
    "contracts.accepted",
    Text("「{title}」を検収した(報酬{reward_yen}円)", "accepted “{title}” (reward ¥{reward_yen})"),
)
REFUNDED = EntryType(
    "contracts.refunded", Text("「{title}」の{amount_yen}円を返金した", "refunded ¥{amount_yen} of “{title}”")
)
CANCELLED = EntryType("contracts.cancelled", Text("「{title}」を取りやめた", "cancelled “{title}”"))
CLOCK_MOVED = EntryType(
    "contracts.clock_moved",
    Text(
        "サイトを使えない時間の分だけ「{title}」の期限を改めた({was_at} → {due_at})",
        "moved the clock of “{title}” by the time in which the site could not be used ({was_at} → {due_at})",
    ),
)
END_ASKED = EntryType("contracts.end_asked", Text("途中終了を申し出た({reason})", "asked to end early ({reason})"))
END_REFUSED = EntryType("contracts.end_refused", Text("途中終了に同意しなかった", "refused to end early"))
END_WITHDRAWN = EntryType(
    "contracts.end_withdrawn", Text("途中終了の申し出を取り下げた", "withdrew the request to end")
)
ENDED = EntryType("contracts.ended", Text("契約を途中終了した", "ended the contract early"))
