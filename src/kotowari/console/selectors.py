"""The facts that gates ask for, and what waits for staff: every queue with its count and its next clock."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q

from kotowari.accounts.models import FactorRecovery, ForcedReset, Member, RiskCase
from kotowari.accounts.selectors import lacks_factor
from kotowari.console import gates
from kotowari.enforcement.models import Appeal
from kotowari.foundation.subjects import subject
from kotowari.incidents.models import Incident
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for
from kotowari.kernel.text import Text
from kotowari.ledger import selectors as ledger
from kotowari.payments.models import Cancellation, CardDispute, CardPayment, CardRefund, Deposit
from kotowari.payouts import zengin
from kotowari.payouts.models import BankEntry, Closing, HolderReview, Payout, PayoutRun
from kotowari.payouts.schedule import due_closings, hand_over_by
from kotowari.payouts.selectors import differences_open
from kotowari.payouts.sender import sender
from kotowari.payouts.services.runs import waiting_for_run
from kotowari.pricing import PayoutTerms
from kotowari.support.models import Ticket
from kotowari.support.transitions import WAITING_FOR_US


@facts_for(gates.OPEN, gates.SEE_MEMBER, gates.CHECK_BOOKS)
def staff_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.StaffFacts]:
    """Who acts: no query about whoever came with a session."""
    is_member = isinstance(actor, Member)
    facts = gates.StaffFacts(
        signed_in=is_member,
        is_staff=is_member and actor.is_staff,
        left_at=actor.left_at if is_member else None,
        lacks_factor=lacks_factor(actor),
    )
    return [facts for _ in subjects]


@facts_for(gates.ACKNOWLEDGE_ALARM)
def alarm_facts(actor: Any, alarms: Sequence[Any]) -> list[gates.AlarmFacts]:
    """How alarms stand, and who looks into them: one query for their names."""
    names = names_of([alarm.acknowledged_by_id for alarm in alarms])
    [who] = staff_facts(actor, [None])
    return [
        gates.AlarmFacts(
            **asdict(who),
            state=alarm.state,
            by=names.get(alarm.acknowledged_by_id, alarm.acknowledged_by_name),
            at=alarm.acknowledged_at,
        )
        for alarm in alarms
    ]


@subject("ledger.checkalarm")
def visible_alarm(actor: Any, id: str) -> Any:
    """An alarm of the books, for staff. Raises `NotVisible`."""
    alarm = ledger.alarm(UUID(id)) if getattr(actor, "is_staff", False) else None
    if alarm is None:
        raise NotVisible("ledger.checkalarm", id)
    return alarm


def names_of(member_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """What members call themselves, by id."""
    wanted = {id for id in member_ids if id is not None}
    return dict(Member.objects.filter(pk__in=wanted).values_list("pk", "display_name")) if wanted else {}


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of thing that waits for staff. `due_at` is the clock of the first of them, if it has one."""

    title: Text
    url: str
    count: int
    next_step: Text
    due_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.due_at <= clock.now()


def queues(*, alarms_since: Sequence[datetime]) -> list[Queue]:
    """Everything that waits for staff, what is late first, then by clock: one or two queries each.

    Every member of staff sees every queue. `alarms_since`: when each alarm of the books came that nobody took on yet.
    """
    found = [*_questions(), *_money_in(), *_money_out(), *_books(alarms_since), *_accounts()]
    return sorted(found, key=lambda q: (not q.count, q.due_at is None, q.due_at or clock.now()))


def _questions() -> list[Queue]:
    waiting = Ticket.objects.filter(state__in=WAITING_FOR_US).aggregate(n=Count("id"), due_at=Min("due_at"))
    return [
        Queue(
            Text("お問い合わせ", "Questions"),
            "/console/tickets/",
            waiting["n"],
            Text("回答する。期限に遅れると、お詫びが自動で送られます", "Answer them; when late, an apology goes out"),
            waiting["due_at"],
        )
    ]


