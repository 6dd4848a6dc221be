"""What the demo's people ask the operator, in every state a ticket can be in, and what staff answer."""

from dataclasses import dataclass

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import Member
from kotowari.demo.days import Days, Part
from kotowari.support import services
from kotowari.support.inputs import Question
from kotowari.support.models import Ticket

CHROME = "Chrome 142 / Windows"
SAFARI = "Mobile Safari 26 / iOS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question: `ago` days before the present, by the member `who` (signed in or not) or by `email`."""

    ago: int
    topic: str
    body: str
    who: str = ""
    email: str = ""
    signed_in: bool = True
    browser: str = CHROME
    code: str = ""
    came_from: str = ""
    tried: tuple[str, ...] = ()
    result: str = ""
    answered_after: int | None = None
    answer: str = ""
    note: str = ""
    again_after: int | None = None
    again: str = ""


ASKED = (
    Asked(
        ago=41, who="mori_yu", topic="money", browser=SAFARI, came_from="/my/rewards/",
        body="キャリーオーバーを選んでいますが、次の締めから随時出金に戻すと、いつ振り込まれますか。",
        answered_after=0,
        answer="締めの日までに随時出金に戻していただくと、その締めの分から振り込まれます。報酬のページに、次の支払日を表示しています。",
    ),
    Asked(
        ago=26, who="never_delivers", topic="contract", came_from="/contracts/",
        body="体調を崩して納品が遅れそうです。期限を延ばしてもらうことはできますか。",
        answered_after=1,
        answer="期限は発注者の方との合意で変えられます。メッセージで事情をお伝えください。納期のあとには猶予の期間もあります。",
    ),
    Asked(
        ago=20, who="english_reader", topic="account",
        body="My name changed after marriage. How do I change the display name and the holder of the bank account?",
        answered_after=0,
        answer="The display name is under 設定. The account holder has to match the bank book exactly: enter it as the bank shows it.",
        again_after=19, again="I changed both, but the bank account page still shows the old holder. Is that all right?",
    ),
    Asked(
        ago=14, email="yamada.taro@example.net", signed_in=False, topic="cannot_sign_in", browser=SAFARI,
        code="accounts.sign_in.no_match", came_from="/login/", tried=("checked_input", "reset_password"), result="no_mail",
        body="再設定のメールが届きません。どのアドレスで登録したか覚えていません。",
        answered_after=0,
        answer="アカウントについては、登録アドレスにだけお答えしています。ほかにお使いのアドレスがあれば、そのアドレスで再設定をお試しください。届いたメールに、登録の有無を書いています。",
    ),
    Asked(
        ago=9, who="transfer_returned", topic="money", came_from="/notices/",
        body="振込が戻ってきたというお知らせが届きました。何を直せばよいですか。",
        answered_after=1,
        answer="銀行からは、口座名義の相違と知らされています。口座登録で、通帳のカナ名義のとおりに直してください。直すと、次の締めで自動的に振り込まれます。",
    ),
    Asked(
        ago=6, who="paid_too_little", topic="money", came_from="/contracts/",
        body="仮払いの振込額を3,000円間違えました。足りない分だけ振り込めばよいでしょうか。振込手数料が引かれたのかもしれません。",
        note="入金は仮受金にある。銀行の手数料が引かれたのか、明細を確認中。",
    ),
    Asked(
        ago=2, who="no_bank_account", topic="money", tried=("read_articles",), came_from="/my/rewards/",
        body="口座をまだ登録していません。報酬は消えてしまいますか。",
        answered_after=1,
        answer="消えません。口座を登録すると、次の締めで振り込まれます。登録のしかたは口座登録のページにあります。",
    ),
    Asked(
        ago=0, who="never_answers", signed_in=False, topic="cannot_sign_in", code="accounts.sign_in.too_many_tries",
        came_from="/login/", tried=("checked_connection", "checked_input", "waited"), result="same",
        body="パスワードを何度か間違えてしまい、入れません。検収の期限が迫っている契約があります。",
    ),
    Asked(
        ago=0, who="aoi_newcomer", topic="other", browser=SAFARI, came_from="/jobs/",
        body="はじめて応募します。応募のあとで取り下げることはできますか。",
    ),
)  # fmt: skip


def plan_questions(days: Days, staff: Member) -> None:
    """Plan every question, its answer, and what came after."""
    for one in ASKED:
        _plan(days, staff, one)


def _plan(days: Days, staff: Member, one: Asked) -> None:
    day = days.last - one.ago
    tickets: list[Ticket] = []
    days.at(day, Part.NOON, lambda: tickets.append(_ask(one)))
    if one.note:
        days.at(day + 1, Part.MORNING, lambda: _note(staff, tickets[0], one.note))
    if one.answered_after is not None:
        part = Part.EVENING if one.answered_after == 0 else Part.MORNING
        days.at(day + one.answered_after, part, lambda: _answer(staff, tickets[0], one.answer))
    if one.again_after is not None:
        days.at(day + one.again_after, Part.MORNING, lambda: _again(tickets[0], one.again))


def _ask(one: Asked) -> Ticket:
    asker = Member.objects.get(username=one.who) if one.who else None
    question = Question(
        topic=one.topic,
        email=asker.email if asker else one.email,
        body=one.body,
        code=one.code,
        browser=one.browser,
        came_from=one.came_from,
        tried=one.tried,
        result=one.result,
    )
    return services.open_ticket(
        actor=asker if asker is not None and one.signed_in else VISITOR,
        question=question,
        language="en" if asker is not None and asker.language == "en" else "ja",
    )


def _note(staff: Member, ticket: Ticket, words: str) -> None:
    services.note_on_ticket(actor=staff, ticket_id=ticket.pk, body=words)


def _answer(staff: Member, ticket: Ticket, words: str) -> None:
    services.answer_ticket(actor=staff, ticket_id=ticket.pk, body=words)


def _again(ticket: Ticket, words: str) -> None:
    """By now time has closed it; its customer takes it up again."""
    services.reopen_ticket(actor=ticket.member, ticket_id=ticket.pk, body=words)
