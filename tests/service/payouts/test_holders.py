"""Whose account is it? Compared with the registered name, looked at by staff, contested, and never a rejection."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests import story
from tests.service.payouts.market import ACCOUNT, Market, books_are_right, notices, register, reward

from kotowari.accounts.models import Member
from kotowari.accounts.services import register_name
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import explain
from kotowari.ledger import invariants
from kotowari.payouts import gates, services
from kotowari.payouts.models import BankAccount, HolderReview, Payout
from kotowari.payouts.tasks import lapse_holder_reviews

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A153")]
HANAKO = {"name": "髙橋 花子", "kana": "タカハシ ハナコ"}
REASON = "通帳の写しで確かめました。"


@pytest.fixture
def hanako(market: Market) -> Member:
    """A member whose registered name is not the holder of `ACCOUNT`."""
    member = market.member("hanako", is_named=False)
    register_name(actor=story.proved(member), **HANAKO)
    return member


def set_account(member: Member, **more: Any) -> BankAccount:
    return services.set_bank_account(actor=story.proved(member), **{**ACCOUNT, **more})


def now(row: Any) -> Any:
    row.refresh_from_db()
    return row


@pytest.mark.rule("A151")
def test_the_name_comes_before_the_account_where_the_policy_says_so(market: Market) -> None:
    member = market.member("hanako", is_named=False)
    with pytest.raises(Refused) as refused:
        set_account(member)
    blocker = refused.value.decision.blockers[0]
    assert (blocker.code, blocker.rule) == ("payouts.bank_account.set.name_missing", "A151")
    assert blocker.remedy is not None
    assert blocker.remedy.url == "/my/name/"
    register_name(actor=story.proved(member), name="山田 花子", kana="やまだ はなこ")
    assert not set_account(member).fault_code


@pytest.mark.rule("A151")
def test_without_that_policy_an_account_needs_no_name_and_a_name_told_is_compared_all_the_same(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTOWARI_PRESET", "lancers")
    assert not set_account(market.member("taro", is_named=False)).fault_code
    jiro = market.member("jiro", is_named=False)
    register_name(actor=story.proved(jiro), **HANAKO)
    assert set_account(jiro).fault_code == "holder_differs"


def test_another_holder_is_saved_and_held_with_words_and_a_clock(market: Market, hanako: Member) -> None:
    account = set_account(hanako)
    review = HolderReview.objects.get()
    assert (account.fault_code, review.finding, review.state) == ("holder_differs", "differs", "open")
    assert now(account).fault is not None
    assert "2026年11月26日" in account.fault.ja
    blocker = explain(gates.BE_PAID, hanako).blockers[0]
    assert (blocker.code, blocker.resolved_by) == ("payouts.be_paid.holder_unconfirmed", "operator")
    staff = market.staff()
    market.tell()
    assert "payouts.holder_differs" in notices(hanako)
    assert notices(staff) == ["payouts.holder_to_check"]
    data = str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert not [name for name in ("ﾔﾏﾀﾞ", "タカハシ", "髙橋") if name in data]


def test_a_closing_pays_nothing_there_until_staff_say_yes(market: Market, hanako: Member) -> None:
    set_account(hanako)
    reward(hanako, 48_620)
    market.after(date(2026, 11, 30))
    market.close()
    assert not Payout.objects.exists()
    review = HolderReview.objects.get()
    services.approve_holder(actor=market.staff(), review_id=review.pk, reason=REASON)
    assert explain(gates.BE_PAID, hanako).allowed
    market.tell()
    assert notices(hanako)[-1] == "payouts.holder_decided"
    market.after(date(2026, 12, 15))
    market.close()
    assert Payout.objects.get().state == "requested"
    books_are_right()


def test_payouts_under_way_are_held_by_another_holder_and_go_on_with_the_answer(closed: Market) -> None:
    payout = Payout.objects.get()
    account = set_account(closed.hanako, holder_kana="サトウ タロウ")
    assert (now(payout).state, payout.account_id, payout.run_id) == ("held", account.pk, None)
    assert payout.lapses_at is not None
    review = HolderReview.objects.get()
    staff = closed.staff()
    assert now(review).state == "open"
    services.approve_holder(actor=staff, review_id=review.pk, reason=REASON)
    assert (now(payout).state, payout.reason, now(account).fault_code) == ("requested", None, "")
    with pytest.raises(Refused) as refused:
        services.approve_holder(actor=staff, review_id=review.pk, reason=REASON)
    assert refused.value.decision.blockers[0].code == "payouts.holder.approve.is_approved"
    books_are_right()


def test_a_name_put_right_lets_everything_go_on_by_itself(closed: Market) -> None:
    payout = Payout.objects.get()
    set_account(closed.hanako, holder_kana="サトウ ハナコ")
    assert now(payout).state == "held"
    register_name(actor=story.proved(closed.hanako), name="佐藤 花子", kana="サトウ ハナコ", reason="changed")
    closed.tell()
    assert now(payout).state == "requested"
    assert not BankAccount.objects.get(replaced_at=None).fault_code
    assert [row.state for row in HolderReview.objects.all()] == ["overtaken"]
    assert services.compare_holder(actor=SYSTEM, member_id=closed.hanako.pk) == 1, "told twice, nothing changes"
    assert now(payout).state == "requested"


def test_another_name_is_compared_with_the_account_again(closed: Market) -> None:
    payout = Payout.objects.get()
    register_name(actor=story.proved(closed.hanako), name="佐藤 花子", kana="サトウ ハナコ", reason="changed")
    closed.tell()
    assert now(payout).state == "held"
    assert BankAccount.objects.get().fault_code == "holder_differs"
    assert services.compare_holder(actor=SYSTEM, member_id=closed.hanako.pk) == 0, "told twice, nothing changes"
    register(closed.hanako, holder_kana="サトウ ハナコ")
    assert now(payout).state == "requested"


def test_the_same_account_under_the_same_name_is_looked_at_once(market: Market, hanako: Member) -> None:
    set_account(hanako)
    market.clock.move(hours=1)
    services.approve_holder(actor=market.staff(), review_id=HolderReview.objects.get().pk, reason=REASON)
    market.clock.move(hours=1)
    assert not set_account(hanako).fault_code, "registered again, it is confirmed"
    assert set_account(hanako, account_number="9000012").fault_code, "another number is another account"
    register_name(actor=story.proved(hanako), name="佐藤 花子", kana="サトウ ハナコ", reason="changed")
    assert set_account(hanako).fault_code, "another name is another question"


def test_a_trade_name_waits_for_the_operator(market: Market) -> None:
    trader = market.member("trader", is_named=False)
    register_name(actor=story.proved(trader), **HANAKO, trade_name="みほん堂", trade_kana="ミホンドウ")
    account = set_account(trader, holder_kana="ミホンドウ タカハシ ハナコ")
    assert (account.fault_code, HolderReview.objects.get().finding) == ("holder_trade_name", "trade_name")
    assert not set_account(trader, holder_kana="タカハシ ハナコ").fault_code


@pytest.mark.rule("A127")
def test_a_refusal_is_told_contested_once_and_decided_by_somebody_else(market: Market, hanako: Member) -> None:
    account = set_account(hanako)
    first, second = market.staff("first"), market.staff("second")
    review = HolderReview.objects.get()
    with pytest.raises(InputError):
        services.refuse_holder(actor=first, review_id=review.pk, reason=" ")
    services.refuse_holder(actor=first, review_id=review.pk, reason="別の方の名義です。")
    assert now(account).fault_code == "holder_refused"
    assert "別の方の名義です。" in account.fault.ja
    assert explain(gates.BE_PAID, hanako).blockers[0].decided_by == "staff"
    with pytest.raises(Refused):
        services.contest_holder(actor=market.member("stranger"), review_id=review.pk, statement="私のです")
    services.contest_holder(actor=hanako, review_id=review.pk, statement="旧姓の口座です。")
    assert "旧姓".encode() not in bytes(now(review).statement_sealed)
    with pytest.raises(Refused) as refused:
        services.approve_holder(actor=first, review_id=review.pk, reason=REASON)
    assert refused.value.decision.blockers[0].code == "payouts.holder.approve.refused_it"
    services.refuse_holder(actor=second, review_id=review.pk, reason="確認できる書類がありません。")
    assert now(review).state == "upheld"
    with pytest.raises(Refused):
        services.contest_holder(actor=hanako, review_id=review.pk, statement="もう一度")


def test_staff_are_reminded_daily_when_a_look_is_late(market: Market, hanako: Member) -> None:
    set_account(hanako)
    assert services.remind_operator(actor=SYSTEM) == 0
    market.on(date(2026, 11, 27))
    assert services.remind_operator(actor=SYSTEM) == 1
    assert services.remind_operator(actor=SYSTEM) == 0
    market.on(date(2026, 11, 28))
    assert services.remind_operator(actor=SYSTEM) == 1


def test_a_fault_of_the_banks_is_not_lifted_by_an_answer_about_the_name(market: Market, hanako: Member) -> None:
    account = set_account(hanako)
    words = {"ja": "該当なし", "en": "none"}
    BankAccount.objects.filter(pk=account.pk).update(fault_code="no_such_account", fault_text=words)
    services.approve_holder(actor=market.staff(), review_id=HolderReview.objects.get().pk, reason=REASON)
    assert now(account).fault_code == "no_such_account"


def test_the_database_knows_how_a_look_moves(market: Market, hanako: Member) -> None:
    set_account(hanako)
    for change in ({"state": "upheld"}, {"state": "approved"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HolderReview.objects.update(**change)


@pytest.mark.rule("P020")
def test_another_holder_that_nobody_looks_at_is_refused_by_the_clock_and_can_be_contested(closed: Market) -> None:
    payout = Payout.objects.get()
    account = set_account(closed.hanako, holder_kana="サトウ タロウ")
    review = HolderReview.objects.get()
    assert (clock.last_day(review.due_at), clock.last_day(review.lapses_at)) == (date(2026, 12, 4), date(2026, 12, 11))
    assert "2026年12月11日" in now(account).fault.ja, "said from the start"
    closed.on(date(2026, 12, 11))
    assert lapse_holder_reviews() == 0
    with pytest.raises(Refused) as refused:
        services.lapse_holder(actor=SYSTEM, review_id=review.pk)
    assert refused.value.decision.clears_at == review.lapses_at
    staff = closed.staff()
    closed.after(date(2026, 12, 11))
    assert lapse_holder_reviews() == 1
    assert lapse_holder_reviews() == 0
    assert (now(review).state, review.decided_by, review.reason) == ("refused", None, "")
    assert (now(account).fault_code, now(payout).state) == ("holder_undecided", "held")
    assert "異議" in account.fault.ja
    blocker = explain(gates.BE_PAID, closed.hanako).blockers[0]
    assert (blocker.code, blocker.resolved_by, blocker.decided_by) == (
        "payouts.be_paid.holder_unconfirmed",
        "you",
        "rule",
    )
    closed.tell()
    told = Notice.objects.filter(member=closed.hanako, kind="payouts.holder_decided").get()
    assert "期限までに運営の確認が終わらなかった" in str(told.body)
    assert notices(staff)[-1] == "payouts.holder_undecided"
    services.contest_holder(actor=closed.hanako, review_id=review.pk, statement="旧姓の口座です。")
    assert (now(account).fault_code, now(review).refused_by) == ("holder_contested", None)
    services.refuse_holder(actor=staff, review_id=review.pk, reason="確認できる書類がありません。")
    assert now(review).state == "upheld"
    with pytest.raises(Refused):
        services.contest_holder(actor=closed.hanako, review_id=review.pk, statement="もう一度")
    books_are_right()


@pytest.mark.rule("P020")
def test_what_was_contested_and_nobody_answers_is_granted_and_what_was_held_goes_on(closed: Market) -> None:
    payout = Payout.objects.get()
    account = set_account(closed.hanako, holder_kana="サトウ タロウ")
    review = HolderReview.objects.get()
    assert explain(gates.BE_PAID, closed.hanako).blockers[0].clears_at is None, "time alone does not clear it"
    services.refuse_holder(actor=closed.staff(), review_id=review.pk, reason="別の方の名義です。")
    services.contest_holder(actor=closed.hanako, review_id=review.pk, statement="旧姓の口座です。")
    last = now(review).lapses_at
    assert explain(gates.BE_PAID, closed.hanako).blockers[0].clears_at == last
    closed.clock.set(last)
    assert lapse_holder_reviews() == 1
    assert (now(review).state, review.decided_by, review.approved_at) == ("approved", None, last)
    assert (now(account).fault_code, now(payout).state) == ("", "requested")
    assert explain(gates.BE_PAID, closed.hanako).allowed
    closed.tell()
    assert notices(closed.hanako)[-1] == "payouts.holder_decided"
    books_are_right()


@pytest.mark.rule("P020")
def test_a_trade_name_that_nobody_looks_at_passes_by_the_clock(market: Market) -> None:
    trader = market.member("trader", is_named=False)
    register_name(actor=story.proved(trader), **HANAKO, trade_name="みほん堂", trade_kana="ミホンドウ")
    account = set_account(trader, holder_kana="ミホンドウ タカハシ ハナコ")
    review = HolderReview.objects.get()
    for action in (gates.BE_PAID, gates.RECEIVE, gates.QUICK):
        doubt = next(b for b in explain(action, trader).blockers if b.code.endswith(".holder_unconfirmed"))
        assert doubt.clears_at == review.lapses_at
    market.clock.set(review.lapses_at)
    assert lapse_holder_reviews() == 1
    assert (now(review).state, now(account).fault_code) == ("approved", "")
    market.clock.move(hours=1)
    assert not set_account(trader, holder_kana="ミホンドウ タカハシ ハナコ").fault_code, (
        "the same account is not asked again"
    )


@pytest.mark.rule("P020")
def test_the_nightly_checks_see_a_look_that_the_clock_forgot(market: Market, hanako: Member) -> None:
    set_account(hanako)
    market.clock.set(HolderReview.objects.get().lapses_at)
    assert invariants.check("L15 payouts").ok
    market.clock.move(days=3)
    assert not invariants.check("L15 payouts").ok
    lapse_holder_reviews()
    assert invariants.check("L15 payouts").ok


@pytest.mark.rule("P020")
def test_the_database_lets_nobody_decide_without_a_person_before_the_time(market: Market, hanako: Member) -> None:
    set_account(hanako)
    review = HolderReview.objects.get()
    decided = {"state": "refused", "decided_by": None, "reason": ""}
    early = review.lapses_at - timedelta(seconds=1)
    for change in (
        {**decided, "decided_at": early},
        {**decided, "decided_at": review.lapses_at, "reason": "x"},
        {"lapses_at": review.due_at},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            HolderReview.objects.update(**change)
    HolderReview.objects.update(**decided, decided_at=review.lapses_at)
    HolderReview.objects.update(state="contested")
    with pytest.raises(IntegrityError), transaction.atomic():
        HolderReview.objects.update(state="upheld", decided_at=review.lapses_at)


@pytest.mark.rule("P020")
@pytest.mark.django_db(transaction=True)
def test_staff_and_the_clock_decide_at_once_and_one_answer_counts(market: Market) -> None:
    member = market.member("hanako", is_named=False)
    register_name(actor=story.proved(member), **HANAKO)
    set_account(member)
    review, staff = HolderReview.objects.get(), market.staff()
    market.clock.set(review.lapses_at)

    def decide(by_clock: bool) -> bool:
        try:
            if by_clock:
                services.lapse_holder(actor=SYSTEM, review_id=review.pk)
            else:
                services.approve_holder(actor=staff, review_id=review.pk, reason=REASON)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, [True, False])) == [False, True]
    assert (now(review).state == "approved") == (review.decided_by == staff)
    kinds = ["payouts.holder_approved", "payouts.holder_lapsed"]
    assert AuditEntry.objects.filter(kind__in=kinds).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_of_staff_decide_at_once_and_one_answer_counts(market: Market) -> None:
    member = market.member("hanako", is_named=False)
    register_name(actor=story.proved(member), **HANAKO)
    set_account(member)
    review = HolderReview.objects.get()
    staff = [market.staff("first"), market.staff("second")]

    def decide(n: int) -> bool:
        try:
            command = (services.approve_holder, services.refuse_holder)[n]
            command(actor=staff[n], review_id=review.pk, reason=REASON)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, range(2))) == [False, True]
    assert AuditEntry.objects.filter(kind__in=["payouts.holder_approved", "payouts.holder_refused"]).count() == 1
