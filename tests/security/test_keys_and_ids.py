"""What is sent as a key or an id is read before it reaches the database, and what a key remembers tells nothing."""

from typing import Any

import pytest
from django.test import Client
from tests import story

from kotowari.accounts.services import create_api_token
from kotowari.foundation.commands import _digest
from kotowari.web.forms import posted_key


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["x", "00000000-0000-0000-0000-000000000000"])
def test_a_change_of_policy_that_is_not_there_is_not_found_whatever_its_id(client: Client, subject: str) -> None:
    token = create_api_token(actor=story.proved(story.member("kurai")), name="t", scopes=["profile:read"])
    answer = client.get(
        f"/api/v1/me/gates/policy.withdraw_change?subject={subject}",
        headers={"Authorization": f"Bearer {token.plaintext}"},
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(("given", "read"), [("a\x00", None), ("a\n", None), ("a" * 65, None), ("", None), ("a", "a")])
def test_a_forms_key_is_one_that_can_be_written_down(given: str, read: str | None) -> None:
    assert posted_key({"idempotency_key": given}) == read


def test_account_numbers_cannot_be_tried_out_against_the_digests_of_keys(settings: Any) -> None:
    asked = {"bank_code": "0001", "account_number": "1234567"}
    digest = _digest(asked)
    assert _digest(dict(asked)) == digest
    settings.SECRET_KEY = "another"
    assert _digest(asked) != digest
