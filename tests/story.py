"""Stories of the main job, told through the services: what tests start from."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Member, RegisteredName
from kotowari.accounts.program_sign_ins import begun
from kotowari.accounts.scopes import SCOPES
from kotowari.accounts.selectors import registered_name_of, trust_mark
from kotowari.accounts.services import sign_in_program
from kotowari.accounts.sessions import PROVED_AT
from kotowari.contracts import services as contracts
from kotowari.contracts.models import Contract, Milestone
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock
from kotowari.kernel.holder_names import same_reading
from kotowari.kernel.ids import new_id
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Line, post
from kotowari.market import services as market
from kotowari.market.models import Job, Proposal
from kotowari.market.postings import Posting
from kotowari.market.services import ProposedMilestone

_numbers = itertools.count(1)


def member(name: str = "", *, is_staff: bool = False) -> Member:
    """A member with a name of their own."""
    name = name or f"member{next(_numbers)}"
    return Member.objects.create_user(name, f"{name}@example.com", display_name=name.title(), is_staff=is_staff)


def named(member: Member, kana: str = "ヤマダ ハナコ") -> Member:
    """The same member with a registered name, told to nobody, that an account of this holder fits."""
    before = registered_name_of(member.pk)
    if before is None or not same_reading(before.kana or "", kana):
        kind = Member.Kind.COMPANY if ")" in kana or "(" in kana else Member.Kind.INDIVIDUAL
        row = RegisteredName(member=member, kind=kind, reason="mistake" if before else "first")
        row.name, row.kana = "山田 花子", kana
        row.save(force_insert=True)
    return member


def proved(member: Member) -> Member:
    """The same member, who has just shown that it is them: what touches the keys of an account asks for it."""
    member.proved_at = clock.now()
    return member


def signed_in(member: Member) -> Client:
    """A browser in which this member has just signed in."""
    browser = Client()
    browser.force_login(member)
    session = browser.session
    session[PROVED_AT] = clock.now().isoformat()
    session.save()
    return browser


def signed_in_program(member: Member) -> str:
    """The token of a program for which this member has just typed the password."""
    EmailAddress.objects.get_or_create(user=member, email=member.email, verified=True, primary=True)
    shown = begun(member, mark=trust_mark(member), name="test", scopes=tuple(SCOPES), second_factor="")
    caller = Caller(network="192.0.2.0/24", label="API: test")
    return str(sign_in_program(actor=member, signing_in=shown, caller=caller).plaintext)


def posting(**changes: Any) -> Posting:
    """A complete posting; every fact and term is given."""
    today = clock.today()
    given: dict[str, Any] = {
        "title": "会社紹介パンフレットの英訳",
        "description": "A4で8ページのパンフレットを日本語から英語に翻訳してください。",
        "category": "translation",
        "budget_min_yen": 10_000,
        "budget_max_yen": 500_000,
        "apply_until_on": today + timedelta(days=14),
        "due_on": today + timedelta(days=60),
        "poster_name": "株式会社みほん商事",
        "poster_address": "東京都千代田区見本町1-2-3",
        "poster_contact": "hello@example.com",
        "work_place": "在宅",
        "rights": "transfer",
        "delivery_place": "契約のページで納品",
        "inspection_days": 7,
        "payment_due_days": 45,
        "has_non_cash_payment": False,
        "is_recommission": False,
        "has_withholding": False,
    }
    return Posting(**{**given, **changes})


def job(client: Member, **changes: Any) -> Job:
    """An open job of a client."""
    return market.post_job(actor=client, posting=posting(**changes))


def proposal(to: Job, worker: Member, prices_yen: Sequence[int] = (10_000,)) -> Proposal:
    """A worker's proposal, one milestone per price."""
    return market.send_proposal(
        actor=worker,
        job_id=to.pk,
        message="よろしくお願いします。",
        milestones=[
            ProposedMilestone(title=f"第{n}稿", price_yen=price, due_on=clock.today() + timedelta(days=10 * n))
            for n, price in enumerate(prices_yen, start=1)
        ],
    )


def contract(
    prices_yen: Sequence[int] = (10_000,),
    *,
    client: Member | None = None,
    worker: Member | None = None,
    **job_changes: Any,
) -> Contract:
    """A contract, nothing funded yet."""
    client, worker = client or member(), worker or member()
    made = proposal(job(client, **job_changes), worker, prices_yen)
    return contracts.hire(actor=client, proposal_id=made.pk)


def milestones(of: Contract) -> list[Milestone]:
    """Its milestones in order, contract and sides read along."""
    return list(
        Milestone.objects.filter(contract=of)
        .select_related("contract__client", "contract__worker")
        .order_by("position")
    )


def fund(milestone: Milestone, amount_yen: int | None = None) -> Milestone:
    """Money for a milestone comes in by bank and goes into its escrow."""
    deposit_id = new_id()
    amount_yen = amount_yen if amount_yen is not None else milestone.client_pays_yen
    post(
        kind=JournalKind.DEPOSIT_RECEIVED,
        scope="test.deposit",
        key=str(deposit_id),
        lines=[Line(accounts.bank_deposits(), -amount_yen), Line(accounts.suspense(deposit_id), amount_yen)],
        actor=SYSTEM,
        deposit_id=deposit_id,
    )
    return contracts.record_funding(
        actor=SYSTEM, milestone_id=milestone.pk, deposit_id=deposit_id, occurred_at=clock.now()
    )


def funded(prices_yen: Sequence[int] = (10_000,), **given: Any) -> list[Milestone]:
    """Milestones whose escrow is filled."""
    made = contract(prices_yen, **given)
    for milestone in milestones(made):
        fund(milestone)
    return milestones(made)


def delivered(prices_yen: Sequence[int] = (10_000,), **given: Any) -> list[Milestone]:
    """Milestones that wait for acceptance."""
    rows = funded(prices_yen, **given)
    for milestone in rows:
        contracts.deliver(actor=milestone.contract.worker, milestone_id=milestone.pk, message="納品します。", links=[])
    return milestones(rows[0].contract)


def accepted(prices_yen: Sequence[int] = (10_000,), **given: Any) -> list[Milestone]:
    """Milestones whose reward is fixed."""
    rows = delivered(prices_yen, **given)
    for milestone in rows:
        contracts.accept_delivery(actor=milestone.contract.client, milestone_id=milestone.pk)
    return milestones(rows[0].contract)
