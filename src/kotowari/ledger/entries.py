"""What the audit says of checking the books."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

BOOKS_CHECKED = EntryType(
    "ledger.books_checked",
    Text("帳簿を検査した({laws}項目、違反{broken})", "checked the books: {laws} laws, {broken} broken"),
)
CHECK_INTERRUPTED = EntryType(
    "ledger.check_interrupted",
    Text("帳簿の検査が途中で止まっていたため、中断とした", "found a check of the books that had ended half-way"),
)
