"""One client, one worker, a stranger and staff, with something of every kind that an address can name."""

from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from tests import story
from tests.service.accounts.factors import with_app
from tests.service.payments.bank_files import file, line
from tests.service.payouts.market import Market, register, reward

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import Device, Member, Restriction, Session
from kotowari.accounts.services import (
    ask_address,
    ask_forced_reset,
    begin_app,
    create_api_token,
    lock_account,
    raise_risk,
    restrict,
    start_recovery,
    start_sign_up,
    state_recovery,
)
from kotowari.contracts import services as contracts
from kotowari.contracts.models import Milestone
from kotowari.enforcement.services import make_appeal
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice
from kotowari.incidents.services import announce_login_change, open_incident
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.text import Text
from kotowari.ledger.models import CheckAlarm, CheckRun, Journal
from kotowari.messaging.services import send_message
from kotowari.papers.models import Paper
from kotowari.payments.cards import CardAnswer
from kotowari.payments.models import Cancellation, CardDispute, CardPayment, CardRefund, Deposit
from kotowari.payments.services import import_statement
from kotowari.payments.services.cards.paying import mark_card_sent
from kotowari.payments.services.cards.settling import settle_card_payment
from kotowari.payouts import services as payouts
from kotowari.payouts.models import (
    BankAccount,
    BankDifference,
    BankEntry,
    ExpiredReward,
    HolderReview,
    Payout,
    PayoutRun,
)
from kotowari.support.inputs import Question
from kotowari.support.services import open_ticket

PASSWORD = "correct horse battery staple"
ASKED_OF_OWNERS = ("happened", "joined", "last_use", "dealings", "payout")
ROLES = ("visitor", "client", "worker", "stranger", "staff")


def paid_twice_by_card(milestone: Milestone) -> tuple[CardPayment, CardRefund]:
    """A card payment of an escrow that a bank transfer had filled already, so that it goes back."""
    now = kernel_clock.now()
    payment = CardPayment.objects.create(
        milestone=milestone,
        made_by=milestone.contract.client,
        amount_yen=milestone.client_pays_yen,
        processor="fake",
        account="demo",
        key="payment-of-the-world",
        due_at=now,
        give_up_at=now,
    )
    mark_card_sent(actor=SYSTEM, payment_id=payment.pk)
    answer = CardAnswer(outcome="succeeded", reference="p1", charge="c1", amount_yen=payment.amount_yen)
    payment = settle_card_payment(actor=SYSTEM, payment_id=payment.pk, answer=answer)
    return payment, payment.refunds.get()


