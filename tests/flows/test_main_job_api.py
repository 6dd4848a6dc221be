"""The main job once through the API alone; staff and bank do their part as the operator's commands do."""

from datetime import date, timedelta

import pytest
from tests import story
from tests.conftest import MovableClock
from tests.flows.test_api import a_posting
from tests.flows.test_api_money import Money
from tests.service.payouts.market import ACCOUNT, Market

from kotowari.accounts.models import Member
from kotowari.foundation import outbox
from kotowari.foundation.deadlines import run_all_due
from kotowari.kernel import clock as kernel_clock
from kotowari.ledger.invariants import check_all
from kotowari.payments.demo_bank import Transfer, write_statement
from kotowari.payments.services import import_statement
from kotowari.payouts import services, zengin
from kotowari.payouts.files import run_files
from kotowari.payouts.models import PayoutRun

pytestmark = pytest.mark.django_db


def what_falls_due_happens() -> None:
    """What the worker process does all day: deliver what waits, run what is due."""
    while outbox.deliver_waiting() or run_all_due():
        pass


def agree_on_a_contract(client: Money, worker: Money) -> dict[str, str]:
    """Posted, found, proposed, hired; the one milestone as the API shows it."""
    posted = client.post("/jobs", a_posting())
    assert posted.status_code == 201, posted.content
    job_id = posted.json()["id"]
    assert job_id in {item["id"] for item in worker.get("/jobs", q="パンフレット").json()["items"]}
    due_on = str(kernel_clock.today() + timedelta(days=20))
    offer = {"message": "お任せください", "milestones": [{"title": "全文", "price_yen": 30_000, "due_on": due_on}]}
    proposed = worker.post(f"/jobs/{job_id}/proposals", offer)
    assert proposed.status_code == 201, proposed.content
    made = client.post(f"/proposals/{proposed.json()['id']}/accept")
    assert made.status_code == 201, made.content
    (milestone,) = made.json()["milestones"]
    return milestone


def test_the_main_job_runs_through_the_api_from_posting_to_the_bank_file(clock: MovableClock) -> None:
    market = Market(clock)
    client, worker = Money(story.member("kurai")), Money(story.member("hatara")).signs_in()
    staff = market.staff()
    name = {"name": "山田 花子", "kana": ACCOUNT["holder_kana"]}
    assert worker.put("/me/name", name).status_code == 200
    assert worker.put("/me/bank-account", ACCOUNT).status_code == 200
    milestone = agree_on_a_contract(client, worker)
    path = f"/milestones/{milestone['id']}"

    how = client.post(f"{path}/fund").json()
    assert how["missing_yen"] == milestone["client_pays_yen"]
    statement = write_statement([Transfer(how["missing_yen"], how["reference"], "ミホンショウジ")])
    imported = import_statement(actor=staff, data=statement, filename="meisai.txt")
    assert (imported.matched_count, imported.suspense_count) == (1, 0)
    what_falls_due_happens()

    assert worker.post(f"{path}/deliver", {"message": "初稿です"}).json()["state"] == "delivered"
    asked = client.post(f"{path}/request-changes", {"points": ["2ページ目の表記", "社名の綴り"]})
    assert asked.json()["state"] == "changes_requested"
    again = worker.post(f"{path}/deliver", {"message": "直しました", "links": ["https://example.com/a"]})
    assert [d["number"] for d in again.json()["deliveries"]] == [1, 2]
    first, second = (client.post(f"{path}/accept", key="one-acceptance") for _ in range(2))
    assert first.json() == second.json()
    assert first.json()["state"] == "accepted"
    rewards = worker.get("/me/rewards").json()
    assert rewards["available_yen"] == milestone["worker_receives_yen"]
    assert rewards["receive"]["allowed"] is True

    market.after(date(2026, 11, 30))
    what_falls_due_happens()
    (payout,) = worker.get("/me/payouts").json()["items"]
    assert (payout["state"], payout["gross_yen"], payout["pays_on"]) == (
        "requested",
        milestone["worker_receives_yen"],
        "2026-12-15",
    )
    run = services.write_run_file(actor=staff, run_id=PayoutRun.objects.get().pk)
    (written,) = run_files(run)
    the_file_is_the_payout(written.content, payout["net_yen"])

    market.on(date(2026, 12, 15))
    services.settle_run(actor=staff, run_id=run.pk)
    what_falls_due_happens()
    (settled,) = worker.get("/me/payouts").json()["items"]
    assert settled["state"] == "settled"
    assert worker.get("/me/rewards").json()["available_yen"] == 0
    assert client.get(f"/contracts/{milestone['contract_id']}").json()["state"] == "completed"
    assert [result.detail for result in check_all() if not result.ok] == []
    assert Member.objects.count() == 3


def the_file_is_the_payout(content: bytes, net_yen: int) -> None:
    read = zengin.read(content)
    assert not read.errors
    (file,) = read.files
    (transfer,) = file.transfers
    assert file.header.transfer_on == date(2026, 12, 15)
    assert (transfer.bank_code, transfer.branch_code) == (ACCOUNT["bank_code"], ACCOUNT["branch_code"])
    assert (transfer.account_number, transfer.payee_name) == ("9000011", "ﾔﾏﾀﾞ ﾊﾅｺ")
    assert transfer.amount_yen == net_yen
