"""Every balance opens into its journals in words: for worker, client, program and staff, and for nobody else."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from tests import story
from tests.flows.test_api import Program
from tests.flows.test_contract_pages import as_member
from tests.service.payouts.market import Market, register, reward

from kotowari.contracts import services as contracts
from kotowari.contracts.models import Contract
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError
from kotowari.ledger import accounts, explaining
from kotowari.ledger import selectors as ledger
from kotowari.ledger.models import Journal
from kotowari.ledger.services import reverse
from kotowari.payments.demo_bank import Transfer, write_statement
from kotowari.payments.services import import_statement
from kotowari.payouts import selectors, services
from kotowari.payouts.models import Payout
from kotowari.payouts.selectors import own_money

pytestmark = pytest.mark.django_db
LIST = "/my/rewards/journals/"


@pytest.fixture
def market(clock: Any) -> Market:
    return Market(clock)


def page(browser: Client, address: str, **query: Any) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def paid_by_bank(client: Any, worker: Any) -> Any:
    """A milestone whose escrow was funded by a line of the bank's statement."""
    [milestone] = story.milestones(story.contract((10_000,), client=client, worker=worker))
    line = Transfer(milestone.client_pays_yen, milestone.reference, "ミホン")
    import_statement(actor=SYSTEM, data=write_statement([line]))
    milestone.refresh_from_db()
    assert milestone.state == "funded"
    return milestone


def deal() -> Any:
    """The two sides of an accepted milestone, and the milestone."""
    client, worker = story.member("client"), story.member("worker")
    milestone = paid_by_bank(client, worker)
    contracts.deliver(actor=worker, milestone_id=milestone.pk, message="できました")
    return client, worker, contracts.accept_delivery(actor=client, milestone_id=milestone.pk)


def test_each_line_says_what_for_what_happened_how_much_and_what_was_left(clock: Any) -> None:
    client, worker, milestone = deal()
    seen = page(as_member(worker), LIST)
    for words in (
        milestone.contract.title,
        "報酬が確定しました",
        "未出金報酬",
        "2026年11月20日",
    ):
        assert words in seen
    paid = page(as_member(client), LIST)
    for words in ("入金がありました", "仮払いが入りました", "検収により支払われました", milestone.contract.title):
        assert words in paid
    assert "報酬が確定しました" not in paid


def test_a_line_opens_into_its_journal_for_both_sides_and_for_nobody_else(clock: Any) -> None:
    client, worker, milestone = deal()
    accepted = Journal.objects.get(kind="milestone_accepted")
    opened = page(as_member(worker), f"{LIST}{accepted.pk}/")
    for words in (
        "システム利用料収入",
        "システム利用料(",
        "を差し引く",
        milestone.contract.policy_version,
        "仮受消費税",
    ):
        assert words in opened
    assert f"/contracts/{milestone.contract_id}/" in opened
    assert "仮払い" in page(as_member(client), f"{LIST}{accepted.pk}/")
    assert as_member(story.member("other")).get(f"{LIST}{accepted.pk}/").status_code == 404
    deposit = Journal.objects.get(kind="deposit_received")
    assert as_member(worker).get(f"{LIST}{deposit.pk}/").status_code == 404, "the client's bank is not the worker's"
    assert page(as_member(client), f"{LIST}{deposit.pk}/")


def test_pages_follow_one_another_without_gap_or_double(market: Market) -> None:
    me = market.worker("hanako")
    for n in range(7):
        reward(me, 1_000 + n)
        market.clock.move(days=1)
    together = [line.row.amount_yen for line in selectors.own_lines(me, limit=100).lines]
    assert together == [1_006 - n for n in range(7)]
    walked, cursor = [], ""
    while True:
        found = selectors.own_lines(me, cursor=cursor, limit=3)
        walked += [line.row.amount_yen for line in found.lines]
        if found.next_cursor is None:
            break
        cursor = found.next_cursor
    assert walked == together
    with pytest.raises(InputError):
        selectors.own_lines(me, cursor="nonsense")


