"""Lists ask as many questions of the database for a thousand rows as for ten."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import story

from kotowari.accounts.models import Member
from kotowari.accounts.services import create_api_token
from kotowari.messaging.services import send_message

pytestmark = pytest.mark.django_db

COPIES: list[tuple[str, dict[str, str]]] = [
    (
        "accounts_member",
        {"id": "md5('member' || n)::uuid", "username": "'copy' || n", "email": "'copy' || n || '@example.com'"},
    ),
    ("market_profile", {"id": "md5('profile' || n)::uuid", "member_id": "md5('member' || n)::uuid"}),
    ("market_job", {"id": "md5('job' || n)::uuid", "number": "number + n * 10"}),
    ("market_proposal", {"id": "md5('proposal' || n)::uuid", "job_id": "md5('job' || n)::uuid"}),
    (
        "contracts_contract",
        {
            "id": "md5('contract' || n)::uuid",
            "proposal_id": "md5('proposal' || n)::uuid",
            "job_id": "md5('job' || n)::uuid",
        },
    ),
    (
        "contracts_milestone",
        {
            "id": "md5('milestone' || n)::uuid",
            "contract_id": "md5('contract' || n)::uuid",
            "reference": "(2000000 + n)::text",
        },
    ),
    ("messaging_thread", {"id": "md5('thread' || n)::uuid", "proposal_id": "md5('proposal' || n)::uuid"}),
    ("messaging_message", {"id": "md5('message' || n)::uuid", "thread_id": "md5('thread' || n)::uuid"}),
    ("foundation_notice", {"id": "md5('notice' || n)::uuid"}),
    ("ledger_lot", {"id": "md5('lot' || n)::uuid", "milestone_id": "md5('milestone' || n)::uuid"}),
]
"""Tables in the order in which they are copied, with what must differ from the row that is copied."""

MEMBER_PAGES = {
    "/jobs/": 8,
    "/jobs/?q=英訳": 9,
    "/members/": 8,
    "/my/": 20,
    "/my/can/": 66,
    "/my/rewards/": 33,
    "/contracts/": 12,
    "/contracts/?state=active": 12,
    "/threads/": 8,
    "/notices/": 8,
}
STAFF_PAGES = {
    "/console/": 26,
    "/console/deposits/": 20,
    "/console/payouts/": 20,
    "/console/members/": 20,
}
CALLS = {
    "/api/v1/jobs": 8,
    "/api/v1/contracts": 12,
    "/api/v1/threads": 8,
    "/api/v1/me/payouts": 8,
    "/api/v1/me/rewards": 19,
}


def copy_rows(start: int, end: int) -> None:
    """Copy the oldest row of each table, past the laws: only the reading of many rows is looked at here."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, differing in COPIES:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
                [table],
            )
            columns = [name for (name,) in cursor.fetchall()]
            values = ", ".join(differing.get(name, f'"{name}"') for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            oldest = f"(SELECT * FROM {table} ORDER BY id LIMIT 1) AS one"
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {oldest}, generate_series(%s, %s) AS n",
                [start, end],
            )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")  # as any server does by itself: without it, plans are those of empty tables


def questions(browser: Client, address: str, **headers: str) -> int:
    browser.get(address, headers=headers)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address, headers=headers)
    assert answer.status_code == 200, (address, answer.status_code)
    return len(asked)


def as_member(member: Member) -> Client:
    browser = Client()
    browser.force_login(member)
    return browser


def test_a_thousand_rows_cost_no_more_questions_than_ten(clock: Any) -> None:
    client, worker, staff = story.member("aaa_client"), story.member("aaa_worker"), story.member("staff", is_staff=True)
    (milestone,) = story.accepted(client=client, worker=worker)
    story.contract(client=client, worker=worker)
    send_message(actor=client, proposal_id=milestone.contract.proposal_id, body="はじめまして")
    from kotowari.foundation import outbox

    while outbox.deliver_waiting():
        pass
    token = create_api_token(
        actor=story.proved(client), name="t", scopes=["jobs:read", "contracts:read", "messages:read", "money:read"]
    )
    authorization = {"Authorization": f"Bearer {token.plaintext}"}
    copy_rows(1, 10)

    def measured() -> dict[str, int]:
        found = {}
        for who in (client, worker):
            browser = as_member(who)
            found |= {f"{who.username} {a}": questions(browser, a) for a in MEMBER_PAGES}
        browser = as_member(staff)
        found |= {f"staff {a}": questions(browser, a) for a in STAFF_PAGES}
        found |= {f"api {a}": questions(Client(), a, **authorization) for a in CALLS}
        return found

    ten = measured()
    copy_rows(11, 1_000)
    thousand = measured()
    limits = {**MEMBER_PAGES, **STAFF_PAGES, **CALLS}
    grown = {a: (ten[a], thousand[a]) for a in ten if thousand[a] > ten[a] + 2}
    assert grown == {}, "more questions for more rows"
    assert {a: n for a, n in thousand.items() if n > limits[a.split(" ", 1)[1]]} == {}