def _money_in() -> list[Queue]:
    waiting = Deposit.objects.filter(state__in=["in_suspense", "to_send_back"]).aggregate(
        suspense=Count("id", filter=Q(state="in_suspense")),
        back=Count("id", filter=Q(state="to_send_back")),
        decide_by=Min("decide_by"),
        oldest_back=Min("booked_on", filter=Q(state="to_send_back")),
    )
    cancellations = Cancellation.objects.filter(state="open").aggregate(n=Count("id"), oldest=Min("booked_on"))
    oldest_back, oldest = waiting["oldest_back"], cancellations["oldest"]
    return [
        Queue(
            Text("仮受金", "Deposits in suspense"),
            "/console/deposits/?show=in_suspense",
            waiting["suspense"],
            Text("充てる先を決めるか、返送する", "Match them by hand, or send them back"),
            waiting["decide_by"],
        ),
        Queue(
            Text("返送する入金", "Deposits to be sent back"),
            "/console/deposits/?show=to_send_back",
            waiting["back"],
            Text("銀行で返送し、記録する", "Transfer them at the bank and record it"),
            clock.end_of(oldest_back) if oldest_back else None,
        ),
        Queue(
            Text("銀行の取消・訂正", "What the bank took back"),
            "/console/deposits/?show=cancellations",
            cancellations["n"],
            Text("確かめて記録する", "Look into it and record it"),
            clock.end_of(oldest) if oldest else None,
        ),
        _cards(),
        _disputes(),
    ]


def _cards() -> Queue:
    payments = CardPayment.objects.filter(state="set_aside").aggregate(n=Count("id"), since=Min("give_up_at"))
    refunds = CardRefund.objects.filter(state="set_aside").aggregate(n=Count("id"), since=Min("give_up_at"))
    return Queue(
        Text("結果の分からないカード払い", "Card payments of unknown outcome"),
        "/console/cards/?show=set_aside",
        payments["n"] + refunds["n"],
        Text("カード会社で確かめて記録する", "Find out at the processor and record it"),
        min((each["since"] for each in (payments, refunds) if each["since"]), default=None),
    )


def _disputes() -> Queue:
    waiting = CardDispute.objects.filter(state__in=["heard", "opened"]).aggregate(
        n=Count("id"),
        evidence=Min("evidence_due_at", filter=Q(is_answered=False)),
        decided=Min("decide_by", filter=Q(is_answered=True)),
    )
    return Queue(
        Text("カードの係争", "Card disputes"),
        "/console/cards/?show=disputes",
        waiting["n"],
        Text("期限までにカード会社で反論する", "Hand in evidence at the processor in time"),
        waiting["evidence"] or waiting["decided"],
    )


def _money_out() -> list[Queue]:
    last = Closing.objects.filter(state="closed").order_by("-closes_on").values_list("closes_on", flat=True).first()
    closings = due_closings(last)
    payouts = Payout.objects.filter(state="held").aggregate(n=Count("id"), lapses_at=Min("lapses_at"))
    ready = PayoutRun.objects.filter(state="ready").aggregate(n=Count("id"), pays_on=Min("pays_on"))
    sent = PayoutRun.objects.filter(state="handed_over", pays_on__lte=clock.today()).aggregate(
        n=Count("id"), pays_on=Min("pays_on")
    )
    holders = HolderReview.objects.filter(state__in=["open", "contested"]).aggregate(
        n=Count("id"), due_at=Min("due_at")
    )
    lines = BankEntry.objects.filter(state="open").aggregate(n=Count("id"), booked_on=Min("booked_on"))
    return [
        Queue(
            Text("締めの時期", "Closings that are due"),
            "/console/payouts/",
            len(closings),
            Text("自動で締めます。すぐに締めることもできます", "They close by themselves, or now by hand"),
            clock.end_of(closings[0]) if closings else None,
        ),
        Queue(
            Text("束を待つ出金", "Payouts without a run"),
            "/console/payouts/",
            waiting_for_run().count(),
            Text("振込の束に入れる", "Put them into a run"),
        ),
        Queue(
            Text("全銀ファイルの作成", "Bank files to be written"),
            "/console/payouts/",
            ready["n"],
            Text("ファイルを銀行に渡す", "Write the file and give it to the bank"),
            clock.end_of(last_bank_day(ready["pays_on"])) if ready["pays_on"] else None,
        ),
        Queue(
            Text("結果待ちの振込", "Transfers without outcome"),
            "/console/payouts/",
            sent["n"],
            Text("明細を取り込むか、完了を記録する", "Import the statement, or record them as paid"),
            clock.end_of(sent["pays_on"]) if sent["pays_on"] else None,
        ),
        Queue(
            Text("口座の名義の確認", "Holders of accounts"),
            "/console/payouts/holders/",
            holders["n"],
            Text("登録の名前と見比べて決める", "Compare them with the registered name and decide"),
            holders["due_at"],
        ),
        Queue(
            Text("保留中の振込", "Transfers on hold"),
            "/console/payouts/?show=held",
            payouts["n"],
            Text("会員の口座の修正を待つ", "They wait for the member's account"),
            payouts["lapses_at"],
        ),
        Queue(
            Text("照合できない明細", "Lines that fit no transfer"),
            "/console/payouts/?show=lines",
            lines["n"],
            Text("何の明細かを記録する", "Say what they are"),
            clock.end_of(lines["booked_on"]) if lines["booked_on"] else None,
        ),
    ]


