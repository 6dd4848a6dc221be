"""What the audit says about appeals."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

APPEALED = EntryType(
    "enforcement.appealed", Text("制限に異議を申し立てた({cause})", "contested a restriction ({cause})")
)
UPHELD = EntryType("enforcement.appeal_upheld", Text("異議を認めなかった({cause})", "let the decision stand ({cause})"))
GRANTED = EntryType("enforcement.appeal_granted", Text("異議を認めた({cause})", "granted an appeal ({cause})"))
ESCALATED = EntryType(
    "enforcement.appeal_escalated",
    Text("異議申立ての期限が来たことを担当者{told}人に知らせた", "told {told} of staff that an appeal is due"),
)
LAPSED = EntryType(
    "enforcement.appeal_lapsed",
    Text("異議申立てが決まらないまま終わった(解除: {lifted})", "an appeal ended undecided (lifted: {lifted})"),
)
