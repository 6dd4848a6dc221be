"""The demo goes on after its filling: each day by the clock its people do what people do, found in the tables.

Those whose sign-ins are printed are left to whoever plays them. The same day of the same market goes the same way.
"""

import random
from datetime import timedelta

from django.db.models import QuerySet

from kotowari.accounts.models import Member
from kotowari.contracts import services as contracts
from kotowari.contracts.models import Milestone
from kotowari.demo import cast, office, people, voices
from kotowari.demo.offers import make_offer, write_posting
from kotowari.demo.trying import Tries
from kotowari.demo.wording import WORKS
from kotowari.foundation.models import DemoClock
from kotowari.kernel import clock
from kotowari.ledger import accounts
from kotowari.ledger.selectors import balances_of
from kotowari.market import services as market
from kotowari.market.models import Job
from kotowari.market.services import ProposedMilestone
from kotowari.payments import services as payments
from kotowari.payouts import services as payouts
from kotowari.payouts.models import BankAccount, ExpiredReward

SEED = 20_261_130
PLAYED = tuple(role.username for role in cast.PRINTED)
NEW_WORK_EVERY_DAYS = 5
QUICK_PAYOUT_EVERY_DAYS = 7
PAYS_AFTER, DELIVERS_AFTER, ANSWERS_AFTER = timedelta(days=1), timedelta(days=5), timedelta(days=2)
REGISTERS_LATE_AFTER = timedelta(days=30)
LATE_ACCOUNT = 90_000
"""The number after which the account of whoever registers one so late is called."""


def begin() -> None:
    """From tomorrow on the market lives by the clock."""
    DemoClock.objects.update_or_create(pk=1, defaults={"lived_on": clock.today()})


def live_today() -> int:
    """Live the present day, once, whoever asks first; how much was done."""
    today = clock.today()
    if not DemoClock.objects.filter(pk=1, lived_on__lt=today).update(lived_on=today):
        return 0
    rng = random.Random(SEED + today.toordinal())  # noqa: S311 - a story, not a secret
    tries = Tries()
    staff = Member.objects.filter(username=cast.STAFF.username).first()
    if staff is not None:
        office.work(staff, tries)
    _pay(tries)
    _deliver(tries)
    _answer(tries)
    _mend_accounts(tries)
    if today.toordinal() % NEW_WORK_EVERY_DAYS == 0:
        tries.try_to(_find_work, rng)
    if today.toordinal() % QUICK_PAYOUT_EVERY_DAYS == 0:
        _be_paid_at_once(rng, tries)
    return tries.done


# --- deals


def _milestones(state: str, side: str, *but: str) -> QuerySet[Milestone]:
    """Milestones in a state whose client or worker nobody plays, but for those who never do what comes next."""
    rows = Milestone.objects.filter(state=state).select_related("contract__client", "contract__worker")
    return rows.exclude(**{f"contract__{side}__username__in": (*PLAYED, *but)}).order_by("pk")


def _pay(tries: Tries) -> None:
    due = _milestones("awaiting_funding", "client", "never_pays").filter(clock_since__lte=clock.now() - PAYS_AFTER)
    for milestone in due:
        tries.try_to(payments.let_bank_send, actor=milestone.contract.client, milestone_id=milestone.pk)


def _deliver(tries: Tries) -> None:
    never = {"funded": "never_delivers", "changes_requested": "asked_for_changes"}
    for state, name in never.items():
        for milestone in _milestones(state, "worker", name).filter(clock_since__lte=clock.now() - DELIVERS_AFTER):
            words = voices.DELIVERED[0].format(part=milestone.title)
            tries.try_to(contracts.deliver, actor=milestone.contract.worker, milestone_id=milestone.pk, message=words)


def _answer(tries: Tries) -> None:
    due = _milestones("delivered", "client", "never_answers").filter(delivered_at__lte=clock.now() - ANSWERS_AFTER)
    for milestone in due:
        tries.try_to(contracts.accept_delivery, actor=milestone.contract.client, milestone_id=milestone.pk)


def _find_work(rng: random.Random) -> None:
    """A client offers work, a worker is found, and they agree."""
    idle = ("never_pays", *PLAYED)
    clients = _members().filter(jobs__isnull=False).exclude(username__in=idle).distinct().order_by("pk")
    client = rng.choice(list(clients))
    idle = ("never_delivers", client.username, *PLAYED)
    workers = _members().filter(bank_accounts__isnull=False, proposals__isnull=False).exclude(username__in=idle)
    worker = rng.choice(list(workers.distinct().order_by("pk")))
    work = rng.choice([work for work in WORKS if work.hires == 1])
    offer = make_offer(rng, work, rng.choice(work.variants), again=1)
    posting = write_posting(rng, offer, _as_client(client), open_days=14, work_days=21)
    job = market.post_job(actor=client, posting=posting)
    proposal = market.send_proposal(
        actor=worker,
        job_id=job.pk,
        message=voices.proposal_message(
            rng, name=worker.display_name, title=job.title, career=voices.CAREERS[people.GROUP_OF[work.category]][0]
        ),
        milestones=[
            ProposedMilestone(
                title=work.parts[-1], price_yen=offer.middle_yen, due_on=clock.today() + timedelta(days=20)
            )
        ],
    )
    contracts.hire(actor=client, proposal_id=proposal.pk)


def _members() -> QuerySet[Member]:
    return Member.objects.filter(is_staff=False, is_active=True)


def _as_client(member: Member) -> people.Client:
    """A member as the demo's postings know who writes them: with the address and the words of the last one."""
    last = Job.objects.filter(client=member).order_by("-number").first()
    client = people.Client(
        username=member.username,
        shown=member.display_name,
        kana="",
        joins_on=0,
        is_company=member.kind == Member.Kind.COMPANY,
        place=last.poster_address if last else "",
        says=f"{member.display_name}です。引き続き、在宅で働く方にお願いしています。",
        groups=people.GROUPS,
    )
    client.member = member
    return client


# --- being paid


def _mend_accounts(tries: Tries) -> None:
    """Who reads that a transfer came back looks at the pass book; who never had an account opens one in the end."""
    with_fault = BankAccount.objects.filter(replaced_at__isnull=True).exclude(fault_code="").select_related("member")
    for account in with_fault.exclude(member__username__in=("transfer_returned", *PLAYED)):
        tries.try_to(
            payouts.set_bank_account,
            actor=people.signed_in(account.member),
            bank_code=account.bank_code,
            branch_code=account.branch_code,
            account_kind=account.account_kind,
            account_number=account.number or "",
            holder_kana=account.holder_kana or "",
        )
    waited = ExpiredReward.objects.filter(state="dormant", expired_at__lte=clock.now() - REGISTERS_LATE_AFTER)
    late = cast.LATE_WITH_ACCOUNT
    for reward in waited.filter(member__username=late.username, member__bank_accounts__isnull=True)[:1]:
        person = people.Person(username=late.username, shown=late.shown, kana=late.kana, joins_on=0)
        person.member = reward.member
        tries.try_to(person.register_account, LATE_ACCOUNT)


def _be_paid_at_once(rng: random.Random, tries: Tries) -> None:
    """Somebody with money enough asks for it now."""
    members = list(
        _members().filter(bank_accounts__isnull=False).exclude(username__in=PLAYED).distinct().order_by("pk")
    )
    balances = balances_of([accounts.available(m.pk) for m in members])
    rich = [m for m in members if balances[accounts.available(m.pk)] > 0]
    if rich:
        member = rng.choice(rich)
        tries.try_to(payouts.request_quick_payout, actor=member)