def _books(alarms_since: Sequence[datetime]) -> list[Queue]:
    differences = differences_open().aggregate(n=Count("id"), due_at=Min("decide_by"))
    return [
        Queue(
            Text("帳簿の警報", "Alarms of the books"),
            "/console/ledger/checks/",
            len(alarms_since),
            Text("何が破れているかを見て、引き受ける", "Look at what is broken and take it on"),
            min(alarms_since, default=None),
        ),
        Queue(
            Text("銀行との差異", "Differences with the bank"),
            "/console/ledger/reconciliation/",
            differences["n"],
            Text("何であるかを確かめて記録する", "Find out what they are and record it"),
            differences["due_at"],
        ),
    ]


def _accounts() -> list[Queue]:
    appeals = Appeal.objects.filter(state="open").aggregate(n=Count("id"), due_at=Min("due_at"))
    resets = ForcedReset.objects.filter(state="waiting").aggregate(n=Count("id"), lapses_at=Min("lapses_at"))
    recoveries = FactorRecovery.objects.filter(state__in=["proving", "first_approval"]).aggregate(
        n=Count("id"), due_at=Min("due_at")
    )
    risks = RiskCase.objects.filter(state="open").aggregate(n=Count("id"), due_at=Min("due_at"))
    incidents = Incident.objects.filter(state="open").aggregate(n=Count("id"), due_at=Min("update_due_at"))
    return [
        Queue(
            Text("障害・事故の続報", "Word about incidents"),
            "/console/incidents/",
            incidents["n"],
            Text("約束した時刻までに続報を出す", "Write on by the promised time"),
            incidents["due_at"],
        ),
        Queue(
            Text("危険の知らせ", "Risks to accounts"),
            "/console/risks/",
            risks["n"],
            Text("アカウントを確かめ、必要なら守る", "Look at the account and protect it where needed"),
            risks["due_at"],
        ),
        Queue(
            Text("異議申立て", "Appeals"),
            "/console/appeals/",
            appeals["n"],
            Text("制限を決めた人とは別の担当者が、理由をつけて答える", "Another of staff than who decided answers"),
            appeals["due_at"],
        ),
        Queue(
            Text("二段階認証の復旧", "Lost second factors"),
            "/console/recoveries/",
            recoveries["n"],
            Text("説明を確かめ、別々の2人が承認する", "Look at what they say; two different of staff approve"),
            recoveries["due_at"],
        ),
        Queue(
            Text("全員の強制再設定", "Resets of everybody"),
            "/console/forced-resets/",
            resets["n"],
            Text("依頼した人とは別の担当者が承認する", "Another of staff than who asked approves"),
            resets["lapses_at"],
        ),
    ]


def last_bank_day(pays_on: date) -> date:
    """The last day on which the bank takes a file for a pay date."""
    by = sender(pays_on)
    return hand_over_by(pays_on, by.profile if by else zengin.STANDARD, PayoutTerms.in_force())
