"""The pages of the market: searching, posting, proposing, declining, profiles."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import story

from kotowari.accounts.models import Member
from kotowari.kernel import clock as kernel_clock
from kotowari.market.models import Job, Profile, Proposal

pytestmark = pytest.mark.django_db


def as_member(member: Member) -> Client:
    browser = Client()
    browser.force_login(member)
    return browser


def typed_posting() -> dict[str, str]:
    posting = story.posting()
    typed = {}
    for name in posting.__dataclass_fields__:
        value = getattr(posting, name)
        if value is None or name == "kind":
            continue
        typed[name] = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return typed


def typed_proposal() -> dict[str, str]:
    due = str(kernel_clock.today() + timedelta(days=10))
    return {
        "message": "ぜひお手伝いさせてください",
        "milestones.0.title": "下訳",
        "milestones.0.price_yen": "１０，０００円",
        "milestones.0.due_on": due,
    }


def test_a_visitor_searches_and_reads_without_an_account(clock: Any) -> None:
    job = story.job(story.member())
    visitor = Client()
    assert "パンフレット" in visitor.get("/").content.decode()
    assert "パンフレット" in visitor.get("/jobs/", {"q": "英訳", "category": "translation"}).content.decode()
    assert "この条件の仕事はいまありません" in visitor.get("/jobs/", {"q": "存在しない言葉"}).content.decode()
    page = visitor.get(f"/jobs/{job.pk}/")
    assert page.status_code == 200
    assert "ログイン" in page.content.decode()


def test_a_job_is_posted_and_wrong_input_is_kept_with_what_is_right(clock: Any) -> None:
    browser = as_member(story.member())
    assert browser.get("/jobs/new/").status_code == 200
    wrong = browser.post("/jobs/new/", {**typed_posting(), "title": "", "budget_min_yen": "たくさん"})
    assert wrong.status_code == 422
    assert "たくさん" in wrong.content.decode()
    done = browser.post("/jobs/new/", typed_posting())
    assert done.status_code == 303, done.content.decode()
    assert Job.objects.get().title == story.posting().title
    assert "株式会社みほん商事" in browser.get("/jobs/new/").content.decode(), "the last terms are filled in"


def test_a_worker_proposes_with_full_width_amounts_and_withdraws(clock: Any) -> None:
    job, worker = story.job(story.member()), story.member()
    browser = as_member(worker)
    more = browser.post(f"/jobs/{job.pk}/propose/", {**typed_proposal(), "add_row": "milestones"})
    assert more.status_code == 200
    assert more.content.decode().count("milestones.1.title") >= 1
    wrong = browser.post(f"/jobs/{job.pk}/propose/", {**typed_proposal(), "milestones.0.due_on": "2020-01-01"})
    assert wrong.status_code == 422
    assert "下訳" in wrong.content.decode()
    assert browser.post(f"/jobs/{job.pk}/propose/", typed_proposal()).status_code == 303
    proposal = Proposal.objects.get()
    assert proposal.milestones.get().price_yen == 10_000
    again = browser.post(f"/jobs/{job.pk}/propose/", typed_proposal())
    assert again.status_code == 409
    assert browser.post(reverse("proposal.withdraw", kwargs={"proposal_id": proposal.pk})).status_code == 303
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"


def test_a_client_declines_with_a_reason_that_the_worker_reads(clock: Any) -> None:
    client, worker = story.member(), story.member()
    proposal = story.proposal(story.job(client), worker)
    address = reverse("proposal.decline", kwargs={"proposal_id": proposal.pk})
    assert as_member(client).post(address, {"reason": ""}).status_code == 422
    assert as_member(client).post(address, {"reason": "schedule", "note": "また次回に"}).status_code == 303
    seen = as_member(worker).get(f"/jobs/{proposal.job_id}/").content.decode()
    assert "また次回に" in seen


def test_closing_a_job_is_its_clients_alone(clock: Any) -> None:
    job = story.job(story.member())
    assert as_member(story.member()).post(f"/jobs/{job.pk}/close/").status_code == 403
    assert as_member(job.client).post(f"/jobs/{job.pk}/close/").status_code == 303


@pytest.mark.rule("A154", "A155")
def test_a_profile_has_seven_parts_and_is_read_by_everybody(clock: Any) -> None:
    member = story.member("sakura")
    browser = as_member(member)
    parts = ["introduction", "career", "qualifications", "achievements", "work_offered", "active_hours", "motivation"]
    typed = {name: f"{name}の内容" for name in parts}
    assert browser.post("/my/profile/", {**typed, "skills": "英語、校正", "away_until": ""}).status_code == 303
    assert Profile.objects.get(member=member).skills == ["英語", "校正"]
    page = Client().get("/members/sakura/").content.decode()
    assert all(words in page for words in typed.values())
    assert member.email not in page
    assert "sakura" in Client().get("/members/", {"q": "校正"}).content.decode()
    assert Client().get("/members/nobody/").status_code == 404


def test_lists_ask_a_bounded_number_of_queries(clock: Any, django_assert_max_num_queries: Any) -> None:
    client = story.member()
    jobs = [story.job(client) for _ in range(25)]
    for _ in range(4):
        story.proposal(jobs[0], story.member())
    with django_assert_max_num_queries(5):
        Client().get("/jobs/")
    with django_assert_max_num_queries(6):
        Client().get("/jobs/", {"q": "英訳"})
    with django_assert_max_num_queries(7):
        Client().get("/")
    browser = as_member(client)
    with django_assert_max_num_queries(18):
        browser.get(f"/jobs/{jobs[0].pk}/")
