"""報酬 and 口座登録 as a worker meets them, and what the list of everything one can do says of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from tests import story
from tests.flows.test_contract_pages import as_member
from tests.service.payouts.market import ACCOUNT, Market, refund, register, reward

from kotowari.accounts.services import restrict
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.clock import last_day
from kotowari.payouts import services
from kotowari.payouts.gates.members import day_in_words
from kotowari.payouts.models import BankAccount, ExpiredReward, HolderReview, Payout, PayoutMethod
from kotowari.payouts.selectors import bank_account_of
from kotowari.payouts.tasks import lapse_holder_reviews
from kotowari.web.can import groups_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(clock: Any) -> Market:
    return Market(clock)


def page(browser: Client, address: str = "/my/rewards/", **query: Any) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


@pytest.mark.rule("A046")
def test_fee_and_net_are_shown_before_the_closing(market: Market) -> None:
    with policy.overridden({"payouts.transfer_fees": [{"fee_yen": 100}], "payouts.free_transfers_per_closing": 0}):
        seen = page(as_member(market.worker("hanako", reward_yen=48_620)))
    assert "2026年11月30日(月)に締めて、2026年12月15日(火)に振り込みます" in seen
    for amount in ("48,620", "−100", "48,520"):
        assert amount in seen


@pytest.mark.rule("A152")
def test_what_stops_the_next_payout_is_drawn_with_its_remedy(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=48_620, has_account=False)
    seen = page(as_member(worker))
    assert "次の締めでは支払われません" in seen
    assert "振込先の口座が登録されていません" in seen
    assert 'href="/my/bank-account/"' in seen
    register(worker)
    assert "次の締めでは支払われません" not in page(as_member(worker))


def test_nobody_with_nothing_sees_an_empty_page_of_money(market: Market) -> None:
    seen = page(as_member(market.member("shin")))
    assert "確定した報酬がまだありません" in seen
    assert "まだ出金していない報酬はありません" in seen


@pytest.mark.rule("A051")
def test_the_method_is_chosen_at_the_foot_with_what_it_means_for_this_balance(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=48_620)
    browser = as_member(worker)
    seen = page(browser)
    assert "いまの残高なら、2026年12月15日(火)に48,620円(手数料0円)が届きます" in seen
    assert "いまの残高では振り込みません" in seen
    done = browser.post("/my/rewards/method/", {"method": "carry_over", "idempotency_key": "k"})
    assert done.status_code == 303
    assert PayoutMethod.objects.get(member=worker).method == "carry_over"
    assert "キャリーオーバー方式を選んでいる間は" in page(browser)
    assert browser.post("/my/rewards/method/", {"method": "gold"}).status_code == 422


def test_money_on_its_way_shows_its_pay_date_and_the_history_opens(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=48_620)
    market.after(date(2026, 11, 30))
    market.close()
    browser = as_member(worker)
    seen = page(browser)
    assert "振込の手続き中" in seen
    assert "2026年12月15日(火)" in seen
    journal = seen.split("/my/rewards/journals/")[1].split('"')[0]
    opened = page(browser, f"/my/rewards/journals/{journal}")
    assert "どこからどこへ動いたか" in opened
    assert as_member(market.member("tanin")).get(f"/my/rewards/journals/{journal}").status_code == 404


def test_a_held_payout_says_why_and_where_to_put_it_right(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=48_620)
    market.after(date(2026, 11, 30))
    market.close()
    payout = Payout.objects.get(member=worker)
    services.cancel_payout(actor=market.staff(), payout_id=payout.pk, reason="口座の確認のため")
    assert "口座の確認のため" in page(as_member(worker))


def test_a_refund_is_shown_on_the_same_page_with_its_date(market: Market) -> None:
    client = market.worker("kurai")
    refund(client, 20_000)
    seen = page(as_member(client))
    assert "あなたへの返金" in seen
    assert "20,000" in seen
    without = market.worker("nashi", has_account=False)
    refund(without, 5_000)
    assert "返金を振り込めません" in page(as_member(without))


def test_bank_and_branch_are_found_in_steps(market: Market) -> None:
    worker = market.member("hanako")
    browser = as_member(worker)
    assert "bank_code=9999" in page(browser, "/my/bank-account/", bank="みほん")
    assert "見つかりませんでした" in page(browser, "/my/bank-account/", bank="ありえない銀行")
    assert "branch_code=998" in page(browser, "/my/bank-account/", bank_code="9999", branch="えきまえ")
    assert "3/3" in page(browser, "/my/bank-account/", bank_code="9999", branch_code="998")
    wrong = browser.post("/my/bank-account/", {**ACCOUNT, "account_kind": "1", "account_number": "12a"})
    assert wrong.status_code == 422
    assert "12a" in wrong.content.decode(), "what was typed stays"
    done = browser.post("/my/bank-account/", {**ACCOUNT, "account_kind": "1", "idempotency_key": "k"})
    assert done.status_code == 303
    account = bank_account_of(worker.pk)
    assert account is not None
    assert account.number == "9000011"
    seen = page(browser, "/my/bank-account/")
    assert "9000011" not in seen, "the number is masked"
    assert "011" in seen


def test_yucho_symbol_and_number_are_converted_shown_and_confirmed(market: Market) -> None:
    worker = market.member("hanako")
    browser = as_member(worker)
    typed = {"by": "symbol", "yucho_symbol": "10530", "yucho_number": "123451", "holder_kana": "やまだ はなこ"}
    first = browser.post("/my/bank-account/", typed)
    assert first.status_code == 200
    assert "店番058" in first.content.decode()
    assert not BankAccount.objects.exists()
    assert browser.post("/my/bank-account/", {**typed, "confirmed": "yes"}).status_code == 303
    assert bank_account_of(worker.pk) is not None
    bad = browser.post("/my/bank-account/", {**typed, "yucho_number": "123450"})
    assert bad.status_code == 422
    assert "末尾が必ず1" in bad.content.decode()


@pytest.mark.rule("P020")
def test_a_holder_that_nobody_decides_about_says_when_it_ends_and_what_came_of_it(market: Market) -> None:
    worker, staff = market.member("hanako"), market.staff()
    services.set_bank_account(actor=story.proved(worker), **{**ACCOUNT, "holder_kana": "サトウ タロウ"})
    review = HolderReview.objects.get()
    mine, desk = as_member(worker), as_member(staff)
    where = f"/console/payouts/holders/{review.pk}/"
    assert str(day_in_words(last_day(review.lapses_at)).ja) in page(mine, "/my/bank-account/")
    assert "自動で、認めなかったことになります" in page(desk, where)
    market.clock.set(review.lapses_at)
    lapse_holder_reviews()
    market.tell()
    mine, desk = as_member(worker), as_member(staff)
    seen = page(mine, "/my/bank-account/")
    assert "期限までに運営の確認が終わらなかった" in seen
    assert "時間切れ" in page(desk, where)
    to = f"/my/bank-account/contest/{review.pk}/"
    assert to in seen
    assert mine.post(to, {"statement": "旧姓の口座です。", "idempotency_key": "k"}).status_code == 303
    assert "異議を受け付け" in page(mine, "/my/bank-account/")
    assert "自動で認められます" in page(desk, where)


def test_staff_cannot_register_an_account_and_read_why(market: Market) -> None:
    assert "仕事を受けないため" in page(as_member(market.staff()), "/my/bank-account/")


def test_pages_of_money_ask_a_bounded_number_of_queries(market: Market, django_assert_max_num_queries: Any) -> None:
    worker = market.worker("hanako")
    for _ in range(12):
        reward(worker, 3_000)
    browser = as_member(worker)
    with django_assert_max_num_queries(27):
        page(browser)
    with django_assert_max_num_queries(12):
        page(browser, "/my/bank-account/")


def test_everything_one_can_do_asks_a_bounded_number_of_queries(clock: Any, django_assert_max_num_queries: Any) -> None:
    client, worker = story.member(), story.member()
    for _ in range(3):
        story.contract((10_000, 20_000), client=client, worker=worker)
    with django_assert_max_num_queries(60):
        few = groups_for(client)
    for _ in range(6):
        story.contract((10_000, 20_000), client=client, worker=worker)
    with django_assert_max_num_queries(60):
        many = groups_for(client)
    assert sum(len(g.answers) for g in many) > sum(len(g.answers) for g in few)
    browser = as_member(client)
    with django_assert_max_num_queries(66):
        seen = page(browser, "/my/can/")
    assert "お金を受け取る" in seen
    assert "確定した報酬がまだありません" in page(browser, "/my/can/", action="payouts.receive")


def test_the_pages_speak_english(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=48_620)
    worker.language = "en"
    worker.save()
    browser = as_member(worker)
    for address in ("/my/rewards/", "/my/bank-account/", "/my/can/"):
        browser.cookies["language"] = "en"
        assert 'lang="en"' in page(browser, address)


@pytest.mark.rule("A053", "A054", "A055")
def test_a_quick_payout_is_calculated_and_then_asked_for_by_one_press(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=10_000)
    browser = as_member(worker)
    seen = page(browser, amount_yen="4,000")
    for words in ("−140", "3,860", "2026年11月25日(水)の振込予定", "2026年11月26日(木)に届きます"):
        assert words in seen
    done = browser.post("/my/rewards/quick/", {"amount_yen": "4000", "idempotency_key": "k"})
    assert done.status_code == 303
    again = browser.post("/my/rewards/quick/", {"amount_yen": "4000", "idempotency_key": "k"})
    assert again.status_code == 303
    assert Payout.objects.get().net_yen == 3_860
    seen = page(browser)
    assert "クイック出金3,860円が手続き中" in seen.replace(" ", "")
    assert "おそくとも2026年11月26日(木)に届く約束です" in seen
    refused = browser.post("/my/rewards/quick/", {"amount_yen": "4000", "idempotency_key": "other"})
    assert refused.status_code == 409
    assert browser.post("/my/rewards/quick/", {"amount_yen": "many"}).status_code == 422


@pytest.mark.rule("A056")
def test_between_520_and_1000_yen_the_quick_payout_is_proposed_on_the_page(market: Market) -> None:
    seen = page(as_member(market.worker("hanako", reward_yen=830)))
    assert "いまの残高は次の締めでは支払われません。クイック出金なら" in seen
    assert "クイック出金なら" not in page(as_member(market.worker("little", reward_yen=519)))
    assert "クイック出金なら" not in page(as_member(market.worker("enough", reward_yen=1_000)))


@pytest.mark.rule("A188")
def test_the_best_day_to_be_paid_is_shown_with_what_it_saves_and_the_limit(market: Market) -> None:
    worker = market.worker("hanako")
    for days in (5, 20, 40, 60):
        reward(worker, 3_000, fixed_at=market.clock.moment - timedelta(days=days))
    with policy.overridden({"payouts.transfer_fees": [{"fee_yen": 500}], "payouts.free_transfers_per_closing": 0}):
        seen = page(as_member(worker))
    assert "の締めまでためると、手数料を" in seen
    assert "ためる場合の期限" in seen
    assert "待っても手数料は減りません" in page(as_member(worker))


@pytest.mark.rule("A041", "A043")
def test_what_is_kept_since_its_limit_is_shown_and_comes_back_with_an_account(market: Market) -> None:
    worker = market.worker("hanako", has_account=False)
    reward(worker, 700, fixed_at=market.clock.moment - timedelta(days=200))
    services.expire_rewards(actor=SYSTEM, day=market.clock.moment.date())
    browser = as_member(worker)
    seen = page(browser)
    assert "期限後にお預かりしている報酬" in seen
    assert "口座を登録すると残高に戻り" in seen
    row = ExpiredReward.objects.get()
    assert browser.post(f"/my/rewards/expired/{row.pk}/", {"idempotency_key": "k"}).status_code == 409
    register(worker, branch_code="997")
    seen = page(browser)
    assert "報酬に戻りました" in seen
    assert "お預かりしていた報酬が戻りました" in seen


def test_every_movement_says_what_it_was_for_and_by_which_rule(clock: Any) -> None:
    client, worker = story.member(), story.member()
    milestone = story.accepted((9_000,), client=client, worker=worker)[0]
    register(worker)
    browser = as_member(worker)
    seen = page(browser)
    assert milestone.title in seen.split('id="history"')[1]
    services.request_quick_payout(actor=worker)
    seen = page(browser)
    journal = seen.split("/my/rewards/journals/")[1].split('"')[0]
    opened = page(browser, f"/my/rewards/journals/{journal}")
    assert "規則 A053" in opened
    assert "クイック出金利用料収入" in opened


@pytest.mark.rule("A152")
def test_who_could_not_be_paid_reads_so_before_taking_on_work(market: Market) -> None:
    client, worker = story.member(), market.worker("hanako", has_account=False)
    job, browser = story.job(client), as_member(worker)
    words = "報酬を受け取るために"
    assert words in page(browser, f"/jobs/{job.pk}/")
    assert words not in page(as_member(client), f"/jobs/{job.pk}/")
    contract = story.contract((9_000,), client=client, worker=worker)
    assert words in page(browser, f"/contracts/{contract.pk}/")
    register(worker)
    for address in (f"/jobs/{job.pk}/", f"/contracts/{contract.pk}/"):
        assert words not in page(browser, address)
    restrict(actor=SYSTEM, member_id=worker.pk, cause="not_me", until=market.clock.moment + timedelta(days=2))
    assert words in page(browser, f"/contracts/{contract.pk}/")
