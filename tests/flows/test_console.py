"""The console over HTTP: only staff, everything recorded, money in and out handled to the end."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import story
from tests.flows.test_contract_pages import as_member
from tests.service.payouts.market import Market, reward

from kotowari.accounts.models import Member
from kotowari.contracts.models import Milestone
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry
from kotowari.kernel import clock as kernel_clock
from kotowari.payments.demo_bank import Transfer, write_statement
from kotowari.payments.models import Deposit
from kotowari.payouts import services, zengin
from kotowari.payouts.models import BankEntry, ExpiredReward, Payout, PayoutRun
from kotowari.web.screens import SCREENS

pytestmark = pytest.mark.django_db
PAGES = ["", "deposits/", "payouts/", "members/", "ledger/", "policy/"]


@pytest.fixture
def market(clock: Any) -> Market:
    return Market(clock)


@pytest.fixture
def staff(market: Market) -> Client:
    return as_member(market.staff())


def page(browser: Client, address: str, **query: Any) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def bring(browser: Client, *transfers: Transfer) -> Any:
    data = write_statement(transfers)
    return browser.post("/console/deposits/", {"file": SimpleUploadedFile("meisai.txt", data), "idempotency_key": "f"})


@pytest.mark.rule("P008")
@pytest.mark.parametrize("path", PAGES)
def test_members_read_why_the_console_is_not_theirs_and_visitors_sign_in(market: Market, path: str) -> None:
    refused = as_member(market.member("hanako")).get(f"/console/{path}")
    assert refused.status_code == 403
    assert "ここは運営の担当者の画面です" in refused.content.decode()
    asked = Client().get(f"/console/{path}")
    assert asked.status_code in (302, 303)
    assert asked["Location"].startswith("/login/")
    assert as_member(market.staff()).get(f"/console/{path}").status_code == 200


def test_every_page_of_the_console_asks_the_one_gate() -> None:
    mine = [s for s in SCREENS.values() if s.path.startswith("console/")]
    assert len(mine) >= 15
    for shown in mine:
        assert "console.open" in {a.name for a in shown.actions}, shown.name


@pytest.mark.rule("A063")
def test_looking_at_a_member_is_recorded_and_shows_the_members_own_decisions(market: Market, staff: Client) -> None:
    worker = market.worker("hanako", reward_yen=48_620, has_account=False)
    assert f"/console/members/{worker.pk}/" in page(staff, "/console/members/", q="hana")
    seen = page(staff, f"/console/members/{worker.pk}/", action="payouts.receive")
    assert "次の締めでは支払われません" in seen
    assert "振込先の口座が登録されていません" in seen
    assert "会員の状況を見た" in seen
    entry = AuditEntry.objects.get(kind="console.member_seen")
    assert entry.subject_id == worker.pk
    own = as_member(worker).get("/my/can/", {"action": "payouts.receive"}).content.decode()
    assert "振込先の口座が登録されていません" in own
    assert as_member(worker).get(f"/console/members/{worker.pk}/").status_code == 403
    assert staff.get("/console/members/00000000-0000-7000-8000-000000000000/").status_code == 404


def test_a_statement_fills_escrows_and_the_rest_waits_with_reason_and_clock(market: Market, staff: Client) -> None:
    milestone = story.milestones(story.contract())[0]
    done = bring(
        staff,
        Transfer(milestone.client_pays_yen, milestone.reference, "ミホン"),
        Transfer(5_000, "", "ナナシ ノ ゴンベエ"),
    )
    assert done.status_code == 303
    assert Milestone.objects.get(pk=milestone.pk).state == "funded"
    assert "仮受金" in page(staff, "/console/")
    seen = page(staff, "/console/deposits/")
    assert "振込人名に振込番号がありません" in seen
    assert "あと" in seen
    deposit = Deposit.objects.get(state="in_suspense")
    address = f"/console/deposits/{deposit.pk}/"
    assert "返送の理由" in page(staff, address)
    assert staff.post(f"{address}send-back/", {"reason": " "}).status_code == 422
    assert staff.post(f"{address}send-back/", {"reason": "送り主に確認できないため"}).status_code == 303
    assert Deposit.objects.get(pk=deposit.pk).state == "sent_back"
    assert "返送済み" in page(staff, address)
    for view in ("", "files", "cancellations", "to_send_back"):
        page(staff, "/console/deposits/", show=view)


def test_a_deposit_without_reference_is_matched_by_hand(market: Market, staff: Client) -> None:
    milestone = story.milestones(story.contract())[0]
    bring(staff, Transfer(milestone.client_pays_yen, "", "ミホンショウジ"))
    deposit = Deposit.objects.get()
    address = f"/console/deposits/{deposit.pk}/"
    assert milestone.reference in page(staff, address), "the one of this amount is offered"
    assert milestone.reference in page(staff, address, q=milestone.reference)
    assert "見つかりません" in page(staff, address, q="ない題名")
    assert staff.post(f"{address}match/{milestone.pk}/").status_code == 303
    assert Milestone.objects.get(pk=milestone.pk).state == "funded"
    again = staff.post(f"{address}match/{milestone.pk}/")
    assert again.status_code == 409
    assert as_member(milestone.contract.client).post(f"{address}match/{milestone.pk}/").status_code == 403


def test_a_file_that_is_no_statement_says_what_is_wrong(market: Market, staff: Client) -> None:
    sent = SimpleUploadedFile("meisai.txt", b"nonsense")
    answer = staff.post("/console/deposits/", {"file": sent})
    assert answer.status_code == 422
    assert not Deposit.objects.exists()
    assert staff.post("/console/deposits/", {}).status_code == 422


def test_a_closing_becomes_a_file_and_is_settled_by_hand(market: Market, staff: Client) -> None:
    worker = market.worker("hanako", reward_yen=48_620)
    market.after(date(2026, 11, 30))
    assert "2026-11-30" in page(staff, "/console/payouts/")
    assert staff.post("/console/payouts/close/2026-11-30/").status_code == 303
    assert staff.post("/console/payouts/close/2026-11-29/").status_code == 409
    assert staff.post("/console/payouts/close/yesterday/").status_code == 404
    run = PayoutRun.objects.get()
    address = f"/console/payouts/{run.pk}/"
    assert "全銀ファイル" in page(staff, address)
    assert staff.post(f"{address}file/").status_code == 303
    run.refresh_from_db()
    sent = staff.post(f"{address}file/", {"name": run.files[0]["name"]})
    assert sent["Content-Disposition"].startswith("attachment")
    read = zengin.read(sent.content)
    assert not read.errors
    assert sent.content == staff.post(f"{address}file/", {"name": run.files[0]["name"]}).content
    assert AuditEntry.objects.filter(kind="payouts.file_read_again").count() == 2, "each taking is recorded"
    assert staff.post(f"{address}file/", {"name": "other.txt"}).status_code == 404
    assert as_member(worker).post(f"{address}file/").status_code == 403
    assert staff.post(f"{address}settle/", {"settled_on": "2027-01-01"}).status_code == 422
    assert staff.post(f"{address}settle/", {"settled_on": str(kernel_clock.today())}).status_code == 303
    assert Payout.objects.get().state == "settled"


@pytest.mark.rule("P010")
def test_a_transfer_comes_back_with_its_reason_and_another_is_called_off(market: Market, staff: Client) -> None:
    back, off = market.worker("hanako", reward_yen=48_620), market.worker("taro", reward_yen=9_000)
    market.after(date(2026, 11, 30))
    market.close()
    run = PayoutRun.objects.get()
    address = f"/console/payouts/transfers/{Payout.objects.get(member=off).pk}/"
    assert staff.post(address, {"act": "cancel", "reason": ""}).status_code == 422
    assert staff.post(address, {"act": "cancel", "reason": "本人からの申し出"}).status_code == 303
    assert staff.post(address, {"act": "give", "reason": "x"}).status_code == 404
    staff.post(f"/console/payouts/{run.pk}/file/")
    address = f"/console/payouts/transfers/{Payout.objects.get(member=back).pk}/"
    assert "組戻しを記録する" in page(staff, address)
    assert staff.post(address, {"act": "return", "reason": "account_closed", "explanation": ""}).status_code == 303
    payout = Payout.objects.get(member=back)
    assert payout.state == "returned"
    assert "口座が解約されています" in page(staff, address)
    assert "口座が解約されています" in page(as_member(back), "/my/rewards/")


def test_held_transfers_and_lines_that_fit_nothing_are_queues(market: Market, staff: Client) -> None:
    actor = Member.objects.get(username="kanri")
    from kotowari.payouts.services import match_outgoing

    match_outgoing(actor=actor, entry_key="k1", amount_yen=777, booked_on=kernel_clock.today(), name="ﾃｽｳﾘﾖｳ")
    line = BankEntry.objects.get()
    assert "照合できない明細" in page(staff, "/console/")
    assert "777" in page(staff, "/console/payouts/", show="lines")
    page(staff, "/console/payouts/", show="held")
    address = f"/console/payouts/lines/{line.pk}/"
    assert staff.post(address, {"note": ""}).status_code == 422
    assert staff.post(address, {"note": "銀行の手数料"}).status_code == 303
    assert "銀行の手数料" in page(staff, address)


def test_policy_values_are_found_by_rule(market: Market, staff: Client) -> None:
    assert "payouts.closings" in page(staff, "/console/policy/", q="A046")
    assert "この言葉の値はありません" in page(staff, "/console/policy/", q="zzzz")


def test_pages_of_the_console_ask_a_bounded_number_of_queries(
    market: Market, staff: Client, django_assert_max_num_queries: Any
) -> None:
    client, worker = story.member(), story.member()
    for _ in range(12):
        story.contract(client=client, worker=worker)
    for n in range(12):
        market.worker(f"worker{n}", reward_yen=5_000)
    market.after(date(2026, 11, 30))
    market.close()
    for n in range(12):
        bring_directly(1_000 + n)
    run = PayoutRun.objects.get()
    addresses = ["/console/", "/console/deposits/", "/console/payouts/", f"/console/payouts/{run.pk}/"]
    for address in [*addresses, "/console/members/", "/console/ledger/", "/console/ledger/checks/", "/console/policy/"]:
        with django_assert_max_num_queries(27):
            page(staff, address)
    with django_assert_max_num_queries(85):
        page(staff, f"/console/members/{client.pk}/")


def bring_directly(amount_yen: int) -> None:
    from kotowari.foundation.actors import SYSTEM
    from kotowari.payments.services import import_statement

    import_statement(
        actor=SYSTEM, data=write_statement([Transfer(amount_yen, "", "ﾅﾅｼ")]), filename=f"{amount_yen}.txt"
    )


def test_the_console_speaks_english(market: Market, staff: Client) -> None:
    worker = market.worker("hanako", reward_yen=48_620)
    market.after(date(2026, 11, 30))
    market.close()
    bring_directly(3_000)
    staff.cookies["language"] = "en"
    run, payout, deposit = PayoutRun.objects.get(), Payout.objects.get(), Deposit.objects.get()
    for address in [
        *(f"/console/{path}" for path in PAGES),
        f"/console/payouts/{run.pk}/",
        f"/console/payouts/transfers/{payout.pk}/",
        f"/console/deposits/{deposit.pk}/",
        f"/console/members/{worker.pk}/",
    ]:
        assert 'lang="en"' in page(staff, address)


@pytest.mark.rule("A053", "A041")
def test_quick_payouts_have_clocks_and_a_forfeiture_is_taken_back(market: Market, staff: Client) -> None:
    services.request_quick_payout(actor=market.worker("hanako", reward_yen=5_000))
    seen = page(staff, "/console/payouts/", show="quick")
    assert "hanako" in seen
    assert "4,825" in seen
    late = market.worker("late")
    reward(late, 900, fixed_at=market.clock.moment - timedelta(days=200))
    with policy.overridden({"payouts.at_expiry": "forfeited"}):
        services.expire_rewards(actor=SYSTEM, day=market.clock.moment.date())
    assert "失効" in page(staff, "/console/payouts/", show="expired")
    row = ExpiredReward.objects.get()
    address = f"/console/payouts/expired/{row.pk}/"
    assert staff.post(address, {"reason": "", "idempotency_key": "k"}).status_code == 422
    assert staff.post(address, {"reason": "入院していたため", "idempotency_key": "k"}).status_code == 303
    assert "入院していたため" in page(staff, address)
    row.refresh_from_db()
    assert row.state == "restored"
