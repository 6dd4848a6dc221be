"""What the audit says about changes of the rules. Nothing in it is a person's own."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

VALUE_SET = EntryType(
    "policy.value_set",
    Text(
        "{effective_on}から「{key}」を{before}から{after}に変えると決めた(理由:{reason})",
        "decided that {key} changes from {before} to {after} on {effective_on} ({reason})",
    ),
)
CHANGE_WITHDRAWN = EntryType(
    "policy.change_withdrawn",
    Text(
        "{effective_on}に予定した「{key}」の変更({after})を取りやめた(理由:{reason})",
        "withdrew the change of {key} to {after} planned for {effective_on} ({reason})",
    ),
)
