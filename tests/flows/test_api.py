"""The API as a program meets it: tokens and scopes, keys, problems, and the main job from posting to acceptance."""

import json
from datetime import timedelta
from typing import Any, Self

import pytest
from django.test import Client
from tests import story

from kotowari.accounts.models import Member
from kotowari.accounts.scopes import SCOPES
from kotowari.accounts.services import create_api_token
from kotowari.contracts.models import Contract
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.ids import new_id
from kotowari.market.models import Job
from kotowari.messaging.models import Message

pytestmark = pytest.mark.django_db


class Program:
    """A program of one member: JSON in, JSON out, a new key for every POST unless one is given."""

    def __init__(self, member: Member, scopes: list[str] | None = None) -> None:
        self.token = create_api_token(
            actor=story.proved(member), name="test", scopes=scopes if scopes is not None else sorted(SCOPES)
        ).plaintext
        self.member, self.http = member, Client()

    def signs_in(self) -> Self:
        """Go on with a token for which its owner typed the password: it proves them for a while."""
        self.token = story.signed_in_program(self.member)
        return self

    def get(self, path: str, **query: Any) -> Any:
        return self.http.get(f"/api/v1{path}", query, headers={"Authorization": f"Bearer {self.token}"})

    def post(self, path: str, body: dict[str, Any] | None = None, key: str | None = None) -> Any:
        return self.http.post(
            f"/api/v1{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or str(new_id())},
        )


def a_posting() -> dict[str, Any]:
    posting = story.posting()
    plain = {name: getattr(posting, name) for name in posting.__dataclass_fields__ if name != "kind"}
    return json.loads(json.dumps(plain, default=str))


def test_the_main_job_runs_through_the_api(clock: Any) -> None:
    client, worker = Program(story.member("kurai")), Program(story.member("hatara"))
    job = client.post("/jobs", a_posting())
    assert job.status_code == 201, job.content
    job_id = job.json()["id"]
    found = client.http.get("/api/v1/jobs", {"q": "英訳"}).json()
    assert [item["id"] for item in found["items"]] == [job_id]

    due = str(kernel_clock.today() + timedelta(days=20))
    proposed = worker.post(
        f"/jobs/{job_id}/proposals",
        {"message": "お任せください", "milestones": [{"title": "全文", "price_yen": 30_000, "due_on": due}]},
    )
    assert proposed.status_code == 201, proposed.content
    proposal_id = proposed.json()["id"]
    assert client.get(f"/jobs/{job_id}/proposals").json()[0]["id"] == proposal_id
    made = client.post(f"/proposals/{proposal_id}/accept")
    assert made.status_code == 201, made.content
    contract = made.json()
    (milestone,) = contract["milestones"]
    assert len(contract["terms"]) == 10

    early = worker.post(f"/milestones/{milestone['id']}/deliver", {"message": "できました"})
    assert early.status_code == 409
    assert early["Content-Type"] == "application/problem+json"
    assert early.json()["blockers"][0]["code"] == "contracts.milestone.deliver.is_awaiting_funding"

    story.fund(story.milestones(Contract.objects.get(pk=contract["id"]))[0])
    assert worker.post(f"/milestones/{milestone['id']}/deliver", {"message": "できました"}).status_code == 200
    changed = client.post(f"/milestones/{milestone['id']}/request-changes", {"points": ["2ページ目の表記"]})
    assert changed.json()["state"] == "changes_requested"
    worker.post(f"/milestones/{milestone['id']}/deliver", {"message": "直しました"})
    accepted = client.post(f"/milestones/{milestone['id']}/accept")
    assert accepted.json()["state"] == "accepted"
    assert client.get(f"/contracts/{contract['id']}").json()["state"] == "completed"


def test_the_same_key_posts_once_and_another_request_under_it_is_refused(clock: Any) -> None:
    client = Program(story.member())
    body = a_posting()
    first, again = client.post("/jobs", body, key="k1"), client.post("/jobs", body, key="k1")
    assert (first.status_code, first.json()["id"]) == (again.status_code, again.json()["id"])
    other = client.post("/jobs", {**body, "title": "別の仕事"}, key="k1")
    assert (other.status_code, other.json()["blockers"][0]["code"]) == (409, "api.send.key_used")
    assert Job.objects.count() == 1


def test_a_post_without_a_key_says_what_to_send(clock: Any) -> None:
    program = Program(story.member())
    answer = program.http.post(
        "/api/v1/jobs",
        json.dumps(a_posting()),
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.token}"},
    )
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["errors"]


