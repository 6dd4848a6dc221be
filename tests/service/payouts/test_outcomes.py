"""What became of a transfer: arrived, or sent back before or after; once, and to the yen."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection
from tests.service.payouts.market import (
    Market,
    available_yen,
    books_are_right,
    in_flight_yen,
    lots_yen,
    notices,
    refund,
    refund_due_yen,
    register,
)

from kotowari.accounts.models import Member
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import explain
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.ledger.services import close_period
from kotowari.payouts import gates, services
from kotowari.payouts.models import Payout, PayoutRun

PAY_DATE = date(2026, 12, 15)


@pytest.fixture
def with_bank(closed: Market) -> tuple[Market, Member, Payout]:
    """Hanako's 48,620 yen are with the bank; it is the morning of the pay date."""
    staff = closed.staff()
    services.write_run_file(actor=staff, run_id=PayoutRun.objects.get().pk)
    closed.on(PAY_DATE)
    return closed, staff, Payout.objects.get()


@pytest.mark.django_db
@pytest.mark.rule("P008", "P010")
def test_an_arrived_transfer_ends_its_run(with_bank: Any) -> None:
    market, staff, payout = with_bank
    services.settle_payout(actor=staff, payout_id=payout.pk, settled_on=PAY_DATE)
    payout.refresh_from_db()
    assert (payout.state, payout.settled_on) == ("settled", PAY_DATE)
    assert in_flight_yen(payout) == 0
    assert ledger.balance_of(accounts.bank_payouts()) == 48_620
    assert PayoutRun.objects.get().state == "done"
    market.tell()
    assert notices(market.hanako)[-1] == "payouts.settled"
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("P010")
def test_a_transfer_is_recorded_as_paid_once(with_bank: Any) -> None:
    _, staff, payout = with_bank
    services.settle_payout(actor=staff, payout_id=payout.pk, idempotency_key="k")
    services.settle_payout(actor=staff, payout_id=payout.pk, idempotency_key="k")
    with pytest.raises(Refused) as refused:
        services.settle_payout(actor=staff, payout_id=payout.pk)
    assert [b.code for b in refused.value.decision.blockers] == ["payouts.payout.settle.is_settled"]
    books_are_right()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "right"),
    [(date(2026, 12, 16), date(2026, 12, 15)), (date(2026, 11, 30), date(2026, 12, 1))],
)
def test_a_day_that_cannot_be_is_refused_and_the_nearest_is_taken(with_bank: Any, day: date, right: date) -> None:
    _, staff, payout = with_bank
    with pytest.raises(InputError) as error:
        services.settle_payout(actor=staff, payout_id=payout.pk, settled_on=day)
    assert "settled_on" in error.value.fields
    services.settle_payout(actor=staff, payout_id=payout.pk, settled_on=right)


@pytest.mark.django_db(transaction=True)
def test_a_day_in_closed_books_is_refused_in_words(with_bank: Any) -> None:
    _, staff, payout = with_bank
    close_period(through=date(2026, 12, 10), actor=SYSTEM)
    with pytest.raises(InputError) as error:
        services.settle_payout(actor=staff, payout_id=payout.pk, settled_on=date(2026, 12, 10))
    assert "2026-12-10" in error.value.fields["settled_on"][0].ja
    services.settle_payout(actor=staff, payout_id=payout.pk, settled_on=date(2026, 12, 11))


@pytest.mark.django_db
@pytest.mark.rule("A153", "P010")
@pytest.mark.parametrize("was_settled", [False, True])
def test_a_returned_transfer_is_the_workers_again_with_its_fee_and_lots(market: Market, was_settled: bool) -> None:
    worker = market.worker("hanako")
    from tests.service.payouts.market import reward

    for yen in (4_000, 6_000):
        reward(worker, yen)
    market.after(date(2026, 11, 30))
    with policy.overridden({"payouts.transfer_fees": [{"fee_yen": 500}], "payouts.free_transfers_per_closing": 0}):
        closing = market.close()
    staff = market.staff()
    services.write_run_file(actor=staff, run_id=market.run_of(closing).pk)
    market.on(PAY_DATE)
    payout = Payout.objects.get()
    if was_settled:
        services.settle_payout(actor=staff, payout_id=payout.pk)
    services.return_payout(actor=staff, payout_id=payout.pk, reason="name_mismatch")
    payout.refresh_from_db()
    assert (payout.state, payout.reason["code"]) == ("returned", "name_mismatch")
    assert (available_yen(worker), lots_yen(worker), in_flight_yen(payout)) == (10_000, [4_000, 6_000], 0)
    for account in (accounts.transfer_fee_income(), accounts.consumption_tax_payable(), accounts.bank_payouts()):
        assert ledger.balance_of(account) == 0
    assert PayoutRun.objects.get().state == "done"
    market.tell()
    assert notices(worker)[-1] == "payouts.returned"
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A153")
def test_after_a_fault_of_the_account_nothing_is_sent_there_until_it_is_confirmed(with_bank: Any) -> None:
    market, staff, payout = with_bank
    services.return_payout(
        actor=staff, payout_id=payout.pk, reason="口座名義が一致しません", explanation="銀行より電話"
    )
    assert [b.code for b in explain(gates.RECEIVE, market.hanako).blockers] == ["payouts.receive.account_unusable"]
    market.after(PAY_DATE)
    market.close()
    assert Payout.objects.count() == 1
    register(market.hanako, holder_kana="ヤマダ ハナコ")
    assert explain(gates.RECEIVE, market.hanako).allowed
    market.after(date(2026, 12, 31))
    market.close()
    assert Payout.objects.latest("number").gross_yen == 48_620
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A050")
def test_what_came_back_for_another_reason_is_paid_by_the_next_closing_by_itself(with_bank: Any) -> None:
    market, staff, payout = with_bank
    services.return_payout(actor=staff, payout_id=payout.pk, reason="銀行のシステム障害")
    payout.refresh_from_db()
    assert payout.reason == {"code": "other", "ja": "銀行のシステム障害", "en": "銀行のシステム障害"}
    market.after(PAY_DATE)
    market.close()
    assert Payout.objects.latest("number").gross_yen == 48_620
    books_are_right()


