"""Posting jobs and ending them, on PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.service.market.conftest import MakeJob, MakeMember, MakeProposal, posting, run_due

from kotowari.accounts.models import Member
from kotowari.foundation import outbox, subjects
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, NotVisible, Refused
from kotowari.kernel.gates import explain
from kotowari.kernel.ids import new_id
from kotowari.market.gates import CLOSE_JOB, SEE_JOB
from kotowari.market.models import Category, Job, Proposal
from kotowari.market.postings import Posting
from kotowari.market.selectors import find_job, jobs_of, jobs_visible_to, posting_defaults
from kotowari.market.services import close_job, lapse_job, post_job

pytestmark = pytest.mark.django_db


def codes(refused: Refused) -> set[str]:
    return {blocker.code.rsplit(".", 1)[-1] for blocker in refused.decision.blockers}


def notices(member: Member) -> list[str]:
    outbox.deliver_waiting()
    return list(Notice.objects.filter(member=member).order_by("id").values_list("kind", flat=True))


def test_a_job_is_posted_with_its_facts_and_terms(clock: Any, client_member: Member) -> None:
    job = post_job(actor=client_member, posting=posting(budget_max_yen=50_000, work_amount=3, work_unit="piece"))
    job.refresh_from_db()
    assert (job.state, job.client, job.category.slug) == ("open", client_member, "logo")
    assert (job.budget_min_yen, job.budget_max_yen, job.is_fixed_price) == (30_000, 50_000, False)
    assert job.apply_until == kernel_clock.end_of(kernel_clock.today() + timedelta(days=10))
    assert AuditEntry.objects.get(kind="market.job_posted").subject_id == job.pk


def test_numbers_count_up_in_the_order_of_posting(job: Job, make_job: MakeJob) -> None:
    assert make_job().number > job.number


@pytest.mark.rule("A187")
def test_a_price_below_the_operators_floor_is_told_with_the_floor(clock: Any, client_member: Member) -> None:
    with pytest.raises(InputError) as error:
        post_job(actor=client_member, posting=posting(budget_min_yen=1))
    said = error.value.fields["budget_min_yen"][0]
    assert "1円" in said.ja
    assert "から" in said.ja
    assert not Job.objects.exists()


def test_everything_wrong_is_told_at_once_in_both_languages(clock: Any, client_member: Member) -> None:
    with pytest.raises(InputError) as error:
        post_job(actor=client_member, posting=Posting(hires_wanted=0, work_amount=5))
    assert set(error.value.fields) == {
        "title", "description", "category", "budget_min_yen", "work_unit", "hires_wanted", "apply_until_on",
        "due_on", "poster_name", "poster_address", "poster_contact", "work_place", "rights", "delivery_place",
        "inspection_days", "payment_due_days", "has_non_cash_payment", "is_recommission", "has_withholding",
    }  # fmt: skip
    for texts in error.value.fields.values():
        assert all(text.ja and text.en for text in texts)


TODAY = kernel_clock.datetime(2026, 11, 20).date()
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("title", {"title": "　 "}),
    ("title", {"title": "あ" * 81}),
    ("category", {"category": "no-such"}),
    ("kind", {"kind": "competition"}),
    ("budget_max_yen", {"budget_max_yen": 29_999}),
    ("work_amount", {"work_amount": 0, "work_unit": "hour"}),
    ("work_amount", {"work_unit": "hour"}),
    ("work_unit", {"work_amount": 5}),
    ("apply_until_on", {"apply_until_on": TODAY - timedelta(days=1)}),
    ("apply_until_on", {"apply_until_on": TODAY + timedelta(days=4_000)}),
    ("due_on", {"due_on": TODAY + timedelta(days=9)}),
    ("starts_on", {"starts_on": TODAY + timedelta(days=31)}),
    ("rights", {"rights": "all"}),
    ("inspection_days", {"inspection_days": 31}),
    ("payment_due_days", {"payment_due_days": 61}),
    ("payment_due_days", {"inspection_days": 7, "payment_due_days": 6}),
    ("non_cash_terms", {"has_non_cash_payment": True}),
    ("recommission_terms", {"is_recommission": True, "recommission_terms": " "}),
    ("withholding_kind", {"withholding_kind": ""}),
]


@pytest.mark.parametrize(("field", "changes"), WRONG, ids=[f"{f}-{n}" for n, (f, _) in enumerate(WRONG)])
def test_one_wrong_field_is_told_at_that_field_alone(
    clock: Any, client_member: Member, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(InputError) as error:
        post_job(actor=client_member, posting=posting(**changes))
    assert list(error.value.fields) == [field]
    assert post_job(actor=client_member, posting=posting())


def test_invisible_characters_are_left_out(clock: Any, client_member: Member) -> None:
    job = post_job(actor=client_member, posting=posting(title=" ロゴ\x00\u202eの　作成 ", description="一\r\n二"))
    assert (job.title, job.description) == ("ロゴの 作成", "一\n二")


def test_the_same_key_posts_once(clock: Any, client_member: Member) -> None:
    first = post_job(actor=client_member, posting=posting(), idempotency_key="k1")
    again = post_job(actor=client_member, posting=posting(), idempotency_key="k1")
    assert first == again
    assert Job.objects.count() == 1


def test_staff_post_nothing(clock: Any, make_member: MakeMember) -> None:
    with pytest.raises(Refused) as refused:
        post_job(actor=make_member("staff_a", is_staff=True), posting=posting())
    assert codes(refused.value) == {"staff_take_no_part"}


@pytest.mark.rule("A085")
def test_closing_ends_the_job_and_tells_everybody_who_waits_why(
    job: Job, client_member: Member, worker: Member, make_member: MakeMember, make_proposal: MakeProposal
) -> None:
    waiting = make_proposal(job)
    other = make_member("worker_b")
    make_proposal(job, other)
    close_job(actor=client_member, job_id=job.pk)
    waiting.refresh_from_db()
    job.refresh_from_db()
    assert (job.state, job.closed_at) == ("closed", kernel_clock.now())
    assert (waiting.state, waiting.decline_reason) == ("declined", "job_closed")
    assert notices(worker) == ["market.proposal_declined"] == notices(other)
    assert "発注者が募集を終了したため" in Notice.objects.get(member=worker).body.ja


def test_only_its_client_or_staff_close_a_job_and_only_once(
    job: Job, client_member: Member, worker: Member, make_member: MakeMember
) -> None:
    with pytest.raises(Refused) as refused:
        close_job(actor=worker, job_id=job.pk)
    assert codes(refused.value) == {"not_your_step"}
    close_job(actor=make_member("staff_a", is_staff=True), job_id=job.pk)
    with pytest.raises(Refused) as refused:
        close_job(actor=client_member, job_id=job.pk)
    assert codes(refused.value) == {"is_closed"}


def test_a_job_that_never_was_is_not_visible(client_member: Member) -> None:
    with pytest.raises(NotVisible):
        close_job(actor=client_member, job_id="no-id")
    with pytest.raises(NotVisible):
        find_job(client_member, client_member.pk)


def test_applications_close_by_themselves_when_the_deadline_has_passed(
    clock: Any, job: Job, client_member: Member, make_proposal: MakeProposal
) -> None:
    waiting = make_proposal(job)
    clock.set(job.apply_until - timedelta(seconds=1))
    assert run_due() == {}
    with pytest.raises(Refused) as refused:
        lapse_job(actor=SYSTEM, job_id=job.pk)
    assert codes(refused.value) == {"not_due"}
    assert refused.value.decision.clears_at == job.apply_until
    clock.move(seconds=1)
    assert run_due() == {"market.lapse_jobs": 1}
    job.refresh_from_db()
    waiting.refresh_from_db()
    assert (job.state, job.closed_at, waiting.state) == ("lapsed", job.apply_until, "sent")
    assert notices(client_member) == ["market.proposal_sent", "market.job_lapsed"]
    assert run_due() == {}


def test_a_lapsed_job_can_still_be_closed(clock: Any, job: Job, client_member: Member) -> None:
    clock.set(job.apply_until)
    run_due()
    assert explain(CLOSE_JOB, client_member, find_job(client_member, job.pk)).allowed
    assert close_job(actor=client_member, job_id=job.pk).state == "closed"


def test_after_its_end_a_job_is_for_those_who_took_part(
    job: Job, client_member: Member, worker: Member, make_member: MakeMember, make_proposal: MakeProposal
) -> None:
    stranger, staff = make_member("stranger"), make_member("staff_a", is_staff=True)
    make_proposal(job)
    everybody = (None, stranger, worker, client_member, staff)
    assert all(explain(SEE_JOB, who, job).allowed for who in everybody)
    assert all(job in jobs_visible_to(who) for who in everybody)
    close_job(actor=client_member, job_id=job.pk)
    ended = find_job(None, job.pk)
    assert [explain(SEE_JOB, who, ended).allowed for who in everybody] == [False, False, True, True, True]
    assert [job in jobs_visible_to(who) for who in everybody] == [False, False, True, True, True]
    blocker = explain(SEE_JOB, stranger, ended).blockers[0]
    assert blocker.remedy
    assert blocker.remedy.url == "/jobs/?category=logo"


def test_my_jobs_count_the_proposals_that_wait(job: Job, client_member: Member, make_proposal: MakeProposal) -> None:
    make_proposal(job)
    assert [j.proposals_waiting for j in jobs_of(client_member)] == [1]


def test_the_next_posting_begins_with_the_facts_of_the_last(job: Job, client_member: Member, worker: Member) -> None:
    assert posting_defaults(client_member)["poster_name"] == "例示商店"
    assert posting_defaults(worker) == {}


LAWS: list[tuple[str, dict[str, Any]]] = [
    ("market_job_state_changes", {"state": "filled"}),
    ("job_closed_has_time", {"state": "closed"}),
    ("job_budget_in_order", {"budget_min_yen": 0}),
    ("job_budget_in_order", {"budget_max_yen": 1}),
    ("job_hires_in_bounds", {"hires_made": 2}),
    ("job_posting_facts_given", {"poster_address": ""}),
    ("job_terms_given", {"rights": ""}),
    ("job_term_days", {"payment_due_days": 61}),
    ("job_non_cash_said", {"has_non_cash_payment": True}),
    ("job_recommission_said", {"recommission_terms": "x"}),
    ("job_withholding_said", {"withholding_kind": ""}),
    ("job_work_amount_has_unit", {"work_amount": 3}),
    ("job_deadline_after_posting", {"apply_until": kernel_clock.start_of(TODAY)}),
    ("job_dates_in_order", {"due_on": TODAY - timedelta(days=1)}),
    ("job_kind_known", {"kind": "task"}),
    ("job_says_what", {"description": ""}),
]


@pytest.mark.parametrize(("law", "change"), LAWS, ids=[f"{law}-{n}" for n, (law, _) in enumerate(LAWS)])
def test_the_database_refuses_what_no_job_can_be(job: Job, law: str, change: dict[str, Any]) -> None:
    if change == {"state": "filled"}:
        Job.objects.filter(pk=job.pk).update(state="closed", closed_at=kernel_clock.now())
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**change)


def test_the_database_refuses_a_new_job_that_is_over(job: Job) -> None:
    job.pk, job.number, job.state, job.closed_at = new_id(), job.number + 1, "closed", kernel_clock.now()
    with pytest.raises(IntegrityError, match="a new row cannot be closed"), transaction.atomic():
        job.save(force_insert=True)


@pytest.mark.rule("A097")
def test_the_market_begins_with_categories_for_many_kinds_of_work() -> None:
    assert Category.objects.count() >= 20
    assert Category.objects.values("group").distinct().count() == 5


def test_what_fails_leaves_nothing_behind(
    job: Job, client_member: Member, make_proposal: MakeProposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_proposal(job)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the power goes")

    monkeypatch.setattr("kotowari.market.services.jobs.emit", broken)
    with pytest.raises(RuntimeError):
        close_job(actor=client_member, job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "open"
    assert Proposal.objects.get().state == "sent"


def test_subjects_are_found_by_id_alone(job: Job) -> None:
    assert subjects.load("market.job", str(job.pk), actor=None) == job
    with pytest.raises(NotVisible):
        subjects.load("market.job", "nonsense", actor=None)
