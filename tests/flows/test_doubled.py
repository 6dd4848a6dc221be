"""Everything that moves money or makes something, sent twice: at once, one after the other, and with other content.

Real forms and calls with their keys. One effect however often it is sent; the same key with other content is a conflict
in words. The full ten thousand are `kotowari bench doubled`.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from tests import story
from tests.flows.test_api import Program, a_posting
from tests.flows.test_contract_pages import as_member
from tests.service.payments.bank_files import file, line, pay_in
from tests.service.payments.gateway import SECRET, RunningGateway, running
from tests.service.payouts.market import Market, reward

from kotowari.contracts import services as contracts
from kotowari.contracts.models import ChangeRequest, Contract, Delivery, EndRequest
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, OutboxEvent
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.ids import new_id
from kotowari.ledger.invariants import INVARIANTS, check
from kotowari.ledger.models import Journal
from kotowari.market.models import Job, Proposal
from kotowari.messaging.models import Message
from kotowari.payments.models import CardPayment, Deposit, StatementFile
from kotowari.payouts import services
from kotowari.payouts.models import Payout, PayoutMethod, PayoutRun
from kotowari.support.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Door:
    """One thing that can be sent: with its own content or (`True`) with other, under a key; and how often it was done.

    `is_keyed`: the page's form or the call carries a key, so that other content under it is a conflict.
    """

    send: Callable[[str, bool], Any]
    done: Callable[[], int]
    is_keyed: bool = True


@pytest.fixture
def market(clock: Any) -> Market:
    return Market(clock)


@pytest.fixture(scope="module")
def process() -> Iterator[RunningGateway]:
    with running() as gateway:
        yield gateway


@pytest.fixture
def cards(process: RunningGateway, monkeypatch: Any) -> RunningGateway:
    process.calm()
    monkeypatch.setenv("KOTOWARI_CARDS", "fake")
    monkeypatch.setenv("KOTOWARI_CARD_GATEWAY_URL", process.url)
    monkeypatch.setenv("KOTOWARI_CARD_GATEWAY_SECRET", SECRET)
    return process


def form(member: Any, path: str, first: dict[str, Any], other: dict[str, Any] | str | None = None) -> Any:
    """Sends a form; `other` is its other content, or another address for a button without any."""
    cookies = as_member(member).cookies

    def send(key: str, is_other: bool) -> Any:
        browser = Client()
        browser.cookies = cookies
        content = {**first, "idempotency_key": key}
        if is_other and isinstance(other, dict):
            content |= other
        return browser.post(other if is_other and isinstance(other, str) else path, content)

    return send


def call(member: Any, path: str, first: dict[str, Any], other: dict[str, Any] | str | None = None) -> Any:
    """The same through the API."""
    token = Program(member).token

    def send(key: str, is_other: bool) -> Any:
        body = {**first, **other} if is_other and isinstance(other, dict) else first
        return Client().post(
            f"/api/v1{other if is_other and isinstance(other, str) else path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        )

    return send


def worker_of(market: Market, yen: int = 9_000) -> Any:
    n = next(_numbers)
    return market.worker(f"worker{n}", reward_yen=yen, account_number=f"{9000100 + n}")


def staff_of(market: Market) -> Any:
    return market.staff(f"kanri{next(_numbers)}")


def quick_form(market: Market) -> Door:
    worker = worker_of(market)
    send = form(worker, "/my/rewards/quick/", {"amount_yen": "4000"}, {"amount_yen": "1000"})
    return Door(send, lambda: Payout.objects.filter(member=worker).count())


def quick_call(market: Market) -> Door:
    worker = worker_of(market)
    send = call(worker, "/me/quick-payouts", {"amount_yen": 4_000}, {"amount_yen": 1_000})
    return Door(send, lambda: Payout.objects.filter(member=worker).count())


def method_form(market: Market) -> Door:
    worker = worker_of(market)
    send = form(worker, "/my/rewards/method/", {"method": "carry_over"}, {"method": "threshold"})
    chosen = AuditEntry.objects.filter(kind="payouts.method_chosen", subject_id=str(worker.pk))
    return Door(send, lambda: chosen.count() if PayoutMethod.objects.filter(method="carry_over").exists() else 0)


def make_run_form(market: Market) -> Door:
    """A transfer at a time limit waits for a run."""
    worker = worker_of(market, 0)
    reward(worker, 900, fixed_at=market.clock.moment - timedelta(days=200))
    market.clock.move(days=1)
    while services.expire_rewards(actor=SYSTEM, day=kernel_clock.today()):
        pass
    made = AuditEntry.objects.filter(kind="payouts.run_made").count()
    send = form(staff_of(market), "/console/payouts/make-run/", {})
    return Door(send, lambda: AuditEntry.objects.filter(kind="payouts.run_made").count() - made, is_keyed=False)


def demo_bank(market: Market) -> Door:
    (m,) = story.milestones(story.contract())
    path = f"/contracts/{m.contract_id}/milestones/{m.pk}/fund/demo/"
    send = form(m.contract.client, path, {"way": "exact"}, {"way": "too_little"})
    return Door(send, lambda: Deposit.objects.filter(milestone=m).count())


def accept_form(market: Market) -> Door:
    first, second = story.delivered((10_000, 10_000))
    paths = [f"/contracts/{m.contract_id}/milestones/{m.pk}/accept/" for m in (first, second)]
    accepted = Journal.objects.filter(kind="milestone_accepted", contract_id=first.contract_id)
    return Door(form(first.contract.client, paths[0], {}, paths[1]), accepted.count)


def accept_call(market: Market) -> Door:
    first, second = story.delivered((10_000, 10_000))
    accepted = Journal.objects.filter(kind="milestone_accepted", contract_id=first.contract_id)
    paths = [f"/milestones/{m.pk}/accept" for m in (first, second)]
    return Door(call(first.contract.client, paths[0], {}, paths[1]), accepted.count)


def deliver_form(market: Market) -> Door:
    (m,) = story.funded()
    path = f"/contracts/{m.contract_id}/milestones/{m.pk}/deliver/"
    send = form(m.contract.worker, path, {"message": "納品します。", "links": ""}, {"message": "ほかの納品"})
    return Door(send, Delivery.objects.filter(milestone=m).count)


def changes_call(market: Market) -> Door:
    (m,) = story.delivered()
    send = call(m.contract.client, f"/milestones/{m.pk}/request-changes", {"points": ["3行目"]}, {"points": ["4行目"]})
    return Door(send, ChangeRequest.objects.filter(delivery__milestone=m).count)


def end_form(market: Market) -> Door:
    (m,) = story.funded()
    path = f"/contracts/{m.contract_id}/end/"
    send = form(m.contract.worker, path, {"reason": "cannot_do", "explanation": ""}, {"explanation": "ほか"})
    return Door(send, EndRequest.objects.filter(contract=m.contract_id).count)


def agree_end_form(market: Market) -> Door:
    """The refund of everything that is held."""
    first, second = (story.funded()[0] for _ in range(2))
    asked = [
        contracts.ask_end(actor=m.contract.worker, contract_id=m.contract_id, reason="other", explanation="x")
        for m in (first, second)
    ]
    paths = [f"/contracts/{each.contract_id}/end/{each.pk}/agree/" for each in asked]
    refunds = Journal.objects.filter(kind="milestone_refunded", contract_id=first.contract_id)
    return Door(form(first.contract.client, paths[0], {}), refunds.count, is_keyed=False)


def hire_call(market: Market) -> Door:
    client = story.member()
    job = story.job(client, hires_wanted=2)
    sent = [story.proposal(job, story.member()) for _ in range(2)]
    paths = [f"/proposals/{each.pk}/accept" for each in sent]
    return Door(call(client, paths[0], {}, paths[1]), Contract.objects.filter(job=job).count)


def job_call(market: Market) -> Door:
    client = story.member()
    send = call(client, "/jobs", a_posting(), {"title": "ほかの題名"})
    return Door(send, Job.objects.filter(client=client).count)


def proposal_call(market: Market) -> Door:
    job, worker = story.job(story.member()), story.member()
    parts = [{"title": "全文", "price_yen": 30_000, "due_on": str(kernel_clock.today() + timedelta(days=20))}]
    body = {"message": "お任せください", "milestones": parts}
    return Door(
        call(worker, f"/jobs/{job.pk}/proposals", body, {"message": "ほか"}), Proposal.objects.filter(job=job).count
    )


def message_call(market: Market) -> Door:
    (m,) = story.funded()
    proposal_id = m.contract.proposal_id
    send = call(m.contract.client, f"/proposals/{proposal_id}/messages", {"body": "確認中です"}, {"body": "ほか"})
    return Door(send, lambda: Message.objects.filter(author=m.contract.client).count())


def ticket_form(market: Market) -> Door:
    """Somebody who cannot sign in asks."""
    email = f"someone{next(_numbers)}@example.com"
    content = {"topic": "cannot_sign_in", "email": email, "body": "パスワードを変えても入れません。"}

    def send(key: str, is_other: bool) -> Any:
        more = {"body": "ほかの質問です。"} if is_other else {}
        return Client().post("/contact/", {**content, **more, "idempotency_key": key})

    before = Ticket.objects.count()
    return Door(send, lambda: Ticket.objects.count() - before)


def statement_upload(market: Market) -> Door:
    cookies = as_member(staff_of(market)).cookies
    amounts = [next(_numbers) * 10 + n for n in range(2)]
    contents = [file(line(yen, "ﾔﾏﾀﾞ")) for yen in amounts]

    def send(key: str, is_other: bool) -> Any:
        browser = Client()
        browser.cookies = cookies
        sent = SimpleUploadedFile("meisai.txt", contents[is_other])
        return browser.post("/console/deposits/", {"file": sent, "idempotency_key": key})

    return Door(send, lambda: Deposit.objects.filter(amount_yen__in=amounts).count())


def place_form(market: Market) -> Door:
    first, second = (story.milestones(story.contract())[0] for _ in range(2))
    (deposit,) = pay_in(line(first.client_pays_yen, "ﾅﾅｼ"))
    paths = [f"/console/deposits/{deposit.pk}/match/{m.pk}/" for m in (first, second)]
    placed = Journal.objects.filter(kind="deposit_matched", deposit_id=deposit.pk)
    return Door(form(staff_of(market), paths[0], {}, paths[1]), placed.count)


def send_back_form(market: Market) -> Door:
    (deposit,) = pay_in(line(700 + next(_numbers), "ﾅﾅｼ"))
    path = f"/console/deposits/{deposit.pk}/send-back/"
    gone = Journal.objects.filter(kind="deposit_sent_back", deposit_id=deposit.pk)
    return Door(form(staff_of(market), path, {"reason": "不明"}, {"reason": "ほか"}), gone.count)


def own_money_form(market: Market) -> Door:
    (deposit,) = pay_in(line(700 + next(_numbers), "ｳﾝｴｲ"))
    first, other = ({"kind": kind, "note": ""} for kind in ("own_funds_put_in", "interest_received"))
    booked = Journal.objects.filter(kind="own_funds_put_in", deposit_id=deposit.pk)
    return Door(form(staff_of(market), f"/console/deposits/{deposit.pk}/own/", first, other), booked.count)


def book_line_form(market: Market) -> Door:
    yen, key = 700 + next(_numbers), str(new_id())
    entry = services.match_outgoing(actor=SYSTEM, entry_key=key, amount_yen=yen, booked_on=kernel_clock.today())
    first, other = ({"kind": kind, "note": ""} for kind in ("bank_fee_paid", "tax_paid"))
    booked = Journal.objects.filter(kind="bank_fee_paid", scope="bank_line.book", key=str(entry.pk))
    return Door(form(staff_of(market), f"/console/payouts/lines/{entry.pk}/book/", first, other), booked.count)


def reopen_line_form(market: Market) -> Door:
    yen, key = 700 + next(_numbers), str(new_id())
    entry = services.match_outgoing(actor=SYSTEM, entry_key=key, amount_yen=yen, booked_on=kernel_clock.today())
    booked = services.book_entry(actor=staff_of(market), entry_id=entry.pk, kind="bank_fee_paid")
    path = f"/console/payouts/lines/{entry.pk}/reopen/"
    reversed_once = Journal.objects.filter(reverses_id=booked.journal_id)
    return Door(form(staff_of(market), path, {"reason": "取り違え"}, {"reason": "ほか"}), reversed_once.count)


def run_file(market: Market) -> Door:
    run = closed_run(market)
    written = AuditEntry.objects.filter(kind="payouts.file_written", subject_id=str(run.pk))
    return Door(form(staff_of(market), f"/console/payouts/{run.pk}/file/", {}), written.count, is_keyed=False)


def settle_form(market: Market) -> Door:
    run = closed_run(market)
    services.write_run_file(actor=SYSTEM, run_id=run.pk)
    run.refresh_from_db()
    market.on(run.pays_on)
    market.clock.move(days=1)
    days = [{"settled_on": str(run.pays_on)}, {"settled_on": str(kernel_clock.today())}]
    settled = Journal.objects.filter(
        kind="payout_settled", payout_id__in=list(run.payouts.values_list("pk", flat=True))
    )
    return Door(form(staff_of(market), f"/console/payouts/{run.pk}/settle/", *days), settled.count)


def return_form(market: Market) -> Door:
    run = closed_run(market)
    services.write_run_file(actor=SYSTEM, run_id=run.pk)
    payout = run.payouts.latest("pk")
    path = f"/console/payouts/transfers/{payout.pk}/"
    first, other = ({"act": "return", "reason": reason} for reason in ("no_such_account", "recalled"))
    undone = Journal.objects.filter(kind="payout_returned", payout_id=payout.pk)
    return Door(form(staff_of(market), path, first, other), undone.count)


def closed_run(market: Market) -> PayoutRun:
    """The run of a quick payout, which needs no closing."""
    payout = services.request_quick_payout(actor=worker_of(market))
    services.make_quick_runs(actor=SYSTEM)
    payout.refresh_from_db()
    return payout.run


DOORS = {
    name: made
    for name, made in list(globals().items())
    if name.endswith(("_form", "_call", "_bank", "_upload", "_file")) and callable(made)
}


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    start = Barrier(len(calls))

    def one(send: Callable[[], Any]) -> Any:
        start.wait(20)
        try:
            return send()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def landed(answer: Any) -> str:
    """Where an answer leads, or what it tells of: the same for the same effect."""
    if answer.status_code in (302, 303):
        return str(answer["Location"])
    assert answer.status_code in (200, 201), (
        answer.status_code,
        re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[:900],
    )
    return str(answer.json()["id"])


def books_are_right() -> None:
    mine = [name for name in INVARIANTS if name.startswith(("L", "payouts.")) and name != "L6"]
    assert [result.detail for result in map(check, mine) if not result.ok] == []


@pytest.mark.rule("A014")
@pytest.mark.parametrize("name", DOORS)
def test_whatever_is_sent_twice_is_done_once(market: Market, name: str) -> None:
    for _ in range(ROUNDS):
        door, key = DOORS[name](market), str(new_id())
        assert door.done() == 0
        first, second = at_once(lambda d=door, k=key: d.send(k, False), lambda d=door, k=key: d.send(k, False))
        assert door.done() == 1
        after = (Journal.objects.count(), OutboxEvent.objects.count())
        third = door.send(key, False)
        assert landed(first) == landed(second) == landed(third)
        assert door.done() == 1
        assert (Journal.objects.count(), OutboxEvent.objects.count()) == after
        if door.is_keyed:
            conflict = door.send(key, True)
            assert conflict.status_code == 409
            assert re.search("別の内容(で|の依頼)", conflict.content.decode())
            assert door.done() == 1
            assert (Journal.objects.count(), OutboxEvent.objects.count()) == after
    books_are_right()


@pytest.mark.rule("A014", "P014")
@pytest.mark.parametrize("way", ["form", "call"])
def test_a_card_payment_sent_twice_is_one_page_at_the_processor(
    market: Market, cards: RunningGateway, way: str
) -> None:
    for _ in range(ROUNDS):
        (m,) = story.milestones(story.contract())
        if way == "form":
            send = form(m.contract.client, f"/contracts/{m.contract_id}/milestones/{m.pk}/fund/card/", {})
        else:
            send = call(m.contract.client, f"/milestones/{m.pk}/fund", {"method": "card"})
        key = str(new_id())
        found = at_once(*[lambda s=send, k=key: s(k, False)] * 3)
        found.append(send(key, False))
        assert len({landed(answer) for answer in found}) == 1
        payment = CardPayment.objects.get(milestone=m)
        assert len(cards.payments(payment.key)) == 1
        assert StatementFile.objects.count() == 0


@pytest.mark.rule("A014")
def test_two_tabs_with_keys_of_their_own_still_come_to_one_effect(market: Market) -> None:
    """What can be done once is done once; the other tab reads why not."""
    once = ["quick_form", "accept_form", "deliver_form", "agree_end_form", "hire_call", "place_form", "return_form"]
    for name in once:
        door = DOORS[name](market)
        answers = at_once(*[lambda d=door, n=n: d.send(f"tab {n}", False) for n in range(3)])
        assert door.done() == 1
        refused = [each for each in answers if each.status_code == 409]
        assert len(refused) == 2, [each.status_code for each in answers]
        assert all("理由" in each.content.decode() or "blockers" in each.content.decode() for each in refused)
    books_are_right()