@pytest.mark.django_db
def test_a_return_needs_a_reason_and_happens_once(with_bank: Any) -> None:
    _, staff, payout = with_bank
    for nothing in ("", "  ", "other"):
        with pytest.raises(InputError):
            services.return_payout(actor=staff, payout_id=payout.pk, reason=nothing)
    services.return_payout(actor=staff, payout_id=payout.pk, reason="other", explanation="銀行に確認中")
    with pytest.raises(Refused):
        services.return_payout(actor=staff, payout_id=payout.pk, reason="recalled")
    books_are_right()


@pytest.mark.django_db
def test_an_account_registered_anew_in_the_meantime_is_not_blamed(with_bank: Any) -> None:
    market, staff, payout = with_bank
    register(market.hanako, branch_code="999")
    services.return_payout(actor=staff, payout_id=payout.pk, reason="account_closed")
    assert explain(gates.RECEIVE, market.hanako).allowed


@pytest.mark.django_db
def test_a_returned_refund_is_due_again(market: Market) -> None:
    client = market.worker("client")
    refund(client, 3_300)
    market.after(date(2026, 11, 30))
    run = market.run_of(market.close())
    staff = market.staff()
    services.write_run_file(actor=staff, run_id=run.pk)
    market.on(PAY_DATE)
    services.settle_run(actor=staff, run_id=run.pk)
    services.return_payout(actor=staff, payout_id=Payout.objects.get().pk, reason="recalled")
    assert refund_due_yen(client) == 3_300
    market.after(PAY_DATE)
    market.close()
    assert refund_due_yen(client) == 0
    assert Payout.objects.filter(state="requested").get().gross_yen == 3_300
    books_are_right()


@pytest.mark.django_db
def test_a_cancelled_payout_is_in_the_balance_again_with_its_fee(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=9_000)
    market.after(date(2026, 11, 30))
    with policy.overridden({"payouts.transfer_fees": [{"fee_yen": 160}], "payouts.free_transfers_per_closing": 0}):
        market.close()
    payout = Payout.objects.get()
    services.cancel_payout(actor=market.staff(), payout_id=payout.pk, reason="本人からの申し出")
    assert (available_yen(worker), lots_yen(worker), in_flight_yen(payout)) == (9_000, [9_000], 0)
    market.tell()
    assert notices(worker)[-1] == "payouts.cancelled"
    books_are_right()


@pytest.mark.django_db
def test_what_is_with_the_bank_cannot_be_cancelled_and_what_is_not_cannot_be_settled(with_bank: Any) -> None:
    _, staff, payout = with_bank
    with pytest.raises(Refused) as refused:
        services.cancel_payout(actor=staff, payout_id=payout.pk, reason="間違い")
    assert [b.code for b in refused.value.decision.blockers] == ["payouts.payout.cancel.is_in_file"]


@pytest.mark.django_db
@pytest.mark.rule("P012")
def test_members_see_their_own_payouts_and_staff_every_one(with_bank: Any) -> None:
    from kotowari.payouts.selectors import payouts_visible_to, runs_visible_to

    market, staff, payout = with_bank
    other = market.member("other")
    assert list(payouts_visible_to(market.hanako)) == [payout]
    assert not payouts_visible_to(other).exists()
    assert not payouts_visible_to(None).exists()
    assert list(payouts_visible_to(staff)) == [payout]
    assert not runs_visible_to(market.hanako).exists()
    assert runs_visible_to(staff).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_settle_and_return_at_once_one_wins(with_bank: Any) -> None:
    _, staff, payout = with_bank
    barrier, done, refused = threading.Barrier(8), [], []

    def call(number: int) -> None:
        barrier.wait()
        try:
            if number % 2:
                services.settle_run(actor=staff, run_id=payout.run_id)
            else:
                services.settle_payout(actor=staff, payout_id=payout.pk)
            done.append(number)
        except Refused:
            refused.append(number)
        finally:
            connection.close()

    crowd = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert len(done) == 1
    assert len(refused) == 7
    assert ledger.balance_of(accounts.bank_payouts()) == 48_620
    books_are_right()
