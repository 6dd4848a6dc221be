"""What the audit says about incidents and announced changes of signing in."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

OPENED = EntryType(
    "incidents.opened", Text("障害・事故の記録を始めた({what})", "began the record of an incident ({what})")
)
UPDATED = EntryType("incidents.updated", Text("続報を出した", "wrote on about an incident"))
RECOVERED = EntryType("incidents.recovered", Text("復旧したと知らせた", "said that an incident is over"))
CLOSED = EntryType("incidents.closed", Text("障害・事故を解決済みにした", "closed an incident"))
PUBLISHED = EntryType("incidents.published", Text("事故を公開した", "made an incident public"))
NAMED = EntryType(
    "incidents.affected_named",
    Text("影響を受けた会員を選んだ({basis}、新たに{named}人)", "named affected members ({basis}, {named} more)"),
)
TOLD = EntryType(
    "incidents.affected_told", Text("影響を受けた会員に知らせ始めた", "began to tell the affected members")
)
RESET = EntryType(
    "incidents.affected_reset",
    Text("影響を受けた会員に新しいパスワードを求めた", "required new passwords of the affected members"),
)
REMINDED = EntryType(
    "incidents.reminded", Text("続報がないことを担当者{told}人に知らせた", "told {told} of staff that word is due")
)
LAPSED = EntryType("incidents.lapsed", Text("続報のないまま終わった", "an incident ended without further word"))
CHANGE_ANNOUNCED = EntryType(
    "incidents.login_change_announced",
    Text("ログイン方法の変更を知らせた({method})", "announced a change of signing in ({method})"),
)
CHANGE_WITHDRAWN = EntryType(
    "incidents.login_change_withdrawn", Text("ログイン方法の変更を取りやめた", "withdrew a change of signing in")
)
CHANGE_REMINDED = EntryType(
    "incidents.login_change_reminded",
    Text("ログイン方法の変更をもう一度知らせ始めた", "began to remind of a change of signing in"),
)
CHANGE_COMPLETED = EntryType(
    "incidents.login_change_completed", Text("ログイン方法の変更が済んだ", "a change of signing in is complete")
)
