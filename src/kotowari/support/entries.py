"""What the audit says of tickets: never what was written in them."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

OPENED = EntryType("support.opened", Text("お問い合わせ {number} を送った", "asked question {number}"))
LINK_ASKED = EntryType(
    "support.link_asked", Text("お問い合わせのリンクを送り直すよう頼んだ", "asked for the link to a conversation")
)
WRITTEN = EntryType(
    "support.written", Text("お問い合わせ {number} に書いた({length}文字)", "wrote in {number} ({length} characters)")
)
REOPENED = EntryType("support.reopened", Text("お問い合わせ {number} の続きを送った", "took {number} up again"))
SETTLED = EntryType("support.settled", Text("お問い合わせ {number} を解決済みとした", "settled {number}"))
LAPSED = EntryType(
    "support.lapsed", Text("お問い合わせ {number} が返事のないまま完了した", "{number} closed after silence")
)
BECAME_LATE = EntryType(
    "support.became_late", Text("お問い合わせ {number} の回答が期限に遅れた", "the answer to {number} became late")
)
CASE_SEEN = EntryType(
    "support.case_seen",
    Text("お問い合わせ {number} とアカウントの状況を見た", "looked at {number} and the account behind it"),
)
ANSWERED = EntryType(
    "support.answered", Text("お問い合わせ {number} に答えた({length}文字)", "answered {number} ({length} characters)")
)
NOTED = EntryType("support.noted", Text("お問い合わせ {number} にメモを残した", "left a note on {number}"))
CLOSED = EntryType("support.closed", Text("お問い合わせ {number} を完了にした", "closed {number}"))
