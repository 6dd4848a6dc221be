"""What the two sides of a contract are told, when, and what they can do about it."""

from uuid import UUID

from kotowari.clocks.words import STOPPED_FOR_OTHER, STOPPED_FOR_SELF, is_news
from kotowari.contracts import events
from kotowari.foundation.notices import notify
from kotowari.foundation.outbox import on
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.market.inputs import said_until


def _tell(member_id: UUID, kind: str, heading: Text, words: Text, contract_id: UUID, /, **values: object) -> None:
    notify(
        member_id=member_id,
        kind=kind,
        title=heading.format(**values),
        body=words.format(**values),
        url=f"/contracts/{contract_id}/",
    )


@on(events.ContractMade)
def contract_made(e: events.ContractMade) -> None:
    _tell(
        e.worker_id,
        "contracts.contract_made",
        Text("採用されました:「{title}」", "You are hired: “{title}”"),
        Text(
            "契約が成立し、取引条件(全10項目)が契約のページに記録されました。仮払いが済むまでは作業を始めないでください。"
            "仮払いが済みしだいお知らせします。",
            "The contract is made and its ten written terms stand on its page. Please do not start before the escrow "
            "is funded; we will tell you as soon as it is.",
        ),
        e.contract_id,
        title=e.title,
    )
    _tell(
        e.client_id,
        "contracts.contract_made",
        Text("契約が成立しました:「{title}」", "The contract is made: “{title}”"),
        Text(
            "次は仮払いです。契約のページに、マイルストーンごとの振込先と振込番号があります。"
            "入金を確認すると作業が始まります。",
            "Next comes the escrow: the contract's page shows, for each milestone, where to send the money and the "
            "reference to give. Work starts when it has arrived.",
        ),
        e.contract_id,
        title=e.title,
    )


@on(events.MilestoneFunded)
def milestone_funded(e: events.MilestoneFunded) -> None:
    _tell(
        e.worker_id,
        "contracts.milestone_funded",
        Text("仮払いが済みました:「{title}」", "The escrow is funded: “{title}”"),
        Text(
            "代金は運営が預かっています。作業を始めてください。",
            "The money is held by the operator. You can start.",
        ),
        e.contract_id,
        title=e.title,
    )
    _tell(
        e.client_id,
        "contracts.milestone_funded",
        Text("入金を確認しました:「{title}」", "Your payment has arrived: “{title}”"),
        Text(
            "{amount}をお預かりしました。検収されるまで受注者には支払われません。",
            "We hold {amount}. The worker is not paid before the delivery is accepted.",
        ),
        e.contract_id,
        title=e.title,
        amount=yen(e.amount_yen),
    )


@on(events.MilestoneDelivered)
def milestone_delivered(e: events.MilestoneDelivered) -> None:
    _tell(
        e.client_id,
        "contracts.milestone_delivered",
        Text("納品されました:「{title}」", "Delivered: “{title}”"),
        Text(
            "{day}までに検収するか、修正してほしい点を書いてください。何もないときは、期限に自動で検収されます。"
            "メッセージのやりとりだけでは期限は止まりません。",
            "Please accept it or list what is to be changed by {day}. Otherwise it is accepted automatically at "
            "that time. Messages alone do not stop this clock.",
        ),
        e.contract_id,
        title=e.title,
        day=said_until(e.accept_by),
    )


@on(events.ChangesRequested)
def changes_requested(e: events.ChangesRequested) -> None:
    _tell(
        e.worker_id,
        "contracts.changes_requested",
        Text("修正の依頼があります:「{title}」", "Changes are requested: “{title}”"),
        Text(
            "{points}点の修正が依頼されました。{day}までにもう一度納品してください。"
            "過ぎると仮払いは発注者に返金されます。",
            "{points} change(s) are requested. Please deliver again by {day}; after that the escrow goes back to the "
            "client.",
        ),
        e.contract_id,
        title=e.title,
        points=e.points,
        day=said_until(e.deliver_by),
    )


@on(events.MilestoneAccepted)
def milestone_accepted(e: events.MilestoneAccepted) -> None:
    _tell(
        e.worker_id,
        "contracts.milestone_accepted",
        Text("検収されました:「{title}」", "Accepted: “{title}”"),
        Text(
            "報酬{amount}が確定しました。次の締め日と支払日は「報酬」のページで確かめられます。",
            "Your reward of {amount} is fixed. The page “Rewards” shows the next closing and pay date.",
        ),
        e.contract_id,
        title=e.title,
        amount=yen(e.reward_yen),
    )
    if e.by_clock:
        _tell(
            e.client_id,
            "contracts.milestone_accepted",
            Text("自動で検収されました:「{title}」", "Accepted automatically: “{title}”"),
            Text(
                "検収期限までに検収も修正依頼もなかったため、取引条件のとおり検収されました。",
                "It was neither accepted nor sent back by its deadline, so it counts as accepted, as the terms say.",
            ),
            e.contract_id,
            title=e.title,
        )