def test_lines_of_many_escrows_are_walked_as_one_list(clock: Any) -> None:
    client, worker = story.member("client"), story.member("worker")
    for _ in range(5):
        paid_by_bank(client, worker)
        clock.move(days=1)
    whole = [line.row for line in selectors.own_lines(client, limit=100).lines]
    assert len(whole) == 5 * 3, "received, out of suspense, into escrow"
    walked, cursor = [], ""
    while True:
        found = selectors.own_lines(client, cursor=cursor, limit=4)
        walked += [line.row for line in found.lines]
        if found.next_cursor is None:
            break
        cursor = found.next_cursor
    assert walked == whole


def test_a_period_and_a_side_narrow_the_list(market: Market) -> None:
    me = market.worker("hanako")
    reward(me, 1_000)
    market.clock.move(days=10)
    reward(me, 2_000)
    browser, day = as_member(me), kernel_clock.today()
    seen = page(browser, LIST, since=day.isoformat())
    assert "2,000" in seen
    assert "1,000円" not in seen
    seen = page(browser, LIST, until=(day - timedelta(days=1)).isoformat())
    assert "1,000" in seen
    assert "2,000円" not in seen
    assert "この期間の動きはありません" in page(browser, LIST, since=(day + timedelta(days=1)).isoformat())
    assert "この期間の動きはありません" in page(browser, LIST, side="client")
    assert browser.get(LIST, {"since": "昨日"}).status_code == 422


def test_the_list_is_kept_as_csv_and_excel_and_no_title_is_a_formula(clock: Any) -> None:
    client, worker = story.member("client"), story.member("worker")
    milestone = paid_by_bank(client, worker)
    Contract.objects.filter(pk=milestone.contract_id).update(title='=HYPERLINK("evil")')
    browser = as_member(client)
    answer = browser.get(f"{LIST}table/csv/")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["日", "仕事", "できごと"]
    assert len(rows) == 1 + 3
    assert all(row[1].startswith("'=HYPERLINK") for row in rows[1:] if row[1])
    assert any(row[1] for row in rows[1:])
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{LIST}table/xlsx/").content))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert browser.get(f"{LIST}table/pdf/").status_code == 404


def test_a_client_sees_where_the_money_is_why_and_until_when(clock: Any) -> None:
    client, worker = story.member("client"), story.member("worker")
    [milestone] = story.funded((10_000,), client=client, worker=worker)
    seen = page(as_member(client), "/my/money/")
    for words in (milestone.contract.title, "仮払い(作業中)", "納品のないまま納期と猶予を過ぎると返金されます"):
        assert words in seen
    link = seen.split("/my/rewards/journals/?")[1].split('"')[0].replace("&amp;", "&")
    opened = page(as_member(client), f"/my/rewards/journals/?{link}")
    assert "仮払いが入りました" in opened
    assert "の1口座だけを見ています" in opened
    assert as_member(worker).get(f"/my/rewards/journals/?{link}").status_code == 404
    assert as_member(client).get("/my/rewards/journals/?of=nothing").status_code == 404
    [row] = selectors.client_money(client).rows
    assert row.holding.balance_yen == milestone.client_pays_yen
    assert row.why.until == milestone.deadline_at
    assert "いま預けているお金はありません" in page(as_member(worker), "/my/money/")


