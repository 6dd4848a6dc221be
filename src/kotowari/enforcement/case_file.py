"""The whole record of a restriction as plain text, for the member to take to a lawyer or to an ADR body (A128)."""

from collections.abc import Sequence
from datetime import datetime

from kotowari.accounts.models import Restriction
from kotowari.accounts.restrictions import CAUSES, SCOPES
from kotowari.enforcement.models import Appeal
from kotowari.enforcement.selectors import appeal_against
from kotowari.enforcement.transitions import APPEAL
from kotowari.foundation.models import Notice
from kotowari.kernel import clock
from kotowari.kernel.text import Text

NOTICES = (
    "accounts.restricted",
    "accounts.restriction_lifted",
    "enforcement.appeal_received",
    "enforcement.appeal_upheld",
    "enforcement.appeal_granted",
    "enforcement.appeal_lapsed",
)
RULE_OFF = "-" * 60
Section = tuple[Text, Sequence[tuple[Text, Text | str]]]


def case_file(restriction: Restriction) -> str:
    """Everything decided, said and told about one restriction, in the language of the reader.

    Staff are named by what they did, never by name.
    """
    appeal = appeal_against(restriction)
    sections: list[Section] = [_about(restriction), _decision(restriction)]
    if appeal is not None:
        sections.append(_appeal(appeal))
    sections.append(_told(restriction))
    title = Text("制限についての記録の一式", "The whole record of a restriction")
    lines = [str(title), str(Text("作成: {at}", "Made: {at}").format(at=_moment(clock.now())))]
    for heading, pairs in sections:
        lines += ["", RULE_OFF, str(heading), RULE_OFF]
        for label, value in pairs:
            lines += [f"[{label}]", str(value) or "-", ""]
    return "\n".join(lines).rstrip() + "\n"


def _about(restriction: Restriction) -> Section:
    member = restriction.member
    return (
        Text("1. 会員", "1. The member"),
        [
            (Text("表示名", "Name"), member.display_name),
            (Text("ユーザー名", "Username"), member.username),
            (Text("会員になった日", "Member since"), f"{clock.tokyo(member.joined_at):%Y-%m-%d}"),
            (Text("記録の番号", "Number of this record"), str(restriction.pk)),
        ],
    )


def _decision(restriction: Restriction) -> Section:
    cause = CAUSES[restriction.cause]
    pairs: list[tuple[Text, Text | str]] = [
        (Text("制限", "Restriction"), cause.title),
        (Text("理由", "Reason"), cause.reason),
        (Text("規則の番号", "Number of the rule"), cause.rule),
        (Text("確認された事実", "The facts found"), restriction.explanation),
        (
            Text("止めているもの", "Stopped"),
            Text(
                "、".join(SCOPES[each].ja for each in restriction.scope),
                ", ".join(SCOPES[each].en for each in restriction.scope),
            ),
        ),
        (Text("始まり", "From"), _moment(restriction.since)),
        (Text("終わり", "Until"), _moment(restriction.until)),
        (
            Text("決めた人", "Decided by"),
            Text("運営の担当者", "a member of the operator's staff")
            if cause.decided_by == "staff"
            else Text("規則による自動の判断", "a rule, automatically"),
        ),
    ]
    if restriction.lifted_at is not None:
        pairs += [
            (Text("解除", "Lifted"), _moment(restriction.lifted_at)),
            (Text("解除の理由", "Why it was lifted"), restriction.lifted_because),
        ]
    if restriction.overturned:
        pairs.append(
            (
                Text("訂正", "Put right"),
                Text("誤った制限として取り消された", "Withdrawn as a mistake; it counts against nobody"),
            )
        )
    return Text("2. 決定", "2. The decision"), pairs


def _appeal(appeal: Appeal) -> Section:
    pairs: list[tuple[Text, Text | str]] = [
        (Text("申立て", "Made"), _moment(appeal.made_at)),
        (Text("申立ての内容", "Statement"), appeal.statement or ""),
        (Text("証拠・資料", "Evidence"), appeal.evidence or ""),
        (Text("回答の期限", "To be answered until"), _moment(appeal.due_at)),
        (Text("状態", "State"), APPEAL.states[appeal.state]),
    ]
    if appeal.decided_at is not None:
        pairs.append((Text("決まった時", "Decided"), _moment(appeal.decided_at)))
    if appeal.decided_by_id is not None:
        pairs += [
            (
                Text("決めた人", "Decided by"),
                Text("制限を決めた人とは別の運営の担当者", "another member of staff than who made the restriction"),
            ),
            (Text("回答", "Answer"), appeal.answer),
        ]
    return Text("3. 異議申立て", "3. The appeal"), pairs


def _told(restriction: Restriction) -> Section:
    rows = Notice.objects.filter(
        member_id=restriction.member_id, kind__in=NOTICES, created_at__gte=restriction.since
    ).order_by("id")
    return (
        Text("4. お知らせした言葉", "4. What was told"),
        [
            (
                Text("{at} {title}", "{at} {title}").format(at=_moment(row.created_at), title=row.title),
                _without_key(row),
            )
            for row in rows
        ],
    )


def _without_key(row: Notice) -> Text:
    """The words without the signed address in them: whoever reads the record shall not act as the member."""
    return Text(
        *("\n".join(line for line in words.split("\n") if "?key=" not in line) for words in (row.body.ja, row.body.en))
    )


def _moment(at: datetime) -> str:
    return f"{clock.tokyo(at):%Y-%m-%d %H:%M} (JST)"