@on(events.MilestoneRefunded)
def milestone_refunded(e: events.MilestoneRefunded) -> None:
    _tell(
        e.client_id,
        "contracts.milestone_refunded",
        Text("仮払いを返金します:「{title}」", "Your escrow is refunded: “{title}”"),
        Text(
            "{amount}をお返しします。返金先の口座と振込の予定は「報酬」のページにあります。",
            "{amount} goes back to you. The account and the date stand on the page “Rewards”.",
        ),
        e.contract_id,
        title=e.title,
        amount=yen(e.amount_yen),
    )
    _tell(
        e.worker_id,
        "contracts.milestone_refunded",
        Text("仮払いは発注者に返金されました:「{title}」", "The escrow went back to the client: “{title}”"),
        Text("{why}", "{why}"),
        e.contract_id,
        title=e.title,
        why=Text("納品の期限を過ぎたためです。", "The deadline for the delivery had passed.")
        if e.by_clock
        else Text("契約が途中で終わったためです。", "The contract ended early."),
    )


@on(events.MilestoneCancelled)
def milestone_cancelled(e: events.MilestoneCancelled) -> None:
    why = (
        Text("仮払いの期限までに入金がなかったためです。", "No payment had arrived by the deadline.")
        if e.by_clock
        else Text("契約が途中で終わったためです。", "The contract ended early.")
    )
    for member_id in (e.client_id, e.worker_id):
        _tell(
            member_id,
            "contracts.milestone_cancelled",
            Text("取りやめになりました:「{title}」", "Cancelled: “{title}”"),
            why,
            e.contract_id,
            title=e.title,
        )


@on(events.ClockMoved)
def clock_moved(e: events.ClockMoved) -> None:
    if not is_news(e.was_at, e.due_at):
        return
    for member_id, words in ((e.other_id, STOPPED_FOR_OTHER), (e.awaited_id, STOPPED_FOR_SELF)):
        _tell(
            member_id,
            "contracts.clock_moved",
            Text("期限を止めています:「{title}」", "A clock stands still: “{title}”")
            if e.is_stopped
            else Text("期限を改めました:「{title}」", "A clock was moved: “{title}”"),
            Text("{words}\n\nいまの見込みでは、期限は{when}です。", "{words}\n\nAs it stands, it ends on {when}.")
            if e.is_stopped
            else Text(
                "サイトを使えない時間があったため、その分だけ期限を改めました。新しい期限は{when}です。",
                "For some time the site could not be used, and the clock moved by that much. It now ends on {when}.",
            ),
            e.contract_id,
            title=e.title,
            words=words,
            when=said_until(e.due_at),
        )


@on(events.EndAsked)
def end_asked(e: events.EndAsked) -> None:
    _tell(
        e.other_id,
        "contracts.end_asked",
        Text("途中終了の申し出があります:「{title}」", "An early end is asked for: “{title}”"),
        Text(
            "{day}までに返事をしてください。返事がないときは、期限に契約が終わり、預かっている代金は発注者に"
            "返金されます。",
            "Please answer by {day}. Without an answer the contract ends at that time and the money held goes "
            "back to the client.",
        ),
        e.contract_id,
        title=e.title,
        day=said_until(e.lapses_at),
    )


@on(events.EndRefused)
def end_refused(e: events.EndRefused) -> None:
    _tell(
        e.asked_by_id,
        "contracts.end_refused",
        Text("途中終了は合意されませんでした:「{title}」", "The early end was refused: “{title}”"),
        Text(
            "契約はこれまでどおり続きます。事情が変わったときは、もう一度申し出られます。",
            "The contract goes on as agreed. You can ask again when things change.",
        ),
        e.contract_id,
        title=e.title,
    )


@on(events.EndWithdrawn)
def end_withdrawn(e: events.EndWithdrawn) -> None:
    _tell(
        e.other_id,
        "contracts.end_withdrawn",
        Text("途中終了の申し出が取り下げられました:「{title}」", "The request to end was withdrawn: “{title}”"),
        Text("契約はこれまでどおり続きます。", "The contract goes on as agreed."),
        e.contract_id,
        title=e.title,
    )


@on(events.ContractEnded)
def contract_ended(e: events.ContractEnded) -> None:
    for member_id in (e.asked_by_id, e.other_id):
        _tell(
            member_id,
            "contracts.contract_ended",
            Text("契約が途中終了しました:「{title}」", "The contract ended early: “{title}”"),
            Text("期限までに返事がなかったためです。", "Nobody answered by the deadline.")
            if e.by_clock
            else Text("双方が合意したためです。", "Both sides agreed."),
            e.contract_id,
            title=e.title,
        )