def test_what_is_left_out_of_long_lists_is_told(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client, worker = story.member("client"), story.member("worker")
    milestones = [story.funded((10_000,), client=client, worker=worker)[0] for _ in range(3)]
    browser = as_member(client)
    told = "それより古いものは、契約のページで見られます"
    for address in ("/my/money/", LIST):
        assert told not in page(browser, address)
    monkeypatch.setattr(own_money, "MOST_HOLDINGS", 2)
    funds = selectors.client_money(client)
    assert (len(funds.rows), funds.accounts, funds.is_cut) == (2, 3, False)
    assert funds.total_yen == sum(milestone.client_pays_yen for milestone in milestones)
    assert "3件のうち、2件を下に表示しています" in page(browser, "/my/money/")
    monkeypatch.setattr(own_money, "MOST_LOOKED_THROUGH", 2)
    funds = selectors.client_money(client)
    assert (funds.accounts, funds.is_cut) == (2, True)
    for address in ("/my/money/", LIST):
        assert told in page(browser, address)
    assert told not in page(browser, LIST, side="worker")
    assert told not in page(as_member(worker), LIST)


def test_pages_of_own_money_ask_a_bounded_number_of_questions(clock: Any, django_assert_max_num_queries: Any) -> None:
    client, worker = story.member("client"), story.member("worker")
    for _ in range(3):
        story.accepted((10_000,), client=client, worker=worker)
        story.funded((10_000,), client=client, worker=worker)
    browser = as_member(client)
    for address, most in ((LIST, 22), ("/my/money/", 24)):
        page(browser, address)
        with django_assert_max_num_queries(most):
            page(browser, address)


def test_programs_read_the_same_lines(clock: Any) -> None:
    client, worker, milestone = deal()
    program = Program(worker)
    [line] = program.get("/me/journals").json()["items"]
    assert (line["words"], line["account"], line["amount_yen"]) == (
        "報酬が確定しました",
        "available",
        milestone.worker_receives_yen,
    )
    assert line["contract_id"] == str(milestone.contract_id)
    whole = program.get(f"/me/journals/{line['journal_id']}").json()
    assert sum(each["amount_yen"] for each in whole["lines"]) == 0
    assert whole["policy_version"] == milestone.contract.policy_version
    assert [each["is_mine"] for each in whole["lines"] if each["account"] == "available"] == [True]
    first = Program(client).get("/me/journals?limit=2").json()
    second = Program(client).get(f"/me/journals?limit=100&cursor={first['next_cursor']}").json()
    assert len({(e["journal_id"], e["account"]) for e in first["items"] + second["items"]}) == 4
    assert Program(client).get("/me/journals?cursor=nonsense").status_code == 422
    assert Program(story.member("other")).get(f"/me/journals/{line['journal_id']}").status_code == 404
    assert program.get("/me/journals/nonsense").status_code == 404
    assert program.get("/me/journals?side=client").json()["items"] == []


def test_a_payouts_journal_names_rule_version_and_payout(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=48_620)
    payout = services.request_quick_payout(actor=worker)
    [line, *_] = selectors.own_lines(worker).lines
    assert line.rule == "A053"
    opened = selectors.journal_visible_to(worker, line.row.journal_id)
    rules = {each.account.of.name: each.rule for each in opened.lines}
    assert rules["fee:quick"] == "A055"
    assert rules["tax:consumption"] == "消費税法"
    assert opened.payout == payout
    assert opened.policy_version


# --- staff


def test_staff_open_classes_into_accounts_journals_and_lines(clock: Any) -> None:
    client, worker, milestone = deal()
    story.funded((20_000,), client=client, worker=worker)
    browser = as_member(story.member("kanri", is_staff=True))
    books = page(browser, "/console/ledger/")
    assert "/console/ledger/classes/escrow/" in books
    escrows = page(browser, "/console/ledger/classes/escrow/")
    assert "の仮払い(作業中)" in escrows
    assert escrows.count("/console/ledger/accounts/escrow:milestone:") == 1
    assert page(browser, "/console/ledger/classes/escrow/", all="1").count("/console/ledger/accounts/escrow:") == 2
    account = page(browser, f"/console/ledger/accounts/{accounts.available(worker.pk).code}/")
    assert "報酬が確定しました" in account
    journal = Journal.objects.get(kind="milestone_accepted")
    assert f"/console/ledger/journals/{journal.pk}/" in account
    opened = page(browser, f"/console/ledger/journals/{journal.pk}/")
    for words in ("検収", "記録", worker.display_name, milestone.title, "システム利用料収入"):
        assert words in opened or words == worker.display_name
    assert page(browser, "/console/ledger/accounts/fee:income/")
    for wrong in ("classes/nothing/", "accounts/nothing/", f"journals/{milestone.pk}/", f"about/{journal.pk}/"):
        assert browser.get(f"/console/ledger/{wrong}").status_code == 404
    assert as_member(worker).get(f"/console/ledger/journals/{journal.pk}/").status_code == 403


def test_who_sees_members_balances_in_a_list_is_recorded_for_each_of_them(
    clock: Any, django_assert_max_num_queries: Any
) -> None:
    staff = story.member("kanri", is_staff=True)
    client, workers = story.member("client"), [story.member(name) for name in ("hanako", "taro", "jiro")]
    for worker in workers:
        story.accepted((10_000,), client=client, worker=worker)
    browser = as_member(staff)
    page(browser, "/console/ledger/classes/escrow/", all="1")
    seen = AuditEntry.objects.filter(kind="console.member_seen", actor_id=staff.pk)
    assert not seen.exists(), "an escrow is no account in a member's own name"
    with django_assert_max_num_queries(22):
        listed = page(browser, "/console/ledger/classes/available/")
    assert "見たことは記録されました" in listed
    assert {entry.subject_id for entry in seen} == {worker.pk for worker in workers}
    page(browser, "/console/ledger/classes/dormant/")
    assert seen.count() == len(workers)


def test_staff_find_journals_by_what_they_are_about(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=48_620)
    market.after(date(2026, 11, 30))
    market.close()
    payout = Payout.objects.get(member=worker)
    *_, milestone = deal()
    browser = as_member(market.staff("tantou"))
    journal = Journal.objects.filter(payout_id=payout.pk).first()
    assert journal is not None
    leads = {
        str(journal.pk): f"/console/ledger/journals/{journal.pk}/",
        str(payout.pk): f"/console/ledger/about/{payout.pk}/",
        payout.reference: f"/console/ledger/about/{payout.pk}/",
        milestone.reference: f"/console/ledger/about/{milestone.pk}/",
        str(worker.pk): f"/console/ledger/about/{worker.pk}/",
    }
    for typed, address in leads.items():
        answer = browser.get("/console/ledger/", {"q": typed})
        assert (answer.status_code, answer["Location"]) == (303, address)
        assert page(browser, address)
    missing = browser.get("/console/ledger/", {"q": "12345"})
    assert missing.status_code == 200
    assert "の仕訳はありません" in missing.content.decode()
    card = page(browser, f"/console/members/{worker.pk}/")
    assert f"/console/ledger/accounts/{accounts.available(worker.pk).code}/" in card
    assert f"/console/ledger/journals/{journal.pk}/" in card


def test_a_journal_that_was_taken_back_and_its_reversal_lead_to_each_other(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=5_000)
    fixed = Journal.objects.get(kind="milestone_accepted")
    taken = reverse(journal_id=fixed.pk, actor=SYSTEM, reason="二重に検収したため")
    browser = as_member(market.staff("tantou"))
    assert f"/console/ledger/journals/{taken.id}/" in page(browser, f"/console/ledger/journals/{fixed.pk}/")
    seen = page(browser, f"/console/ledger/journals/{taken.id}/")
    assert f"/console/ledger/journals/{fixed.pk}/" in seen
    assert "二重に検収したため" in seen
    assert "二重に検収したため" in page(as_member(worker), f"{LIST}{taken.id}/")


# --- why


def test_every_class_of_accounts_with_owners_is_explained() -> None:
    owned = {name for name, each in accounts.ACCOUNT_CLASSES.items() if each.owner_kind is not None}
    assert owned == set(explaining.EXPLAINERS)


def test_why_a_reward_waits_is_told_with_every_reason(market: Market) -> None:
    paid, waits = (
        market.worker("hanako", reward_yen=48_620),
        market.worker("shin", reward_yen=48_620, has_account=False),
    )
    why = explaining.why_of([accounts.available(paid.pk), accounts.available(waits.pk)])
    assert "2026年11月30日の締めで、2026年12月15日に振り込みます" in why[accounts.available(paid.pk)].words.ja
    assert "口座が登録されていません" in why[accounts.available(waits.pk)].words.ja
    register(waits)
    assert "締めで" in explaining.why_of([accounts.available(waits.pk)])[accounts.available(waits.pk)].words.ja
    assert ledger.balance_of(accounts.available(paid.pk)) == 48_620
