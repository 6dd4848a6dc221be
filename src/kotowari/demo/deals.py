"""How a deal goes, from the posting to the reward or to its end, each step on its own day through the services."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal
from uuid import UUID

from kotowari.contracts import services as contracts
from kotowari.contracts.models import EndRequest, Milestone
from kotowari.demo import voices
from kotowari.demo.bank import Bank
from kotowari.demo.days import Days, Part, Step
from kotowari.demo.offers import Offer, write_posting
from kotowari.demo.people import Client, Worker
from kotowari.demo.trying import Tries
from kotowari.kernel import clock
from kotowari.market import services as market
from kotowari.market.models import Job, Proposal
from kotowari.market.services import ProposedMilestone
from kotowari.messaging import services as messaging

Pays = Literal["exact", "too_much", "too_little", "never"]
Ends = Literal["agreed", "open", "refused"]
PATIENCE_DAYS = 12
"""So long a worker waits for the money before they give up looking."""


@dataclass(kw_only=True)
class Deal:
    """What is to happen, in days: `posted` and `hired` are days of the demo, the others count from the step before.

    Without `worker` nobody is hired. `delivers_after` None: nothing is ever delivered. `answers_after` None: the
    client says nothing and time accepts. `closed` is the day on which the client closes the job again.
    """

    client: Client
    offer: Offer
    posted: int
    open_days: int = 14
    worker: Worker | None = None
    others: Sequence[Worker] = ()
    hired: int = 0
    pays: Pays = "exact"
    pays_after: int = 1
    price_yen: int | None = None
    parts: Sequence[str] = ("納品",)
    delivers_after: int | None = 7
    due_after: int | None = None
    has_changes: bool = False
    redelivers_after: int | None = 3
    answers_after: int | None = 2
    ends: Ends | None = None
    ends_after: int = 3
    end_asked_by: Literal["client", "worker"] = "client"
    withdrawn: Sequence[Worker] = ()
    closed: int | None = None

    job_id: UUID = field(init=False)
    proposal_id: UUID = field(init=False)
    milestone_ids: list[UUID] = field(init=False, default_factory=list)


class Dealings:
    """Lets deals happen on their days.

    Whoever meets a refusal reads it and leaves the matter as it is, as people do.
    """

    def __init__(self, days: Days, bank: Bank, rng: random.Random, met: Callable[[], None]) -> None:
        self._days = days
        self._bank = bank
        self._rng = rng
        self._met = met
        self._tries = Tries()

    def plan(self, deal: Deal) -> None:
        """Let a deal begin on its day."""
        self._at(deal.posted, self._some_part(), lambda: self._post(deal))

    def _some_part(self) -> Part:
        return self._rng.choice((Part.MORNING, Part.NOON, Part.EVENING))

    def _later(self, days: int, step: Step) -> None:
        self._at(self._days.today + days, self._some_part(), step)

    def _at(self, day: int, part: Part, step: Step) -> None:
        self._days.at(day, part, lambda: self._tries.try_to(step))

    def _post(self, deal: Deal) -> None:
        posting = write_posting(
            self._rng, deal.offer, deal.client, open_days=deal.open_days, work_days=self._rng.randint(14, 45)
        )
        deal.job_id = market.post_job(actor=deal.client.member, posting=posting).pk
        self._met()
        until = deal.hired - 1 if deal.worker else deal.posted + deal.open_days - 1
        for other in deal.others:
            day = self._rng.randint(deal.posted, max(deal.posted, min(until, deal.posted + 9)))
            self._at(day, Part.EVENING, lambda other=other: self._propose(deal, other))  # type: ignore[misc]
        if deal.worker is not None:
            worker = deal.worker
            day = self._rng.randint(deal.posted, max(deal.posted, deal.hired - 1))
            self._at(day, Part.NOON, lambda: self._propose(deal, worker))
            self._at(deal.hired, self._some_part(), lambda: self._hire(deal))
        if deal.closed is not None:
            self._at(deal.closed, Part.NOON, lambda: self._close(deal))

    def _propose(self, deal: Deal, worker: Worker) -> None:
        job = Job.objects.get(pk=deal.job_id)
        if job.state != "open":
            return
        is_chosen = worker is deal.worker
        price_yen = self._price(deal, is_chosen)
        proposal = market.send_proposal(
            actor=worker.member,
            job_id=job.pk,
            message=voices.proposal_message(
                self._rng, name=worker.member.display_name, title=job.title, career=worker.career
            ),
            milestones=self._milestones(deal, price_yen) if is_chosen else self._whole(deal, price_yen),
        )
        if is_chosen:
            deal.proposal_id = proposal.pk
        if self._rng.random() < (0.4 if is_chosen else 0.1):
            self._later(1, lambda: self._ask(deal, worker, proposal.pk))
        if worker in deal.withdrawn:
            self._later(2, lambda: self._withdraw(worker, proposal.pk))
        elif not is_chosen and self._rng.random() < 0.3:
            self._later(self._rng.randint(1, 4), lambda: self._decline(deal, proposal.pk))

    def _price(self, deal: Deal, is_chosen: bool) -> int:
        if is_chosen and deal.price_yen is not None:
            return deal.price_yen
        least, most = deal.offer.least_yen, deal.offer.most_yen or deal.offer.least_yen
        step = 1_000 if most > 20_000 else 100
        return max(step, round(self._rng.uniform(least, most) / step) * step)

    def _milestones(self, deal: Deal, price_yen: int) -> list[ProposedMilestone]:
        """One part of the price and of the time for each part of the work."""
        count = len(deal.parts)
        share_yen = price_yen // count // 100 * 100 or price_yen // count
        first = max(deal.hired - self._days.today, 0) + deal.pays_after
        each = deal.due_after if deal.due_after is not None else (deal.delivers_after or 10) + 9
        return [
            ProposedMilestone(
                title=title,
                price_yen=share_yen if n < count else price_yen - share_yen * (count - 1),
                due_on=clock.today() + timedelta(days=first + each * n),
            )
            for n, title in enumerate(deal.parts, start=1)
        ]

    def _whole(self, deal: Deal, price_yen: int) -> list[ProposedMilestone]:
        due_on = clock.today() + timedelta(days=self._rng.randint(14, 40))
        return [ProposedMilestone(title=deal.offer.work.parts[-1], price_yen=price_yen, due_on=due_on)]

    def _ask(self, deal: Deal, worker: Worker, proposal_id: UUID) -> None:
        if not self._say(deal.client, proposal_id, self._rng.choice(voices.ASKED).format(skill=worker.skills[0])):
            return
        self._at(
            self._days.today,
            Part.EVENING,
            lambda: self._say(worker, proposal_id, self._rng.choice(voices.ANSWERED)),
        )

    def _say(self, by: Client | Worker, proposal_id: UUID, body: str) -> bool:
        """Write a message while the proposal lives."""
        if not Proposal.objects.filter(pk=proposal_id, state__in=["sent", "accepted"]).exists():
            return False
        messaging.send_message(actor=by.member, proposal_id=proposal_id, body=body)
        return True

    def _withdraw(self, worker: Worker, proposal_id: UUID) -> None:
        if Proposal.objects.filter(pk=proposal_id, state="sent").exists():
            market.withdraw_proposal(actor=worker.member, proposal_id=proposal_id)

    def _decline(self, deal: Deal, proposal_id: UUID) -> None:
        if not Proposal.objects.filter(pk=proposal_id, state="sent").exists():
            return
        reason = self._rng.choice(("budget", "schedule", "skills", "other_chosen"))
        note = self._rng.choice(voices.NOTES)
        market.decline_proposal(actor=deal.client.member, proposal_id=proposal_id, reason=reason, note=note)

    def _close(self, deal: Deal) -> None:
        if Job.objects.filter(pk=deal.job_id, state__in=["open", "lapsed"]).exists():
            market.close_job(actor=deal.client.member, job_id=deal.job_id)

    def _hire(self, deal: Deal) -> None:
        worker = deal.worker
        assert worker is not None
        contract = contracts.hire(actor=deal.client.member, proposal_id=deal.proposal_id)
        deal.milestone_ids = list(contract.milestones.order_by("position").values_list("pk", flat=True))
        self._say(deal.client, deal.proposal_id, self._rng.choice(voices.WELCOMED))
        if self._rng.random() < 0.6:
            thanks = self._rng.choice(voices.THANKED)
            self._at(self._days.today, Part.EVENING, lambda: self._say(worker, deal.proposal_id, thanks))
        if deal.pays != "never":
            self._at(self._days.today + deal.pays_after, Part.NOON, lambda: self._pay(deal))
        if deal.ends is not None:
            self._later(deal.pays_after + deal.ends_after, lambda: self._ask_end(deal))

    def _pay(self, deal: Deal) -> None:
        more_yen = {"too_much": 5_000, "too_little": -3_000}.get(deal.pays, 0)
        for milestone in self._milestones_of(deal):
            if milestone.state == "awaiting_funding":
                self._bank.send(milestone, more_yen=more_yen)
                more_yen = 0
        if deal.delivers_after is not None:
            self._later(deal.delivers_after, lambda: self._deliver(deal, 0, PATIENCE_DAYS))
        if self._rng.random() < 0.25 and (deal.delivers_after or 0) > 3:
            self._later(2, lambda: self._report(deal))

    def _report(self, deal: Deal) -> None:
        assert deal.worker is not None
        if self._say(deal.worker, deal.proposal_id, self._rng.choice(voices.REPORTED)):
            self._later(1, lambda: self._say(deal.client, deal.proposal_id, self._rng.choice(voices.REPLIED)))

    def _deliver(self, deal: Deal, index: int, patience: int) -> None:
        milestone = self._milestone(deal, index)
        if milestone.state == "awaiting_funding" and patience:
            self._later(1, lambda: self._deliver(deal, index, patience - 1))
        if milestone.state not in ("funded", "changes_requested") or deal.worker is None:
            return
        is_again = milestone.state == "changes_requested"
        words = self._rng.choice(voices.DELIVERED_AGAIN if is_again else voices.DELIVERED)
        contracts.deliver(
            actor=deal.worker.member,
            milestone_id=milestone.pk,
            message=words.format(part=milestone.title),
            links=[f"https://files.example.com/{milestone.reference}/"] if self._rng.random() < 0.6 else [],
        )
        if deal.has_changes and not is_again:
            self._later(deal.answers_after or 1, lambda: self._request_changes(deal, index))
        elif deal.answers_after is not None:
            self._later(deal.answers_after, lambda: self._accept(deal, index))

    def _request_changes(self, deal: Deal, index: int) -> None:
        milestone = self._milestone(deal, index)
        if milestone.state != "delivered":
            return
        contracts.request_changes(
            actor=deal.client.member, milestone_id=milestone.pk, points=self._rng.choice(voices.POINTS)
        )
        if deal.redelivers_after is not None:
            self._later(deal.redelivers_after, lambda: self._deliver(deal, index, 0))

    def _accept(self, deal: Deal, index: int) -> None:
        milestone = self._milestone(deal, index)
        if milestone.state != "delivered":
            return
        contracts.accept_delivery(actor=deal.client.member, milestone_id=milestone.pk)
        if self._rng.random() < 0.4:
            self._say(deal.client, deal.proposal_id, self._rng.choice(voices.PRAISED))
        if index + 1 < len(deal.milestone_ids):
            self._later(deal.delivers_after or 5, lambda: self._deliver(deal, index + 1, 0))

    def _ask_end(self, deal: Deal) -> None:
        if not {m.state for m in self._milestones_of(deal)} & {"awaiting_funding", "funded"}:
            return
        assert deal.worker is not None
        by_client = deal.end_asked_by == "client"
        asking, asked = (deal.client, deal.worker) if by_client else (deal.worker, deal.client)
        request = contracts.ask_end(
            actor=asking.member,
            contract_id=self._milestone(deal, 0).contract_id,
            reason="no_longer_needed" if by_client else "cannot_do",
            explanation="社内の計画が変わり、続けられなくなりました。申し訳ありません。"
            if by_client
            else "体調を崩し、期日に間に合わせることが難しくなりました。申し訳ありません。",
        )
        if deal.ends != "open":
            self._later(1, lambda: self._answer_end(deal, asked, request.pk))

    def _answer_end(self, deal: Deal, asked: Client | Worker, request_id: UUID) -> None:
        if EndRequest.objects.filter(pk=request_id, state="open").exists():
            answer = contracts.agree_end if deal.ends == "agreed" else contracts.refuse_end
            answer(actor=asked.member, request_id=request_id)

    def _milestone(self, deal: Deal, index: int) -> Milestone:
        return Milestone.objects.get(pk=deal.milestone_ids[index])

    def _milestones_of(self, deal: Deal) -> list[Milestone]:
        rows = Milestone.objects.filter(pk__in=deal.milestone_ids).select_related("contract__client")
        return list(rows.order_by("position"))
