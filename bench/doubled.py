"""Ten thousand submissions, each sent twice at the same moment to the running server: nothing is done twice.

A pair goes out on two connections before either answer is read, under one key. There are three kinds: acceptances,
which release escrow; quick payouts, which take rewards out; messages, which only make a row. One in ten is sent a
third time with other content, which has to be a conflict.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from uuid import UUID

from bench import settlement_data
from bench.books_data import broken
from bench.report import Report, Row
from bench.server import Server, django_on, served
from bench.size import part_of

SUBMISSIONS = 10_000
SHARES = {"acceptances": 0.5, "quick payouts": 0.2, "messages": 0.3}
THREADS = 4
CONFLICT_EVERY = 10
SIGNED_BY = "client1"
PAYOUT_YEN, OTHER_YEN = 4_000, 3_000


@dataclass(frozen=True, slots=True)
class Submission:
    """One thing to be done once; `other` is what the same key must not do as well."""

    kind: str
    token: str
    path: str
    body: dict[str, Any]
    other: tuple[str, dict[str, Any]]


def run(server: Server) -> Report:
    """How often what was sent twice was done twice, and what the server answered."""
    report = Report(title="Doubled submissions over HTTP")
    with server.scratch("doubled") as url, django_on(url, "bench.settings"):
        wanted = {kind: max(1, round(part_of(SUBMISSIONS) * share)) for kind, share in SHARES.items()}
        milestones = settlement_data.fill(wanted["acceptances"] + 1)
        answers: Counter[str] = Counter()
        done: dict[str, int] = {}
        seconds = 0.0
        with served() as (port, _):
            for kind, submissions in _rounds(wanted, milestones):
                before = _effects(kind)
                started = time.perf_counter()
                answers += _send(port, submissions)
                seconds += time.perf_counter() - started
                done[kind] = _effects(kind) - before
        _, wrong = broken()
        report.notes = [
            server.describe(),
            f"{THREADS} threads with two connections each; " + ", ".join(f"{n:,} {kind}" for kind, n in wanted.items()),
            f"answers: {', '.join(f'{told} {n:,}' for told, n in sorted(answers.items()))}",
            *wrong,
        ]
    sent = sum(wanted.values())
    report.rows = [
        Row(name="submissions, each sent twice at once", measured=sent, unit="submissions"),
        _none("duplicates", sum(done.values()) - sent),
        _none("pairs that were told two things", answers["two answers"]),
        _none("conflicts that were not refused", answers["other content done"]),
        _none("violations", len(wrong)),
        Row(name="pairs a second", measured=sent / seconds, unit="pairs/s"),
    ]
    return report


def _none(name: str, found: int) -> Row:
    return Row(name=name, measured=found, unit=name, aim=0, at_most=True)


def _rounds(wanted: dict[str, int], milestones: Sequence[UUID]) -> Iterator[tuple[str, list[Submission]]]:
    """Kind by kind: quick payouts take what the acceptances before them fixed."""
    from kotowari.accounts.models import Member

    client = _token(Member.objects.get(username=SIGNED_BY))
    spare = f"/milestones/{milestones[-1]}/accept"
    accepting = [
        Submission("acceptances", client, f"/milestones/{id}/accept", {}, (spare, {}))
        for id in milestones[: wanted["acceptances"]]
    ]
    yield "acceptances", accepting
    yield "quick payouts", list(_payouts(wanted["quick payouts"]))
    yield "messages", list(_messages(client, wanted["messages"], milestones[-1]))


def _payouts(count: int) -> Iterator[Submission]:
    from kotowari.accounts.models import Member
    from kotowari.accounts.services import register_name
    from kotowari.kernel import clock
    from kotowari.ledger.models import Lot
    from kotowari.payouts.banks import directory
    from kotowari.payouts.services import set_bank_account

    bank = next(iter(directory().banks.values()))
    branch_code = next(iter(directory().branches(bank.code)))
    path = "/me/quick-payouts"
    rewarded = Lot.objects.values_list("member_id", flat=True).distinct()[:count]
    for number, member in enumerate(Member.objects.filter(pk__in=list(rewarded))):
        account = {"account_kind": "普通", "account_number": f"{number + 1:07d}", "holder_kana": "ミホン タロウ"}
        member.proved_at = clock.now()
        register_name(actor=member, name="見本 太郎", kana=account["holder_kana"])
        set_bank_account(actor=member, bank_code=bank.code, branch_code=branch_code, **account)
        yield Submission(
            "quick payouts", _token(member), path, {"amount_yen": PAYOUT_YEN}, (path, {"amount_yen": OTHER_YEN})
        )


def _messages(token: str, count: int, milestone_id: UUID) -> Iterator[Submission]:
    from kotowari.contracts.models import Milestone

    path = f"/proposals/{Milestone.objects.get(pk=milestone_id).contract.proposal_id}/messages"
    for number in range(count):
        yield Submission("messages", token, path, {"body": f"進み具合 {number}"}, (path, {"body": "ほかの内容"}))


def _token(member: Any) -> str:
    from kotowari.accounts.scopes import SCOPES
    from kotowari.accounts.services import create_api_token
    from kotowari.kernel import clock

    member.proved_at = clock.now()
    return str(create_api_token(actor=member, name="bench", scopes=sorted(SCOPES)).plaintext)


def _effects(kind: str) -> int:
    from kotowari.ledger.models import Journal
    from kotowari.messaging.models import Message
    from kotowari.payouts.models import Payout

    rows: dict[str, Any] = {
        "acceptances": Journal.objects.filter(kind="milestone_accepted"),
        "quick payouts": Payout.objects.filter(kind="quick"),
        "messages": Message.objects.all(),
    }
    return int(rows[kind].count())


def _send(port: int, submissions: Sequence[Submission]) -> "Counter[str]":
    """Every submission twice at once; what the answers came to."""
    with ThreadPoolExecutor(THREADS) as crowd:
        parts = [submissions[start::THREADS] for start in range(THREADS)]
        return sum(crowd.map(_send_some, [port] * THREADS, parts), Counter())


def _send_some(port: int, submissions: Sequence[Submission]) -> "Counter[str]":
    first, second = (HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(2))
    found: Counter[str] = Counter()
    for number, each in enumerate(submissions):
        key = os.urandom(12).hex()
        for line in (first, second):
            _ask(line, each.token, key, each.path, each.body)
        (status, mine), (other_status, theirs) = _read(first), _read(second)
        found[f"{each.kind} {status}"] += 1
        found[f"{each.kind} {other_status}"] += 1
        found["two answers"] += mine != theirs or status != other_status
        if number % CONFLICT_EVERY == 0:
            _ask(first, each.token, key, *each.other)
            status, _ = _read(first)
            found[f"other content {status}"] += 1
            found["other content done"] += status != 409
    first.close()
    second.close()
    return found


def _ask(line: HTTPConnection, token: str, key: str, path: str, body: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
    line.request("POST", f"/api/v1{path}", json.dumps(body), headers)


def _read(line: HTTPConnection) -> tuple[int, str]:
    """The status, and what was made or which refusal it was."""
    answer = line.getresponse()
    told = json.loads(answer.read())
    return answer.status, str(told.get("id") or [blocker["code"] for blocker in told.get("blockers", [])])
