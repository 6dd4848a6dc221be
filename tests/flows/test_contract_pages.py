"""The pages of contracts, threads and my page: what each side sees and can do."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import story

from kotowari.accounts.models import Member
from kotowari.contracts.models import Milestone

pytestmark = pytest.mark.django_db


def as_member(member: Member) -> Client:
    return story.signed_in(member)


def test_the_client_sees_hires_and_lands_on_the_contract(clock: Any) -> None:
    client, worker = story.member(), story.member()
    proposal = story.proposal(story.job(client), worker)
    browser = as_member(client)
    page = browser.get(reverse("contract.hire", kwargs={"proposal_id": proposal.pk}))
    assert page.status_code == 200
    assert "取引条件" in page.content.decode()
    done = browser.post(reverse("contract.hire", kwargs={"proposal_id": proposal.pk}), {"idempotency_key": "k"})
    again = browser.post(reverse("contract.hire", kwargs={"proposal_id": proposal.pk}), {"idempotency_key": "k"})
    assert done.status_code == again.status_code == 303
    assert done["Location"] == again["Location"]
    assert browser.get(done["Location"]).status_code == 200


def test_the_worker_delivers_the_client_asks_for_changes_and_accepts(clock: Any) -> None:
    (milestone,) = story.funded()
    ids = {"contract_id": milestone.contract_id, "milestone_id": milestone.pk}
    worker, client = as_member(milestone.contract.worker), as_member(milestone.contract.client)
    wrong = worker.post(reverse("milestone.deliver", kwargs=ids), {"message": "できました", "links": "ftp://x"})
    assert wrong.status_code == 422
    assert "できました" in wrong.content.decode(), "what was typed stays"
    assert worker.post(reverse("milestone.deliver", kwargs=ids), {"message": "できました"}).status_code == 303
    assert client.post(reverse("milestone.changes", kwargs=ids), {"points": "誤字\n余白"}).status_code == 303
    assert worker.post(reverse("milestone.deliver", kwargs=ids), {"message": "直しました"}).status_code == 303
    assert client.post(reverse("milestone.accept", kwargs=ids)).status_code == 303
    assert Milestone.objects.get(pk=milestone.pk).state == "accepted"
    refused = client.post(reverse("milestone.accept", kwargs=ids))
    assert refused.status_code == 409
    assert "完了" in refused.content.decode()


def test_a_stranger_sees_neither_contract_nor_thread(clock: Any) -> None:
    (milestone,) = story.funded()
    stranger = as_member(story.member())
    for name, ids in (
        ("contract", {"contract_id": milestone.contract_id}),
        ("contract.end", {"contract_id": milestone.contract_id}),
        ("contract.hire", {"proposal_id": milestone.contract.proposal_id}),
        ("proposal.thread", {"proposal_id": milestone.contract.proposal_id}),
    ):
        assert stranger.get(reverse(name, kwargs=ids)).status_code == 404, name
        assert as_member(milestone.contract.client).get(reverse(name, kwargs=ids)).status_code == 200, name


def test_two_people_write_to_each_other(clock: Any) -> None:
    (milestone,) = story.funded()
    address = reverse("proposal.thread", kwargs={"proposal_id": milestone.contract.proposal_id})
    client, worker = as_member(milestone.contract.client), as_member(milestone.contract.worker)
    assert client.post(address, {"body": "  "}).status_code == 422
    sent = client.post(address, {"body": "進み具合はいかがですか"})
    assert sent.status_code == 303
    assert "進み具合は" in worker.get(sent["Location"]).content.decode()
    assert worker.get("/threads/").status_code == 200


def test_early_end_is_asked_and_agreed_on_the_page(clock: Any) -> None:
    (milestone,) = story.funded()
    address = reverse("contract.end", kwargs={"contract_id": milestone.contract_id})
    client, worker = as_member(milestone.contract.client), as_member(milestone.contract.worker)
    assert client.post(address, {"reason": "other", "explanation": ""}).status_code == 422
    assert client.post(address, {"reason": "no_longer_needed", "explanation": ""}).status_code == 303
    request = milestone.contract.end_requests.get()
    ids = {"contract_id": milestone.contract_id, "request_id": request.pk}
    mine = client.post(reverse("contract.end.answer", kwargs={**ids, "answer": "agree"}))
    assert mine.status_code == 403
    assert worker.post(reverse("contract.end.answer", kwargs={**ids, "answer": "agree"})).status_code == 303
    assert Milestone.objects.get(pk=milestone.pk).state == "refunded"


def test_lists_ask_a_bounded_number_of_queries(clock: Any, django_assert_max_num_queries: Any) -> None:
    client, worker = story.member(), story.member()
    for _ in range(12):
        story.contract(client=client, worker=worker)
    browser = as_member(client)
    for address in ("/contracts/", "/my/", "/threads/", "/notices/"):
        with django_assert_max_num_queries(16):
            assert browser.get(address).status_code == 200, address


def test_english_readers_get_english_pages(clock: Any) -> None:
    (milestone,) = story.delivered()
    milestone.contract.client.language = "en"
    milestone.contract.client.save()
    page = as_member(milestone.contract.client).get(
        reverse("contract", kwargs={"contract_id": milestone.contract_id}), HTTP_ACCEPT_LANGUAGE="en"
    )
    assert "Accept and fix the reward" in page.content.decode()