def test_a_call_needs_a_token_with_the_right_scope(clock: Any) -> None:
    reader = Program(story.member(), scopes=["jobs:read"])
    refused = reader.post("/jobs", a_posting())
    assert refused.status_code == 403
    assert refused.json()["blockers"][0]["facts"]["needed"] == "jobs:write"
    nobody = reader.http.post("/api/v1/jobs", json.dumps(a_posting()), content_type="application/json")
    assert nobody.status_code == 401
    wrong = reader.http.get("/api/v1/jobs", headers={"Authorization": "Bearer nonsense"})
    assert wrong.status_code == 401
    assert reader.http.get("/api/v1/jobs").status_code == 200


def test_every_wrong_field_is_named_in_the_readers_language(clock: Any) -> None:
    program = Program(story.member())
    answer = program.post("/jobs", {**a_posting(), "title": "", "inspection_days": 0})
    assert answer.status_code == 422
    assert {"title", "inspection_days"} <= set(answer.json()["errors"])
    misshapen = program.post("/jobs", {"title": 3})
    assert misshapen.status_code == 422
    assert "description" in json.dumps(misshapen.json()["errors"])


@pytest.mark.parametrize("path", ["/contracts/{}", "/milestones/{}/accept", "/proposals/{}/accept", "/jobs/{}"])
@pytest.mark.parametrize("id", ["nonsense", "00000000-0000-7000-8000-000000000000"])
def test_what_is_not_there_is_told_as_such(clock: Any, path: str, id: str) -> None:
    program = Program(story.member())
    call = program.get if path.count("/") == 2 else program.post
    answer = call(path.format(id))
    assert answer.status_code == 404, answer.content
    assert answer.json()["blockers"][0]["code"] == "api.find.not_found"


def test_another_members_contract_is_not_found(clock: Any) -> None:
    contract = story.contract()
    assert Program(story.member()).get(f"/contracts/{contract.pk}").status_code == 404
    assert Program(contract.client).get(f"/contracts/{contract.pk}").status_code == 200


def test_decisions_can_be_asked_before_acting(clock: Any) -> None:
    (milestone,) = story.milestones(story.contract())
    worker = Program(milestone.contract.worker)
    answer = worker.get("/me/gates/contracts.milestone.deliver", subject=str(milestone.pk)).json()
    assert answer["allowed"] is False
    assert answer["blockers"][0]["rule"] == "A170"
    story.fund(milestone)
    assert worker.get("/me/gates/contracts.milestone.deliver", subject=str(milestone.pk)).json()["allowed"] is True
    assert worker.get("/me/gates/no.such.action").status_code == 404
    assert worker.get("/me/gates").status_code == 200
    assert "contracts.milestone.accept" in {a["name"] for a in worker.get("/gates").json()}


def test_lists_are_paged_and_ask_a_bounded_number_of_queries(clock: Any, django_assert_max_num_queries: Any) -> None:
    client, worker = story.member(), story.member()
    for _ in range(7):
        story.contract(client=client, worker=worker)
    program = Program(client)
    seen: list[str] = []
    cursor = ""
    while True:
        with django_assert_max_num_queries(10):
            page = program.get("/contracts", cursor=cursor, limit=3).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert program.get("/contracts", cursor="nonsense").status_code == 422


def test_the_api_has_a_document_and_pages(clock: Any) -> None:
    document = Client().get("/api/v1/openapi.json").json()
    assert document["paths"]["/api/v1/milestones/{id}/accept"]["post"]["x-action"] == "contracts.milestone.accept"
    page = Client().get("/api/v1/docs").content.decode()
    assert all(path in page for path in document["paths"])


def test_reading_messages_marks_nothing_and_marking_needs_its_scope(clock: Any) -> None:
    contract = story.contract()
    client, worker = contract.client, contract.worker
    reader, writer = Program(client, ["messages:read"]), Program(client, ["messages:write"])
    sent = Program(worker).post(f"/proposals/{contract.proposal_id}/messages", {"body": "よろしくお願いします"})
    thread = sent.json()["thread_id"]
    assert [m["body"] for m in reader.get(f"/threads/{thread}/messages").json()] == ["よろしくお願いします"]
    assert Message.objects.get(pk=sent.json()["id"]).read_at is None
    assert reader.post(f"/threads/{thread}/read").status_code == 403
    assert writer.post(f"/threads/{thread}/read").status_code == 204
    assert Message.objects.get(pk=sent.json()["id"]).read_at is not None
    assert Program(story.member()).post(f"/threads/{thread}/read").status_code == 404
