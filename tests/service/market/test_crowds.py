"""Several people, or one with two windows, at the same moment: exactly one effect. Real threads on PostgreSQL."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from tests.service.market.conftest import parts, posting

from kotowari.accounts.models import Member
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.errors import Refused
from kotowari.market.models import Job, Proposal
from kotowari.market.services import (
    close_job,
    decline_proposal,
    lapse_proposal,
    mark_accepted,
    post_job,
    send_proposal,
    withdraw_proposal,
)

pytestmark = pytest.mark.django_db(transaction=True)


def member(username: str) -> Member:
    return Member.objects.create(username=username, display_name=username, email=f"{username}@example.jp")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Call all of them at the same moment, each in its thread; what each returned or raised, in order."""
    results: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(n: int, call: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[n] = call()
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def job(clock: Any) -> Job:
    return post_job(actor=member("client_a"), posting=posting())


def send(worker: Member, job: Job, **more: Any) -> Proposal:
    return send_proposal(actor=worker, job_id=job.pk, message="お願いします。", milestones=parts(20_000), **more)


def test_the_same_proposal_sent_by_many_threads_is_one(job: Job) -> None:
    worker = member("worker_a")
    results = at_once(*[lambda: send(worker, job)] * 8)
    sent = [r for r in results if isinstance(r, Proposal)]
    assert len(sent) == Proposal.objects.count() == 1
    assert all(isinstance(r, Refused) for r in results if r is not sent[0])


def test_a_double_click_with_one_key_is_one_proposal_and_both_hear_of_it(job: Job) -> None:
    worker = member("worker_a")
    results = at_once(*[lambda: send(worker, job, idempotency_key="click")] * 6)
    assert len({r.pk for r in results}) == Proposal.objects.count() == 1


def test_withdrawing_declining_and_hiring_at_once_end_in_exactly_one_of_them(job: Job) -> None:
    worker, client = member("worker_a"), job.client
    proposal = send(worker, job)

    def hire() -> Proposal:
        with transaction.atomic():
            Job.objects.select_for_update().get(pk=job.pk)
            return mark_accepted(actor=client, proposal_id=proposal.pk)

    results = at_once(
        lambda: withdraw_proposal(actor=worker, proposal_id=proposal.pk),
        lambda: decline_proposal(actor=client, proposal_id=proposal.pk, reason="budget"),
        hire,
    )
    assert sum(isinstance(r, Proposal) for r in results) == 1
    proposal.refresh_from_db()
    job.refresh_from_db()
    assert (job.hires_made == 1) == (proposal.state == "accepted")


def test_closing_against_new_proposals_leaves_nobody_waiting(job: Job) -> None:
    workers = [member(f"worker_{n}") for n in range(6)]
    at_once(*[lambda w=w: send(w, job) for w in workers], lambda: close_job(actor=job.client, job_id=job.pk))
    job.refresh_from_db()
    assert job.state == "closed"
    assert not Proposal.objects.filter(state="sent").exists()


def test_two_sweeps_at_once_lapse_a_proposal_once(clock: Any, job: Job) -> None:
    proposal = send(member("worker_a"), job)
    clock.set(proposal.lapses_at)
    results = at_once(*[lambda: lapse_proposal(actor=SYSTEM, proposal_id=proposal.pk)] * 4)
    assert sum(isinstance(r, Proposal) for r in results) == 1
