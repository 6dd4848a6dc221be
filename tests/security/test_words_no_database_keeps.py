"""What no database keeps (NUL, half a surrogate pair) and ids that are none are answered, never a fault of ours."""

import json
from typing import Any

import pytest
from django.test import Client
from tests import story

from kotowari.accounts.models import Member
from kotowari.accounts.services import create_api_token
from kotowari.foundation.commands import _digest
from kotowari.web.forms import posted_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/jobs/?q=a%00b",
        "/jobs/?category=%00",
        "/members/?q=a%00b",
        "/members/a%00b/",
        "/login/?next=%00",
        "/contracts/?state=%00",
        "/api/v1/jobs?q=a%00b",
        "/api/v1/jobs?q=" + "a" * 8000,
        "/api/v1/jobs?min_yen=" + "9" * 30,
        "/api/v1/jobs?kind=%00",
    ],
)
def test_a_nul_in_an_address_is_no_fault_of_the_server(client: Client, address: str) -> None:
    client.raise_request_exception = False
    assert client.get(address).status_code < 500


def _bearer(*scopes: str) -> dict[str, str]:
    token = create_api_token(actor=story.proved(story.member("kurai")), name="t", scopes=list(scopes))
    return {"Authorization": f"Bearer {token.plaintext}"}


@pytest.mark.parametrize(
    "address", ["/api/v1/contracts?state=%00", "/api/v1/me/gates/policy.withdraw_change?subject=x"]
)
def test_a_callers_query_is_no_fault_of_the_server(client: Client, address: str) -> None:
    client.raise_request_exception = False
    assert client.get(address, headers=_bearer("contracts:read", "profile:read")).status_code < 500


@pytest.mark.parametrize("words", ["a\x00b", "a\ud800b"])
def test_a_callers_body_is_no_fault_of_the_server(client: Client, words: str) -> None:
    client.raise_request_exception = False
    worker = story.member("hanako")
    headers = _bearer("messages:write") | {"Idempotency-Key": "k"}
    proposal = story.proposal(story.job(Member.objects.get(username="kurai")), worker, (10_000,))
    answer = client.post(
        f"/api/v1/proposals/{proposal.pk}/messages",
        json.dumps({"body": words}),
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code < 500


def test_a_key_of_a_form_that_cannot_be_written_is_none() -> None:
    assert posted_key({"idempotency_key": "a\x00"}) is None
    assert posted_key({"idempotency_key": "a"}) == "a"


def test_what_a_key_was_used_for_cannot_be_tried_out_without_the_secret(settings: Any) -> None:
    before = _digest({"account_number": "1234567"})
    settings.SECRET_KEY = "another"
    assert _digest({"account_number": "1234567"}) != before