class World:
    """Everything stands: what the client and the worker share is no business of the stranger's, nor of staff's
    outside the console."""

    def __init__(self, clock: Any) -> None:
        market = Market(clock)
        self.people: dict[str, Member | None] = {
            "visitor": None,
            "client": story.member("kurai"),
            "worker": story.member("hanako"),
            "stranger": story.member("tanin"),
            "staff": market.staff(),
        }
        self.client, self.worker, self.staff = (self.people[r] for r in ("client", "worker", "staff"))
        assert self.client
        assert self.worker
        assert self.staff
        reward(self.worker, 300, fixed_at=kernel_clock.now() - timedelta(days=200))
        payouts.expire_rewards(actor=SYSTEM, day=kernel_clock.today())
        register(self.worker)
        account = BankAccount.objects.get(member=self.worker)
        HolderReview.objects.create(
            account=account,
            finding="differs",
            due_at=kernel_clock.now() + timedelta(days=3),
            lapses_at=kernel_clock.now() + timedelta(days=8),
        )  # the account is in use all the same: what this address names is asked about, not its effect
        paid = story.accepted(client=self.client, worker=self.worker)[0]
        market.after(date(2026, 11, 30))
        market.close()
        market.on(date(2026, 12, 1))
        self.milestone = story.funded((10_000, 20_000), client=self.client, worker=self.worker)[0]
        self.contract = self.milestone.contract
        self.job = story.job(self.client)
        self.proposal = story.proposal(self.job, self.worker, (10_000, 20_000))
        self.thread = send_message(
            actor=self.client, proposal_id=self.proposal.pk, body="よろしくお願いします。"
        ).thread
        self.end_request = contracts.ask_end(
            actor=self.client, contract_id=self.contract.pk, reason="no_longer_needed", explanation=""
        )
        self.token = create_api_token(actor=story.proved(self.worker), name="books", scopes=["money:read"])
        self.factor = begin_app(actor=self.worker)
        lost = story.member("nakushita")
        with_app(lost)
        self.recovery = start_recovery(actor=lost, has_password=False)
        state_recovery(actor=lost, recovery_id=self.recovery.pk, answers=dict.fromkeys(ASKED_OF_OWNERS, "x"))
        import_statement(actor=SYSTEM, data=file(line(777, "ﾅﾅｼ", kind="01"), line(90, "ﾀﾞﾚｶ", kind="01", cancels=True)))
        payouts.match_outgoing(
            actor=self.staff, entry_key="k1", amount_yen=888, booked_on=kernel_clock.today(), name="ﾃｽｳﾘﾖｳ"
        )
        self.sign_up = start_sign_up(
            actor=VISITOR,
            username="atarashii",
            display_name="新しい人",
            email="atarashii@example.jp",
            password=PASSWORD,
            kind="individual",
            agreed=["terms", "message_check"],
            language="ja",
        )
        address = EmailAddress.objects.create(user=self.worker, email=self.worker.email, verified=True, primary=True)
        self.program = story.signed_in_program(self.worker)
        self.ticket = open_ticket(
            actor=self.worker,
            question=Question(topic="money", email=self.worker.email, body="出金の予定を教えてください。"),
        )
        browser = Client()
        browser.force_login(self.worker)
        self.session = Session.objects.get(member=self.worker)
        self.session.device = Device.objects.create(member=self.worker, label="Firefox / Linux", network="192.0.2.0/24")
        self.session.save()
        self.worker.proved_at = kernel_clock.now()
        self.address_proof = ask_address(actor=self.worker, email="hanako@work.example")
        self.restriction = restrict(
            actor=self.worker,
            member_id=self.worker.pk,
            cause="not_me",
            until=kernel_clock.now() + timedelta(days=14),
        )
        self.lock = lock_account(
            actor=SYSTEM, member_id=self.worker.pk, until=kernel_clock.now() + timedelta(minutes=10), tries=20
        )
        self.risk = raise_risk(actor=SYSTEM, kind="repeated_locks", member_id=self.worker.pk, facts={"level": 3})
        self.reset = ask_forced_reset(actor=self.staff, reason=Text("漏えい", "A leak"), everybody=True)
        freeze = self._frozen("touketsu", by=market.staff("tantou"))
        self.appeal = make_appeal(actor=freeze.member, restriction_id=freeze.pk, statement="書いていません。")
        self.contestable = self._frozen("mitouketsu", by=self.staff)
        self.card_payment, self.card_refund = paid_twice_by_card(self.milestone)
        self.incident = open_incident(
            actor=self.staff,
            kind="leak",
            severity="minor",
            functions=["mail"],
            title=Text("漏えい", "A leak"),
            words=Text("調べています。", "We look into it."),
            started_at=kernel_clock.now(),
            is_public=False,
            next_minutes=60,
        )
        self.change = announce_login_change(
            actor=self.staff,
            method="sms",
            title=Text("SMSのコードが変わります", "Codes by text message change"),
            words=Text("認証アプリも使えます。", "An app works, too."),
            takes_effect_on=kernel_clock.today() + timedelta(days=60),
        )
        while outbox.deliver_waiting():
            pass
        self.paper = Paper.objects.get(kind="invoice", subject=f"milestone:{paid.pk}")
        self.journal = Journal.objects.get(kind="milestone_accepted", milestone_id=paid.pk)
        self.ids: dict[str, Any] = {
            "job_id": self.job.pk,
            "proposal_id": self.proposal.pk,
            "contract_id": self.contract.pk,
            "milestone_id": self.milestone.pk,
            "request_id": self.end_request.pk,
            "answer": "agree",
            "thread_id": self.thread.pk,
            "notice_id": Notice.objects.filter(member=self.worker).latest("id").pk,
            "journal_id": self.journal.pk,
            "account_class": "escrow",
            "code": f"available:member:{self.worker.pk}",
            "subject_id": self.milestone.pk,
            "token_id": self.token.pk,
            "proof_id": self.address_proof.pk,
            "address_id": address.pk,
            "factor_id": self.factor.pk,
            "recovery_id": self.recovery.pk,
            "provider_id": "nowhere",
            "account_id": SocialAccount.objects.create(user=self.worker, provider="nowhere", uid="1").pk,
            "username": self.worker.username,
            "sign_up_id": self.sign_up.pk,
            "token": "never-one-of-ours",
            "key": "MQ-abcdef-0123456789",
            "check_id": CheckRun.objects.create(asked_by_name="system").pk,
            "alarm_id": CheckAlarm.objects.create(name="L1", title=Text("試験", "Test").as_dict(), wrong=1).pk,
            "difference_id": BankDifference.objects.create(
                key="gap", kind="gap", amount_yen=1, on=kernel_clock.today(), decide_by=kernel_clock.now()
            ).pk,
            "month": f"{kernel_clock.today():%Y-%m}",
            "kind": "csv",
            "deposit_id": Deposit.objects.get(state="in_suspense").pk,
            "cancellation_id": Cancellation.objects.get().pk,
            "run_id": PayoutRun.objects.get().pk,
            "review_id": HolderReview.objects.get().pk,
            "payout_id": Payout.objects.get().pk,
            "entry_id": BankEntry.objects.get().pk,
            "expired_id": ExpiredReward.objects.get().pk,
            "member_id": self.worker.pk,
            "day": "2026-11-30",
            "slug": "sign-in-trouble",
            "ticket_id": self.ticket.pk,
            "session_id": self.session.public_id,
            "device_id": self.session.device_id,
            "restriction_id": self.restriction.pk,
            "lock_id": self.lock.pk,
            "case_id": self.risk.pk,
            "reset_id": self.reset.pk,
            "hold_id": self.restriction.pk,
            "appeal_id": self.appeal.pk,
            "payment_id": self.card_payment.pk,
            "refund_id": self.card_refund.pk,
            "dispute_id": CardDispute.objects.create(
                processor="fake", account="demo", reference="d1", due_at=kernel_clock.now()
            ).pk,
            "paper_id": self.paper.pk,
            "table_format": "csv",
            "incident_id": self.incident.pk,
            "change_id": self.change.pk,
        }

    def _frozen(self, username: str, *, by: Member) -> Restriction:
        return restrict(
            actor=by,
            member_id=story.member(username).pk,
            cause="terms_breach",
            until=kernel_clock.now() + timedelta(days=14),
            explanation="規約に触れる書き込みがあった。",
        )
