"""What the audit says of papers."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

ISSUED = EntryType("papers.issued", Text("書類{reference}を発行した", "issued the paper {reference}"))
CORRECTED = EntryType(
    "papers.corrected",
    Text("書類{was}を{reference}として発行し直した:{reason}", "issued {was} again as {reference}: {reason}"),
)
WALKED = EntryType(
    "papers.walked",
    Text("抜けている書類を探した({name}、{found}件発行)", "looked for missing papers ({name}): {found} issued"),
)
REGISTRATION_SET = EntryType(
    "papers.registration_set",
    Text(
        "登録番号を届けた({number}、{effective_on}から)", "told the registration number {number}, from {effective_on}"
    ),
)
REGISTRATION_ENDED = EntryType(
    "papers.registration_ended",
    Text("登録の終わりを届けた({effective_on}から)", "told that the registration ends on {effective_on}"),
)
MEMBERS_PAPERS_SEEN = EntryType("papers.seen", Text("会員の書類を調べた", "searched the member's papers"))
PAPER_SEEN = EntryType("papers.one_seen", Text("書類{reference}を見た", "looked at the paper {reference}"))
