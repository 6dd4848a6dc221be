"""Answering jobs, and every way in which an answer ends, on PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.service.market.conftest import MakeJob, MakeMember, MakeProposal, parts, run_due
from tests.service.market.test_jobs import codes, notices

from kotowari.accounts.models import Member
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.foundation.transitions import NotInTable
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, NotVisible, Refused
from kotowari.kernel.gates import explain
from kotowari.market.gates import SEND_PROPOSAL, WITHDRAW_PROPOSAL
from kotowari.market.models import Job, Proposal, ProposalMilestone
from kotowari.market.selectors import find_job, find_proposal, proposal_counts, proposals_visible_to
from kotowari.market.services import (
    ProposedMilestone,
    close_job,
    decline_proposal,
    lapse_proposal,
    mark_accepted,
    send_proposal,
    withdraw_proposal,
)

pytestmark = pytest.mark.django_db


def test_a_proposal_is_sent_with_its_milestones_and_the_client_is_told(
    job: Job, worker: Member, client_member: Member
) -> None:
    proposal = send_proposal(actor=worker, job_id=job.pk, message=" よろしく ", milestones=parts(10_000, 20_000))
    assert proposal.message == "よろしく"
    assert list(proposal.milestones.values_list("position", "title", "price_yen")) == [
        (1, "第1案", 10_000),
        (2, "第2案", 20_000),
    ]
    assert notices(client_member) == ["market.proposal_sent"]
    assert AuditEntry.objects.get(kind="market.proposal_sent").data["price_yen"] == 30_000


@pytest.mark.rule("A081")
def test_a_proposal_lapses_the_days_of_the_policy_after_the_application_deadline(
    clock: Any, job: Job, worker: Member, client_member: Member, make_proposal: MakeProposal
) -> None:
    proposal = make_proposal(job)
    days = policy.value("market.proposal_lapse_days")
    assert proposal.lapses_at == job.apply_until + timedelta(days=days)
    clock.set(proposal.lapses_at - timedelta(seconds=1))
    assert run_due() == {"market.lapse_jobs": 1}
    with pytest.raises(Refused) as refused:
        lapse_proposal(actor=SYSTEM, proposal_id=proposal.pk)
    assert refused.value.decision.clears_at == proposal.lapses_at
    clock.move(seconds=1)
    assert run_due() == {"market.lapse_proposals": 1}
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_at) == ("lapsed", kernel_clock.now())
    assert "market.proposal_lapsed" in notices(worker)
    assert "market.proposal_lapsed" in notices(client_member)


@pytest.mark.rule("A080", "A081")
def test_a_worker_withdraws_a_proposal_while_it_waits_and_may_send_another(
    job: Job, worker: Member, client_member: Member, proposal: Proposal
) -> None:
    with pytest.raises(Refused) as refused:
        send_proposal(actor=worker, job_id=job.pk, message="もう一度", milestones=parts(9_000))
    assert codes(refused.value) == {"already_sent"}
    withdraw_proposal(actor=worker, proposal_id=proposal.pk)
    assert notices(client_member)[-1] == "market.proposal_withdrawn"
    assert send_proposal(actor=worker, job_id=job.pk, message="もう一度", milestones=parts(9_000)).state == "sent"


def test_withdrawing_is_the_workers_and_only_while_it_waits(
    client_member: Member, worker: Member, proposal: Proposal
) -> None:
    with pytest.raises(Refused) as refused:
        withdraw_proposal(actor=client_member, proposal_id=proposal.pk)
    assert codes(refused.value) == {"not_your_step"}
    withdraw_proposal(actor=worker, proposal_id=proposal.pk)
    with pytest.raises(Refused) as refused:
        withdraw_proposal(actor=worker, proposal_id=proposal.pk)
    assert codes(refused.value) == {"is_withdrawn"}


def test_a_decline_tells_the_worker_the_reason_and_the_note(
    client_member: Member, worker: Member, proposal: Proposal
) -> None:
    decline_proposal(actor=client_member, proposal_id=proposal.pk, reason="budget", note="次回ぜひ。")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decline_reason, proposal.decline_note) == ("declined", "budget", "次回ぜひ。")
    assert notices(worker) == ["market.proposal_declined"]
    body = Notice.objects.get(member=worker).body
    assert "予算に合わないため" in body.ja
    assert "It does not fit the budget" in body.en
    assert "次回ぜひ。" in body.en


def test_a_decline_without_a_reason_from_the_menu_changes_nothing(client_member: Member, proposal: Proposal) -> None:
    for reason, note, field in [("", "", "reason"), ("job_filled", "", "reason"), ("other", " ", "note")]:
        with pytest.raises(InputError) as error:
            decline_proposal(actor=client_member, proposal_id=proposal.pk, reason=reason, note=note)
        assert list(error.value.fields) == [field]
    proposal.refresh_from_db()
    assert proposal.state == "sent"


def test_a_client_who_said_no_is_not_asked_again(
    job: Job, client_member: Member, worker: Member, proposal: Proposal
) -> None:
    decline_proposal(actor=client_member, proposal_id=proposal.pk, reason="schedule")
    decision = explain(SEND_PROPOSAL, worker, find_job(worker, job.pk))
    assert [b.code for b in decision.blockers] == ["market.proposal.send.was_declined"]
    assert decision.blockers[0].remedy
    assert decision.blockers[0].remedy.url == f"/jobs/{job.pk}/#proposal-{proposal.pk}"


def test_all_reasons_against_a_proposal_are_told_at_once(
    clock: Any, job: Job, client_member: Member, proposal: Proposal, worker: Member
) -> None:
    decline_proposal(actor=client_member, proposal_id=proposal.pk, reason="skills")
    close_job(actor=client_member, job_id=job.pk)
    with pytest.raises(Refused) as refused:
        send_proposal(actor=worker, job_id=job.pk, message="もう一度", milestones=parts(9_000))
    assert codes(refused.value) == {"job_closed", "was_declined"}


def test_after_the_deadline_no_proposal_is_taken_even_before_the_job_is_swept(
    clock: Any, job: Job, worker: Member
) -> None:
    clock.set(job.apply_until - timedelta(seconds=1))
    assert explain(SEND_PROPOSAL, worker, job).allowed
    clock.move(seconds=1)
    with pytest.raises(Refused) as refused:
        send_proposal(actor=worker, job_id=job.pk, message="間に合いますか", milestones=parts(9_000))
    assert codes(refused.value) == {"deadline_passed"}


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("message", {"message": "　"}),
    ("message", {"message": "あ" * 5_001}),
    ("milestones", {"milestones": []}),
    ("milestones", {"milestones": [ProposedMilestone(title="x", price_yen=1, due_on=None)] * 101}),
    ("milestones.0.title", {"milestones": [ProposedMilestone(price_yen=30_000)]}),
    ("milestones.0.price_yen", {"milestones": [ProposedMilestone(title="全部", price_yen=0)]}),
    ("milestones.0.price_yen", {"milestones": [ProposedMilestone(title="全部", price_yen=10**12)]}),
    ("milestones.0.due_on", {"milestones": [ProposedMilestone(title="全部", price_yen=30_000)]}),
]


@pytest.mark.parametrize(("field", "changes"), WRONG, ids=[f"{f}-{n}" for n, (f, _) in enumerate(WRONG)])
def test_what_is_wrong_in_a_proposal_is_told_at_its_field(
    job: Job, worker: Member, field: str, changes: dict[str, Any]
) -> None:
    right: dict[str, Any] = {"message": "よろしくお願いします。", "milestones": parts(30_000)}
    with pytest.raises(InputError) as error:
        send_proposal(actor=worker, job_id=job.pk, **{**right, **changes})
    assert field in error.value.fields
    assert not Proposal.objects.exists()
    assert send_proposal(actor=worker, job_id=job.pk, **right)


@pytest.mark.rule("A187")
def test_the_operators_floor_holds_for_the_sum_of_a_proposal(
    job: Job, worker: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor = policy.value("market.project_minimum_yen")
    if floor > 1:
        with pytest.raises(InputError) as error:
            send_proposal(actor=worker, job_id=job.pk, message="安くします", milestones=parts(floor - 1))
        assert list(error.value.fields) == ["milestones"]
    assert send_proposal(actor=worker, job_id=job.pk, message="安くします", milestones=parts(floor))


def test_the_last_hire_fills_the_job_and_tells_the_others(
    clock: Any, make_job: MakeJob, make_member: MakeMember, make_proposal: MakeProposal, client_member: Member
) -> None:
    job = make_job(hires_wanted=2)
    workers = [make_member(f"worker_{n}") for n in range(3)]
    sent = [make_proposal(job, who) for who in workers]
    mark_accepted(actor=client_member, proposal_id=sent[0].pk)
    job.refresh_from_db()
    assert (job.state, job.hires_made) == ("open", 1)
    assert proposal_counts(job) == {"accepted": 1, "sent": 2}
    mark_accepted(actor=client_member, proposal_id=sent[1].pk)
    job.refresh_from_db()
    assert (job.state, job.hires_made, job.closed_at) == ("filled", 2, kernel_clock.now())
    sent[2].refresh_from_db()
    assert (sent[2].state, sent[2].decline_reason) == ("declined", "job_filled")
    assert notices(workers[2]) == ["market.proposal_declined"]
    with pytest.raises(NotInTable):
        mark_accepted(actor=client_member, proposal_id=sent[2].pk)


def test_hiring_goes_on_after_applications_have_closed(
    clock: Any, job: Job, proposal: Proposal, client_member: Member, worker: Member
) -> None:
    clock.set(job.apply_until)
    run_due()
    mark_accepted(actor=client_member, proposal_id=proposal.pk)
    job.refresh_from_db()
    assert (job.state, job.closed_at) == ("filled", job.apply_until)
    decision = explain(SEND_PROPOSAL, worker, job)
    assert {b.code.rsplit(".", 1)[-1] for b in decision.blockers} == {"job_filled", "already_hired"}


def test_proposals_are_seen_by_their_two_sides_alone(
    proposal: Proposal, worker: Member, client_member: Member, make_member: MakeMember
) -> None:
    stranger, staff = make_member("stranger"), make_member("staff_a", is_staff=True)
    seen = [proposal in proposals_visible_to(who) for who in (None, stranger, worker, client_member, staff)]
    assert seen == [False, False, True, True, False]
    assert find_proposal(worker, proposal.pk) == proposal
    with pytest.raises(NotVisible):
        find_proposal(stranger, proposal.pk)


def test_a_visitor_is_sent_to_sign_in_and_back(job: Job, proposal: Proposal) -> None:
    blocker = explain(SEND_PROPOSAL, None, job).blockers[0]
    assert blocker.status == 401
    assert blocker.remedy
    assert blocker.remedy.url == f"/login/?next=%2Fjobs%2F{job.pk}%2F%23propose"
    assert explain(WITHDRAW_PROPOSAL, None, proposal).status == 401


LAWS: list[tuple[str, dict[str, Any]]] = [
    ("proposal_decided_has_time", {"state": "lapsed"}),
    ("proposal_declined_has_reason", {"state": "declined", "decided_at": kernel_clock.now()}),
    ("proposal_declined_has_reason", {"decline_reason": "budget"}),
    ("proposal_says_something", {"message": ""}),
    ("proposal_lapses_after_sending", {"lapses_at": kernel_clock.start_of(kernel_clock.datetime(2026, 1, 1).date())}),
]


@pytest.mark.parametrize(("law", "change"), LAWS, ids=[f"{law}-{n}" for n, (law, _) in enumerate(LAWS)])
def test_the_database_refuses_what_no_proposal_can_be(proposal: Proposal, law: str, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(**change)


def test_the_database_refuses_a_step_back_a_second_live_proposal_and_a_free_milestone(
    job: Job, worker: Member, proposal: Proposal
) -> None:
    with pytest.raises(IntegrityError, match="proposal_one_live"), transaction.atomic():
        Proposal.objects.create(job=job, worker=worker, message="二通目", lapses_at=proposal.lapses_at)
    with pytest.raises(IntegrityError, match="price_positive"), transaction.atomic():
        ProposalMilestone.objects.filter(proposal=proposal).update(price_yen=0)
    withdraw_proposal(actor=worker, proposal_id=proposal.pk)
    with pytest.raises(IntegrityError, match="withdrawn cannot become sent"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(state="sent", decided_at=None)
