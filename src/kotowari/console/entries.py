"""What the audit says of looking."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

MEMBER_SEEN = EntryType("console.member_seen", Text("会員の状況を見た", "looked at the member's affairs"))
CHECK_ASKED = EntryType("console.check_asked", Text("帳簿の検査を依頼した", "asked for the books to be checked"))
ALARM_ACKNOWLEDGED = EntryType(
    "console.alarm_acknowledged",
    Text("帳簿の警報「{name}」を引き受けた: {note}", "took on the alarm “{name}” of the books: {note}"),
)
MONTH_CLOSED = EntryType(
    "console.month_closed",
    Text("{month}の帳簿を締めた({through}まで)", "closed the books of {month}, through {through}"),
)
