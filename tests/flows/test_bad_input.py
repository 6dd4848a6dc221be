"""What nobody should send and somebody will: refused with line and column or reason, nothing half done, typed words kept."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import story
from tests.flows.test_api_money import Money
from tests.flows.test_contract_pages import as_member
from tests.service.payments.bank_files import file, line, ours
from tests.service.payouts.market import (
    ACCOUNT,
    Market,
    available_yen,
    books_are_right,
    refund,
    register,
    reward,
    was_registered_at,
)

from kotowari.config import environment
from kotowari.contracts import services as contracts
from kotowari.contracts.models import Milestone
from kotowari.foundation import deadlines, demo_clock, policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, OutboxEvent
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import explain
from kotowari.ledger import gates as ledger_gates
from kotowari.ledger import services as ledger_services
from kotowari.ledger.models import Journal
from kotowari.payments.models import Deposit, StatementFile
from kotowari.payments.services import import_statement
from kotowari.payments.statement import Statement, StatementProfile, write
from kotowari.payouts import gates, services
from kotowari.payouts.models import BankAccount, CarriedOver, Closing, Payout, PayoutRun
from kotowari.payouts.tasks import make_quick_runs

pytestmark = pytest.mark.django_db
RECORD = 202


@pytest.fixture
def market(clock: Any) -> Market:
    return Market(clock)


@pytest.fixture
def staff(market: Market) -> Client:
    return as_member(market.staff())


def words_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


# A statement of the bank


def put(data: bytes, record: int, column: int, text: bytes) -> bytes:
    """The file with other bytes at a place that people count from 1."""
    at = (record - 1) * RECORD + column - 1
    return data[:at] + text + data[at + len(text) :]


def cut(data: bytes, record: int, length: int) -> bytes:
    lines = data.split(b"\r\n")
    lines[record - 1] = lines[record - 1][:length]
    return b"\r\n".join(lines)


def insert(data: bytes, record: int, column: int) -> bytes:
    at = (record - 1) * RECORD + column - 1
    return data[:at] + b" " + data[at:]


def western(data: bytes) -> bytes:
    """The same days with years that count from 2000."""
    day, other = f"08{kernel_clock.today():%m%d}".encode(), f"{kernel_clock.today():%y%m%d}".encode()
    return data.replace(day, other)


SPOILT: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "wrong total": (lambda data: put(data, 4, 8, b"0000000000001"), "4行目8桁目"),
    "wrong count": (lambda data: put(data, 4, 2, b"000009"), "4行目2桁目"),
    "cut line": (lambda data: cut(data, 3, 150), "3行目"),
    "cut file": (lambda data: data[: 3 * RECORD], "行目"),
    "missing line": (lambda data: data[: 2 * RECORD] + data[3 * RECORD :], "行目"),
    "stray space": (lambda data: insert(data, 2, 25), "2行目"),
    "spaces stripped": (lambda data: b"\r\n".join(each.rstrip() for each in data.split(b"\r\n")), "1行目"),
    "letter in an amount": (lambda data: put(data, 2, 25, b"00000000070O"), "2行目36桁目"),
    "no such day": (lambda data: put(data, 2, 10, b"081340"), "2行目10桁目"),
    "wrong era": (western, "1行目5桁目"),
    "UTF-8": (lambda data: data.decode("cp932").encode(), "行目"),
    "BOM": (lambda data: b"\xef\xbb\xbf" + data, "行目"),
}


def a_statement() -> bytes:
    return file(line(700, "ﾔﾏﾀﾞ"), line(900, "ｽｽﾞｷ"))


def send(staff: Client, data: bytes, **more: Any) -> Any:
    return staff.post("/console/deposits/", {"file": SimpleUploadedFile("meisai.txt", data), **more})


def nothing_came_in() -> None:
    assert [kind.objects.count() for kind in (StatementFile, Deposit, Journal)] == [0, 0, 0]
    assert not OutboxEvent.objects.filter(kind__startswith="payments.").exists()
    assert not AuditEntry.objects.filter(kind__startswith="payments.").exists()


@pytest.mark.rule("P009")
@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_statement_is_refused_with_its_place_and_the_right_one_is_taken(staff: Client, fault: str) -> None:
    spoil, place = SPOILT[fault]
    good = a_statement()
    bad = spoil(good)
    assert bad != good
    answer = send(staff, bad, years="era", idempotency_key="k")
    assert answer.status_code == 422
    assert place in words_of(answer)
    assert re.search(r"\d+行目\d+桁目", words_of(answer))
    nothing_came_in()
    assert send(staff, good, years="era", idempotency_key="k2").status_code == 303
    assert Deposit.objects.count() == 2
    books_are_right()


@pytest.mark.parametrize("newline", [b"\r", b"\n", b""])
def test_other_newlines_are_the_same_statement(staff: Client, newline: bytes) -> None:
    data = a_statement()
    assert send(staff, data.replace(b"\r\n", newline)).status_code == 303
    assert Deposit.objects.count() == 2
    again = send(staff, data)
    assert again.status_code == 303
    assert Deposit.objects.count() == 2, "other newlines make another file, but no other line"
    books_are_right()


def test_a_file_with_western_years_says_so_and_is_taken_as_such_with_the_choice_kept(staff: Client) -> None:
    day = kernel_clock.today()
    entries = (line(700, "ﾔﾏﾀﾞ"),)
    statement = Statement("03", ours(), day, None, None, entries, opening_balance_yen=1_000_000)
    data = write([statement], StatementProfile(date_style="western"))
    first = send(staff, data)
    assert first.status_code == 422
    assert "年の書き方に西暦の下2桁を選び" in words_of(first)
    nothing_came_in()
    assert send(staff, data, years="western").status_code == 303
    assert Deposit.objects.get().booked_on == day
    spoilt = send(staff, put(data, 3, 8, b"0000000000001"), years="western")
    assert spoilt.status_code == 422
    assert re.search(r'value="western"[^>]*checked', spoilt.content.decode())


def test_a_statement_of_another_account_and_one_of_tomorrow_name_the_line(staff: Client, market: Market) -> None:
    theirs = send(staff, file(line(700, "ﾔﾏﾀﾞ", account=ours(number="9000002"))))
    assert theirs.status_code == 422
    assert "1行目23桁目" in words_of(theirs)
    market.clock.move(days=1)
    tomorrow = a_statement()
    market.clock.move(days=-1)
    early = send(staff, tomorrow)
    assert early.status_code == 422
    assert "2行目10桁目" in words_of(early)
    nothing_came_in()


def test_the_same_statement_twice_says_that_nothing_was_added(staff: Client) -> None:
    data = a_statement()
    send(staff, data)
    again = send(staff, data)
    assert again.status_code == 303
    assert "すでに取り込まれています" in words_of(staff.get(again["Location"]))
    assert (StatementFile.objects.count(), Deposit.objects.count()) == (1, 2)


# A bank that is no more


def gone(market: Market, name: str = "hanako", **given: Any) -> Any:
    """A worker whose branch existed when the account was registered and has vanished since."""
    worker = market.worker(name, **given)
    was_registered_at(BankAccount.objects.get(member=worker), bank_code="0001", branch_code="000")
    return worker


@pytest.mark.rule("A153", "A152")
def test_a_branch_that_died_is_said_on_the_page_before_the_closing_and_by_the_api(market: Market) -> None:
    worker = gone(market, reward_yen=20_000)
    seen = words_of(as_member(worker).get("/my/rewards/"))
    assert "次の締めでは支払われません" in seen
    told = Money(worker).get("/me/rewards").json()["receive"]
    assert [b["code"] for b in told["blockers"]] == ["payouts.receive.account_unusable"]
    assert told["blockers"][0]["remedy"]["url"] == "/my/bank-account/"
    pressed = as_member(worker).post("/my/rewards/quick/", {"amount_yen": "5000"})
    assert pressed.status_code == 409
    assert Money(worker).post("/me/quick-payouts", {}).json()["blockers"][0]["code"] == "payouts.quick.account_unusable"
    market.after(date(2026, 11, 30))
    market.close()
    assert not Payout.objects.exists()
    assert CarriedOver.objects.get().blockers[0]["code"] == "payouts.receive.account_unusable"
    register(worker)
    assert explain(gates.RECEIVE, worker).allowed
    books_are_right()


@pytest.mark.rule("A043", "A153")
def test_a_branch_that_died_before_a_time_limit_keeps_the_money_for_its_owner(market: Market) -> None:
    worker = gone(market)
    reward(worker, 900, fixed_at=market.clock.moment - timedelta(days=200))
    services.expire_rewards(actor=SYSTEM, day=kernel_clock.today())
    assert not Payout.objects.exists()
    register(worker)
    assert available_yen(worker) == 900
    books_are_right()


@pytest.mark.rule("A153", "P010")
@pytest.mark.parametrize("kind", ["closing", "quick"])
def test_a_branch_that_dies_between_the_request_and_the_file_holds_that_transfer_alone(
    market: Market, staff: Client, kind: str
) -> None:
    workers = [market.worker(f"worker{n}", reward_yen=20_000, account_number=f"{9000010 + n}") for n in range(2)]
    if kind == "quick":
        for worker in workers:
            services.request_quick_payout(actor=worker)
        make_quick_runs()
    else:
        market.after(date(2026, 11, 30))
        market.close()
    run = PayoutRun.objects.get()
    Payout.objects.filter(member=workers[0]).update(bank_code="0001", branch_code="000")
    assert staff.post(f"/console/payouts/{run.pk}/file/").status_code in (200, 303)
    states = dict(Payout.objects.values_list("member__username", "state"))
    assert states == {"worker0": "held", "worker1": "in_file"}
    assert "保留" in words_of(as_member(workers[0]).get("/my/rewards/"))
    assert "worker0" in words_of(staff.get("/console/payouts/", {"show": "held"}))
    register(workers[0])
    assert Payout.objects.get(member=workers[0]).state == "requested"
    deadlines.run_all_due()
    assert Payout.objects.get(member=workers[0]).run != run
    books_are_right()


def test_a_client_with_a_dead_branch_is_not_sent_a_refund_that_would_bounce(market: Market) -> None:
    client = gone(market, "kurai")
    refund(client, 3_000)
    assert "返金を振り込めません" in words_of(as_member(client).get("/my/rewards/"))
    market.after(date(2026, 11, 30))
    market.close()
    assert not Payout.objects.exists()
    books_are_right()


@pytest.mark.rule("A153")
@pytest.mark.parametrize("code", [("0001", "000"), ("0000", "998"), ("9997", "001")])
def test_a_bank_that_is_not_in_the_directory_cannot_be_registered_and_what_was_typed_stays(
    market: Market, code: tuple[str, str]
) -> None:
    worker = market.member("hanako")
    typed = {**ACCOUNT, "bank_code": code[0], "branch_code": code[1], "account_kind": "1"}
    told = Money(worker).signs_in().put("/me/bank-account", typed)
    assert told.status_code == 422
    assert {"bank_code", "branch_code"} & set(told.json()["errors"])
    shown = as_member(worker).post("/my/bank-account/", typed)
    assert shown.status_code == 422
    assert not BankAccount.objects.exists()


# A holder's name that banks refuse


@pytest.mark.rule("A153")
@pytest.mark.parametrize(
    ("name", "letter"),
    [("山田 花子", "山"), ("ヤマダ★ハナコ", "★"), ("ヤマダ@", "@"), ("ヤマダヲ", "ヲ"), ("🙂", "🙂")],
)
def test_a_letter_that_banks_refuse_is_named_and_the_name_stays_in_its_field(
    market: Market, name: str, letter: str
) -> None:
    worker = market.member("hanako")
    typed = {**ACCOUNT, "account_kind": "1", "holder_kana": name}
    shown = as_member(worker).post("/my/bank-account/", typed)
    assert shown.status_code == 422
    assert f"「{letter}」" in words_of(shown)
    assert f'value="{name}"' in shown.content.decode(), "what was typed stays"
    told = Money(worker).signs_in().put("/me/bank-account", typed)
    assert told.status_code == 422
    assert any(letter in text for text in told.json()["errors"]["holder_kana"])
    assert not BankAccount.objects.exists()
    assert (
        Money(worker).signs_in().put("/me/bank-account", {**typed, "holder_kana": "ヤマダ ハナコ"}).status_code == 200
    )


# More than there is, and a second one while the first is on its way


@pytest.mark.rule("A053")
def test_a_quick_payout_while_one_is_in_flight_says_when_it_arrives_and_keeps_the_amount(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=10_000)
    browser = as_member(worker)
    assert browser.post("/my/rewards/quick/", {"amount_yen": "4000", "idempotency_key": "a"}).status_code == 303
    again = browser.post("/my/rewards/quick/", {"amount_yen": "1234", "idempotency_key": "b"})
    assert again.status_code == 409
    assert "2026年11月26日" in words_of(again)
    assert (Payout.objects.count(), available_yen(worker)) == (1, 6_000)
    books_are_right()


@pytest.mark.rule("P001")
@pytest.mark.parametrize("amount", ["10001", "0", "-5", "abc", "99999999999999999999", "1.5", "５０００円"])
def test_an_amount_that_cannot_be_is_refused_at_its_field_or_with_the_reason(market: Market, amount: str) -> None:
    worker = market.worker("hanako", reward_yen=10_000)
    answer = as_member(worker).post("/my/rewards/quick/", {"amount_yen": amount})
    if amount == "５０００円":
        assert answer.status_code == 303, "full-width digits are digits"
        return
    assert answer.status_code in (409, 422)
    assert not Payout.objects.exists()
    program = Money(worker).post("/me/quick-payouts", {"amount_yen": amount})
    assert program.status_code in (409, 422), program.content
    assert not Payout.objects.exists()


# A clock that was set back


def moved_back(market: Market, **by: float) -> None:
    market.clock.moment -= timedelta(**by)


@pytest.mark.rule("P018")
def test_with_the_clock_set_back_no_money_moves_and_the_page_says_why(market: Market) -> None:
    (milestone,) = story.delivered()
    worker = market.worker("hanako", reward_yen=20_000)
    staff = market.staff()
    before = (Journal.objects.count(), AuditEntry.objects.count(), OutboxEvent.objects.count())
    moved_back(market, hours=2)
    for answer in (
        as_member(milestone.contract.client).post(
            f"/contracts/{milestone.contract_id}/milestones/{milestone.pk}/accept/", {"idempotency_key": "k"}
        ),
        as_member(worker).post("/my/rewards/quick/", {"amount_yen": "5000", "idempotency_key": "k"}),
        as_member(staff).post("/console/deposits/", {"file": SimpleUploadedFile("m.txt", a_statement())}),
        Money(worker).post("/me/quick-payouts", {"amount_yen": 5_000}),
    ):
        assert answer.status_code == 503, words_of(answer)
        assert "時計" in answer.content.decode()
        assert int(answer["Retry-After"]) <= 2 * 60 * 60
    milestone.refresh_from_db()
    assert milestone.state == "delivered"
    assert [kind.objects.count() for kind in (StatementFile, Deposit, Payout)] == [0, 0, 0]
    assert Journal.objects.count() == before[0]
    assert not explain(ledger_gates.POST, SYSTEM).allowed
    market.clock.move(hours=2)
    assert explain(ledger_gates.POST, SYSTEM).allowed
    contracts.accept_delivery(actor=milestone.contract.client, milestone_id=milestone.pk)
    services.request_quick_payout(actor=worker)
    assert import_statement(actor=staff, data=a_statement()).deposit_count == 2
    books_are_right()


@pytest.mark.rule("P018")
def test_with_the_clock_set_back_sweeps_do_nothing_by_halves_and_catch_up(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=20_000, account_number="9000031")
    (milestone,) = story.delivered()
    assert milestone.deadline_at
    market.clock.set(milestone.deadline_at)
    reward(worker, 1_000)
    market.clock.move(days=20)
    reward(worker, 1_000)
    moved_back(market, days=10)
    deadlines.run_all_due()  # refused, and stops none of the sweeps that move no money
    milestone.refresh_from_db()
    assert milestone.state == "delivered"
    assert not Payout.objects.exists()
    assert not Closing.objects.filter(state="closed", payouts__isnull=False).exists()
    market.clock.move(days=10)
    deadlines.run_all_due()
    assert Milestone.objects.get(pk=milestone.pk).state == "accepted"
    assert set(Payout.objects.filter(member=worker).values_list("gross_yen", flat=True)) == {21_000}
    books_are_right()


@pytest.mark.rule("P018")
def test_a_few_minutes_between_machines_are_let_through_and_an_operator_can_allow_more(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=20_000)
    moved_back(market, minutes=4)
    services.request_quick_payout(actor=worker, amount_yen=1_000)
    other = market.worker("taro", reward_yen=20_000, account_number="9000012")
    moved_back(market, days=1)
    with pytest.raises(Refused) as refused:
        services.request_quick_payout(actor=other)
    (blocker,) = refused.value.decision.blockers
    assert (blocker.code, blocker.rule, blocker.resolved_by) == ("ledger.post.clock_set_back", "P018", "operator")
    with policy.overridden({"ledger.clock_behind_minutes_max": 60 * 24 * 30}):
        services.request_quick_payout(actor=other)
    books_are_right()


def test_the_demos_clock_moves_forward_only(market: Market, settings: Any) -> None:
    settings.DEMO = True
    with pytest.raises(ValueError, match="forward only"):
        demo_clock.advance(timedelta(days=-1))
    answer = Client().post("/demo/clock/", {"by": "-1"})
    assert answer.status_code == 422
    assert "ボタンから選んでください" in words_of(answer)


@pytest.mark.rule("P010")
@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2026, 12, 31)])
def test_a_settlement_on_a_day_that_cannot_be_keeps_the_day_in_its_field(market: Market, day: date) -> None:
    market.worker("hanako", reward_yen=20_000)
    market.after(date(2026, 11, 30))
    run = market.run_of(market.close())
    staff = market.staff("jiro")
    market.on(date(2026, 12, 1))
    services.write_run_file(actor=staff, run_id=run.pk)
    market.on(run.pays_on)
    answer = as_member(staff).post(f"/console/payouts/{run.pk}/settle/", {"settled_on": day.isoformat()})
    assert answer.status_code == 422
    assert f'value="{day.isoformat()}"' in answer.content.decode()
    with pytest.raises(InputError):
        services.settle_run(actor=staff, run_id=run.pk, settled_on=day)
    assert Payout.objects.get().state == "in_file"


def test_entries_that_lie_ahead_and_are_known_stop_nobody(market: Market, settings: Any) -> None:
    worker = market.worker("hanako", reward_yen=20_000)
    ahead = market.clock.moment
    moved_back(market, days=3)
    for known in (None, ahead - timedelta(minutes=1)):
        settings.BOOKS_AHEAD_UNTIL = known
        with pytest.raises(Refused):
            services.request_quick_payout(actor=worker)
    settings.BOOKS_AHEAD_UNTIL = ahead
    services.request_quick_payout(actor=worker)
    books_are_right()


@pytest.mark.parametrize(("given", "says"), [("gestern", "is no moment"), ("2026-11-30T21:00:00", "has no offset")])
def test_a_moment_in_the_surroundings_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, given: str, says: str
) -> None:
    monkeypatch.setenv("KOTOWARI_BOOKS_AHEAD_UNTIL", given)
    with pytest.raises(ValueError, match=says):
        environment.moment("KOTOWARI_BOOKS_AHEAD_UNTIL")
    monkeypatch.setenv("KOTOWARI_BOOKS_AHEAD_UNTIL", "2026-11-30T21:00:00+09:00")
    assert environment.moment("KOTOWARI_BOOKS_AHEAD_UNTIL") == datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_days_at_the_end_of_time_are_answered(market: Market) -> None:
    worker, staff = market.worker("hanako", reward_yen=20_000), market.staff()
    for address in ("/my/rewards/journals/", "/my/rewards/journals/table/csv/"):
        assert as_member(worker).get(f"{address}?until=9999-12-31").status_code == 200
    assert Money(worker).get("/me/journals?until=9999-12-31").status_code == 200
    assert as_member(staff).get("/console/ledger/periods/9999-12/").status_code == 404
    assert as_member(worker).get("/my/rewards/journals/table/csv/?until=xx").status_code == 422


def test_a_statement_of_a_month_that_was_closed_settles_on_the_first_open_day(market: Market) -> None:
    market.worker("hanako", reward_yen=20_000)
    market.after(date(2026, 11, 30))
    run = market.run_of(market.close())
    services.write_run_file(actor=SYSTEM, run_id=run.pk)
    payout = Payout.objects.get()
    market.after(payout.pays_on)
    ledger_services.close_period(through=payout.pays_on, actor=market.staff())
    services.match_outgoing(
        actor=SYSTEM,
        entry_key="late",
        amount_yen=payout.net_yen,
        booked_on=payout.pays_on,
        name=payout.holder_kana or "",
    )
    payout.refresh_from_db()
    assert (payout.state, payout.settled_on) == ("settled", payout.pays_on)
    journal = Journal.objects.get(kind="payout_settled")
    assert kernel_clock.tokyo(journal.occurred_at).date() == payout.pays_on + timedelta(days=1)
    books_are_right()
