"""What the audit says of profiles, jobs and proposals."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

PROFILE_UPDATED = EntryType(
    "market.profile_updated", Text("プロフィールを更新した({parts})", "updated the profile ({parts})")
)
PRIVACY_SET = EntryType(
    "market.privacy_set",
    Text(
        "公開範囲を変えた(ログイン時間: {last_login}、非公開: {hidden})",
        "changed what others see (last sign-in: {last_login}, hidden: {hidden})",
    ),
)
JOB_POSTED = EntryType("market.job_posted", Text("仕事「{title}」を募集した", "posted the job “{title}”"))
JOB_CLOSED = EntryType(
    "market.job_closed",
    Text(
        "仕事「{title}」の募集を終了した(選考中の応募{waiting}件)",
        "closed the job “{title}” ({waiting} proposal(s) waiting)",
    ),
)
JOB_LAPSED = EntryType(
    "market.job_lapsed",
    Text("仕事「{title}」の応募が期限により締め切られた", "applications to “{title}” closed at the deadline"),
)
JOB_FILLED = EntryType(
    "market.job_filled",
    Text("仕事「{title}」の採用が{hires}名に達した", "the job “{title}” was filled ({hires} hired)"),
)
PROPOSAL_SENT = EntryType(
    "market.proposal_sent", Text("仕事「{title}」に{price_yen}円で応募した", "proposed to “{title}” for ¥{price_yen}")
)
PROPOSAL_WITHDRAWN = EntryType(
    "market.proposal_withdrawn", Text("仕事「{title}」への応募を取り下げた", "withdrew the proposal to “{title}”")
)
PROPOSAL_DECLINED = EntryType(
    "market.proposal_declined",
    Text("仕事「{title}」への応募を不採用にした({reason})", "declined a proposal to “{title}” ({reason})"),
)
PROPOSAL_ACCEPTED = EntryType(
    "market.proposal_accepted", Text("仕事「{title}」への応募を採用した", "accepted a proposal to “{title}”")
)
PROPOSAL_LAPSED = EntryType(
    "market.proposal_lapsed",
    Text("仕事「{title}」への応募が返事のないまま期限切れになった", "a proposal to “{title}” lapsed without an answer"),
)
PROPOSAL_CLOCK_MOVED = EntryType(
    "market.proposal_clock_moved",
    Text(
        "サイトを使えない時間の分だけ、仕事「{title}」への応募の期限を改めた({was_at} → {due_at})",
        "moved the clock of a proposal to “{title}” by the time in which the site could not be used "
        "({was_at} → {due_at})",
    ),
)
