"""A client, workers and jobs, made through the services."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kotowari.accounts.models import Member
from kotowari.foundation.deadlines import run_all_due
from kotowari.kernel import clock as kernel_clock
from kotowari.market.models import Job, Proposal
from kotowari.market.postings import Posting
from kotowari.market.services import ProposedMilestone, post_job, send_proposal

MakeMember = Callable[..., Member]
MakeJob = Callable[..., Job]
MakeProposal = Callable[..., Proposal]


def posting(**changes: Any) -> Posting:
    """A posting with nothing wrong in it, but for the given changes."""
    today = kernel_clock.today()
    usual: dict[str, Any] = {
        "title": "飲食店のロゴデザイン",
        "description": "新しく始める方も歓迎します。",
        "category": "logo",
        "budget_min_yen": 30_000,
        "apply_until_on": today + timedelta(days=10),
        "due_on": today + timedelta(days=30),
        "poster_name": "例示商店",
        "poster_address": "東京都千代田区一丁目1番",
        "poster_contact": "info@example.jp",
        "work_place": "在宅",
        "rights": "transfer",
        "delivery_place": "このサービスの契約ページ",
        "inspection_days": 7,
        "payment_due_days": 60,
        "has_non_cash_payment": False,
        "is_recommission": False,
        "has_withholding": True,
        "withholding_kind": "design",
    }
    return Posting(**{**usual, **changes})


def parts(*prices_yen: int) -> list[ProposedMilestone]:
    due_on = kernel_clock.today() + timedelta(days=20)
    return [
        ProposedMilestone(title=f"第{n}案", price_yen=price, due_on=due_on) for n, price in enumerate(prices_yen, 1)
    ]


def run_due() -> dict[str, int]:
    """Let everything happen that is due; what of it was the market's."""
    return {name: count for name, count in run_all_due().items() if name.startswith("market.")}


@pytest.fixture
def make_member(db: None) -> MakeMember:
    def made(username: str, **more: Any) -> Member:
        return Member.objects.create(
            username=username, display_name=f"{username}さん", email=f"{username}@example.jp", **more
        )

    return made


@pytest.fixture
def client_member(make_member: MakeMember) -> Member:
    return make_member("client_a")


@pytest.fixture
def worker(make_member: MakeMember) -> Member:
    return make_member("worker_a")


@pytest.fixture
def make_job(client_member: Member) -> MakeJob:
    def made(client: Member | None = None, **changes: Any) -> Job:
        return post_job(actor=client or client_member, posting=posting(**changes))

    return made


@pytest.fixture
def job(clock: Any, make_job: MakeJob) -> Job:
    return make_job()


@pytest.fixture
def make_proposal(worker: Member) -> MakeProposal:
    def made(job: Job, actor: Member | None = None, *prices_yen: int) -> Proposal:
        return send_proposal(
            actor=actor or worker,
            job_id=job.pk,
            message="ぜひお手伝いさせてください。",
            milestones=parts(*(prices_yen or (30_000,))),
        )

    return made


@pytest.fixture
def proposal(job: Job, make_proposal: MakeProposal) -> Proposal:
    return make_proposal(job)
