"""Who may ask, read, answer and close, and every reason why not. Pure: facts in, blockers out."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text

TO_FORM = Remedy(Text("新しいお問い合わせを送る", "Ask a new question"), "/contact/")
TO_NEW_LINK = Remedy(Text("リンクをもう一度メールで受け取る", "Have the link mailed again"), "/contact/link/")
TO_QUEUE = Remedy(Text("お問い合わせの一覧を開く", "Open the queue"), "/console/tickets/")


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFacts:
    """What the rules of a ticket read, for one actor: who that is to it, and where it stands."""

    is_customer: bool = False
    is_staff: bool = False
    is_system: bool = False
    left_at: datetime | None = None
    now: datetime
    number: str
    url: str
    state: str
    due_at: datetime | None = None
    closes_at: datetime | None = None
    reopen_until: datetime | None = None


def link_needed() -> Blocker:
    """The same for a ticket of somebody else and for one that is not there (P012)."""
    return Blocker(
        code="link_needed",
        reason=Text(
            "お問い合わせのやりとりは、回答先のアドレスに届いたメールのリンクか、送った会員本人のログインで開けます。",
            "A conversation opens through the link in the mail that we sent, or for the member who began it, signed in.",
        ),
        rule="A060",
        resolved_by="you",
        remedy=TO_NEW_LINK,
        status=404,
    )


# --- Rules ---------------------------------------------------------------------------------------------


def customer(facts: TicketFacts) -> Blocker | None:
    return None if facts.is_customer else link_needed()


def still_open(facts: TicketFacts) -> Blocker | None:
    if facts.state != "closed":
        return None
    in_time = facts.reopen_until is not None and facts.now < facts.reopen_until
    return Blocker(
        code="closed",
        reason=Text("このお問い合わせは完了しています。", "This conversation is closed."),
        rule="A060",
        resolved_by="you",
        facts={"number": facts.number, "reopen_until": facts.reopen_until},
        remedy=Remedy(Text("このお問い合わせの続きを送る", "Take it up again"), facts.url)
        if in_time
        else _follow_up(facts),
    )


def is_closed(facts: TicketFacts) -> Blocker | None:
    if facts.state == "closed":
        return None
    return Blocker(
        code="not_closed",
        reason=Text(
            "このお問い合わせはまだ完了していないので、そのまま返信できます。",
            "This conversation is still open: you can simply write.",
        ),
        rule="A060",
        resolved_by="you",
        remedy=Remedy(Text("返信する", "Write"), facts.url),
    )


def reopened_in_time(facts: TicketFacts) -> Blocker | None:
    if facts.reopen_until is None or facts.now < facts.reopen_until:
        return None
    return Blocker(
        code="too_late",
        reason=Text(
            "続きを送れる期間が過ぎました。新しいお問い合わせで、受付番号を添えてお知らせください。",
            "The time to take it up again has passed. Please ask a new question that names its number.",
        ),
        rule="A060",
        resolved_by="you",
        facts={"number": facts.number, "reopen_until": facts.reopen_until},
        remedy=_follow_up(facts),
    )


def by_staff(facts: TicketFacts) -> Blocker | None:
    if facts.is_staff:
        return None
    return Blocker(
        code="staff_only",
        reason=Text(
            "運営の担当者だけができる操作です。担当者は、ほかの担当者が任命します。",
            "Only the operator's staff can do this; staff are appointed by other staff.",
        ),
        rule="A063",
        resolved_by="operator",
        remedy=TO_FORM,
        status=403,
    )


def staff_still_here(facts: TicketFacts) -> Blocker | None:
    if facts.left_at is None or not facts.is_staff:
        return None
    return Blocker(
        code="has_left",
        reason=Text("退会した担当者は操作できません。", "Staff who have left cannot do this."),
        rule="A091",
        resolved_by="operator",
        facts={"left_at": facts.left_at},
        status=403,
    )


def not_closed_for_staff(facts: TicketFacts) -> Blocker | None:
    if facts.state != "closed":
        return None
    return Blocker(
        code="closed",
        reason=Text(
            "完了したお問い合わせです。お客さまが続きを送ると、また答えられます。",
            "It is closed. It can be answered again once the customer takes it up.",
        ),
        rule="A060",
        resolved_by="counterparty",
        facts={"number": facts.number},
        remedy=TO_QUEUE,
    )


def answered_first(facts: TicketFacts) -> Blocker | None:
    """Nobody's question is closed without an answer."""
    if facts.state == "answered" or facts.state == "closed":
        return None
    return Blocker(
        code="not_answered",
        reason=Text(
            "お客さまの最後の言葉にまだ答えていません。答えてから完了にできます。",
            "The customer's last words have no answer yet. Answer them, then it can be closed.",
        ),
        rule="A060",
        resolved_by="you",
        facts={"due_at": facts.due_at},
        remedy=Remedy(Text("回答する", "Answer"), "#answer"),
    )


