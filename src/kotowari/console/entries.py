"""What the audit says of looking."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

MEMBER_SEEN = EntryType("console.member_seen", Text("会員の状況を見た", "looked at the member's affairs"))
BOOKS_CHECKED = EntryType(
    "console.books_checked",
    Text("帳簿を検査した({checked}項目、違反{wrong})", "checked the books: {checked} laws, {wrong} broken"),
)
