"""What clients and the operator's staff are told about deposits, and what they can do about it."""

from uuid import UUID

from django.db.models import QuerySet

from kotowari.accounts.models import Member
from kotowari.contracts.events import MilestoneCancelled, MilestoneFunded
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.notices import notify
from kotowari.foundation.outbox import on
from kotowari.kernel import clock
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payments import events

CONSOLE = "/console/deposits/"
CONSOLE_CARDS = "/console/cards/?show=set_aside"
CONSOLE_DISPUTES = "/console/cards/?show=disputes"


def _tell(member_id: UUID, kind: str, title: Text, body: Text, url: str, /, **values: object) -> None:
    notify(
        member_id=member_id, kind=f"payments.{kind}", title=title.format(**values), body=body.format(**values), url=url
    )


def fund_url(e: events.DepositEvent) -> str:
    """The page that says how much has come and what to do."""
    return f"/contracts/{e.contract_id}/milestones/{e.milestone_id}/fund/"


@on(events.DepositWaits)
def deposit_waits(e: events.DepositWaits) -> None:
    day = clock.last_day(e.decide_by)
    _tell(
        e.client_id,
        "deposit_waits",
        Text("入金{amount}をまだ仮払いに充てていません:「{title}」", "{amount} is not in escrow yet: “{title}”"),
        Text(
            "{why}{advice}{day}までに充てる先が決まらないときは、振込元にお返しします。",
            "{why} {advice} Whatever finds no escrow by {day} goes back to where it came from.",
        ),
        fund_url(e),
        amount=yen(e.remaining_yen),
        title=e.title,
        why=Text(e.why_ja, e.why_en),
        advice=Text(e.advice_ja, e.advice_en),
        day=Text(f"{day.month}月{day.day}日", f"{day:%-d %B}"),
    )


@on(events.DepositToGoBack)
def deposit_to_go_back(e: events.DepositToGoBack) -> None:
    _tell(
        e.client_id,
        "deposit_to_go_back",
        Text("入金{amount}をお返しします:「{title}」", "{amount} goes back to you: “{title}”"),
        Text(
            "充てる先が決まらないまま期限が過ぎました。運営が振込元の口座へ返送し、済みしだいお知らせします。",
            "It found no escrow in time. The operator sends it back to the account it came from and tells you when "
            "that is done.",
        ),
        fund_url(e),
        amount=yen(e.remaining_yen),
        title=e.title,
    )


@on(events.DepositSentBack)
def deposit_sent_back(e: events.DepositSentBack) -> None:
    _tell(
        e.client_id,
        "deposit_sent_back",
        Text("入金{amount}を返送しました:「{title}」", "{amount} was sent back: “{title}”"),
        Text(
            "振込元の口座への返送を銀行に依頼しました。届くまで数日かかることがあります。理由:{reason}",
            "The bank was asked to send it back to the account it came from; this may take some days. Reason: {reason}",
        ),
        fund_url(e),
        amount=yen(e.remaining_yen),
        title=e.title,
        reason=e.reason,
    )


@on(events.DepositTakenBack)
def deposit_taken_back(e: events.DepositTakenBack) -> None:
    _tell(
        e.client_id,
        "deposit_taken_back",
        Text("銀行が入金{amount}を取り消しました:「{title}」", "The bank cancelled your {amount}: “{title}”"),
        Text(
            "この入金は仮払いに使えません。お心当たりがないときは、お使いの銀行にお確かめください。",
            "This money cannot be used for the escrow. If you did not ask for this, please check with your bank.",
        ),
        fund_url(e),
        amount=yen(e.amount_yen),
        title=e.title,
    )


def staff_ids() -> QuerySet[Member, UUID]:
    """The operator's staff, who are told what waits for them."""
    staff = Member.objects.filter(is_staff=True, is_active=True, left_at__isnull=True)
    return staff.values_list("pk", flat=True)


@on(events.OperatorReminded)
def operator_reminded(e: events.OperatorReminded) -> None:
    for member_id in staff_ids():
        _tell(
            member_id,
            "operator_reminded",
            Text("入金の手続きが残っています", "Deposits wait for you"),
            Text(
                "充てる先の決まらない入金{waiting}件、返送待ち{to_send_back}件、銀行の取消{cancellations}件、"
                "結果の分からないカード払い・返金{cards}件、反論や確認が要るカードの係争{disputes}件があります。{overdue}",
                "{waiting} deposit(s) to be placed, {to_send_back} to be sent back, {cancellations} cancellation(s) of "
                "the bank to be explained, {cards} card payment(s) or refund(s) of unknown outcome, {disputes} card dispute(s) to answer or "
                "look into. {overdue}",
            ),
            _first_of(e),
            waiting=e.waiting,
            to_send_back=e.to_send_back,
            cancellations=e.cancellations,
            cards=e.cards or 0,
            disputes=e.disputes or 0,
            overdue=Text("カード会社からの入金が{yen}遅れています。", "{yen} of the card processor is overdue.").format(
                yen=yen(e.overdue_yen)
            )
            if e.overdue_yen
            else "",
        )


def _first_of(e: events.OperatorReminded) -> str:
    """The list that says most: a dispute's clock is the bank's, and does not wait."""
    if e.disputes:
        return CONSOLE_DISPUTES
    return CONSOLE_CARDS if e.cards and not (e.waiting or e.to_send_back or e.cancellations) else CONSOLE


@on(MilestoneCancelled)
def milestone_cancelled(e: MilestoneCancelled) -> None:
    """Money that came for it in parts waits for nothing any more: say so."""
    _reconsider(e.milestone_id)


@on(MilestoneFunded)
def milestone_funded(e: MilestoneFunded) -> None:
    """So it is when a card has filled the escrow meanwhile."""
    _reconsider(e.milestone_id)


def _reconsider(milestone_id: UUID) -> None:
    from kotowari.payments.services import reconsider_deposits

    reconsider_deposits(actor=SYSTEM, milestone_id=milestone_id)