def by_the_system(facts: TicketFacts) -> Blocker | None:
    if facts.is_system:
        return None
    return Blocker(
        code="system_only",
        reason=Text("これは時計だけが行います。", "Only the clock does this."),
        rule="A060",
        resolved_by="time",
        clears_at=facts.closes_at or facts.due_at,
        remedy=TO_FORM,
        status=403,
    )


def silent_long_enough(facts: TicketFacts) -> Blocker | None:
    if facts.state == "answered" and facts.closes_at is not None and facts.now >= facts.closes_at:
        return None
    return Blocker(
        code="not_due",
        reason=Text("自動で完了にする時期ではありません。", "The time to close it by itself has not come."),
        rule="A060",
        resolved_by="time",
        clears_at=facts.closes_at if facts.state == "answered" else None,
    )


def answer_overdue(facts: TicketFacts) -> Blocker | None:
    if facts.due_at is not None and facts.now >= facts.due_at:
        return None
    return Blocker(
        code="not_due",
        reason=Text("回答の期限はまだ過ぎていません。", "The answer is not overdue."),
        rule="A061",
        resolved_by="time",
        clears_at=facts.due_at,
    )


def _follow_up(facts: TicketFacts) -> Remedy:
    return Remedy(
        Text("受付番号を添えて、新しいお問い合わせを送る", "Ask a new question that names this number"),
        f"/contact/?previous={facts.number}",
    )


# --- Actions -------------------------------------------------------------------------------------------

OPEN = Action(
    "support.ticket.open",
    title=Text("お問い合わせを送る", "Send the question"),
    no=Text("お問い合わせを送れません", "The question cannot be sent"),
)
"""Open to everybody, always: no article and no lock stands before it (A062, K-7)."""
SEND_LINK = Action(
    "support.ticket.send_link",
    title=Text("お問い合わせのリンクを送り直す", "Mail the link again"),
    no=Text("リンクを送れません", "The link cannot be sent"),
)
SEE = Action(
    "support.ticket.see",
    title=Text("お問い合わせのやりとりを見る", "See the conversation"),
    no=Text("このやりとりは開けません", "This conversation cannot be opened"),
    subject="support.ticket",
    rules=(customer,),
)
WRITE = Action(
    "support.ticket.write",
    title=Text("返信する", "Write back"),
    no=Text("返信できません", "No reply can be sent"),
    subject="support.ticket",
    rules=(customer, still_open),
)
REOPEN = Action(
    "support.ticket.reopen",
    title=Text("お問い合わせの続きを送る", "Take the question up again"),
    no=Text("続きを送れません", "It cannot be taken up again"),
    subject="support.ticket",
    rules=(customer, is_closed, reopened_in_time),
)
SETTLE = Action(
    "support.ticket.settle",
    title=Text("解決したので完了にする", "It is settled: close it"),
    no=Text("完了にできません", "It cannot be closed"),
    subject="support.ticket",
    rules=(customer, still_open),
)
LAPSE = Action(
    "support.ticket.lapse",
    title=Text("返事のないお問い合わせを完了にする", "Close a conversation that fell silent"),
    no=Text("まだ完了にできません", "It cannot be closed yet"),
    subject="support.ticket",
    rules=(by_the_system, silent_long_enough),
)
BE_LATE = Action(
    "support.ticket.be_late",
    title=Text("回答の遅れを知らせる", "Say that the answer is late"),
    no=Text("まだ遅れていません", "It is not late yet"),
    subject="support.ticket",
    rules=(by_the_system, answer_overdue),
)
STAFF = (by_staff, staff_still_here)
SEE_CASE = Action(
    "support.case.see",
    title=Text("お問い合わせの案件を見る", "Look at the case"),
    no=Text("案件は見られません", "The case cannot be seen"),
    subject="support.case",
    rules=STAFF,
)
ANSWER = Action(
    "support.case.answer",
    title=Text("回答を送る", "Send the answer"),
    no=Text("回答を送れません", "No answer can be sent"),
    subject="support.case",
    rules=(*STAFF, not_closed_for_staff),
)
NOTE = Action(
    "support.case.note",
    title=Text("担当者のメモを残す", "Leave a note for staff"),
    no=Text("メモを残せません", "No note can be left"),
    subject="support.case",
    rules=STAFF,
)
CLOSE = Action(
    "support.case.close",
    title=Text("完了にする", "Close it"),
    no=Text("完了にできません", "It cannot be closed"),
    subject="support.case",
    rules=(*STAFF, not_closed_for_staff, answered_first),
)
