"""Lines of the bank's statement: what went out settles, what came back returns, and nothing is guessed."""

from datetime import date

import pytest
from tests.service.payouts.market import Market, available_yen, books_are_right, notices

from kotowari.foundation import deadlines, outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry
from kotowari.kernel.errors import InputError, Refused
from kotowari.payments.events import OutgoingSeen, ReturnSeen
from kotowari.payouts import services
from kotowari.payouts.models import BankEntry, Payout, PayoutRun

pytestmark = pytest.mark.django_db

PAY_DATE = date(2026, 12, 15)


@pytest.fixture
def with_bank(market: Market) -> Market:
    """Three transfers with the bank: 5,000 and 7,000 and again 7,000 yen; it is the evening of the pay date."""
    for username, yen, holder in (
        ("hanako", 5_000, "ヤマダ ハナコ"),
        ("taro", 7_000, "スズキ タロウ"),
        ("jiro", 7_000, "カ)サトウ"),
    ):
        market.worker(username, reward_yen=yen, holder_kana=holder)
    market.after(date(2026, 11, 30))
    run = market.run_of(market.close())
    services.write_run_file(actor=market.staff(), run_id=run.pk)
    market.on(PAY_DATE)
    return market


def out(yen: int, key: str = "line-1", name: str = "", booked_on: date = PAY_DATE) -> BankEntry:
    return services.match_outgoing(actor=SYSTEM, entry_key=key, amount_yen=yen, booked_on=booked_on, name=name)


def back(yen: int, key: str = "line-9", name: str = "", booked_on: date = PAY_DATE) -> BankEntry:
    return services.match_returned(actor=SYSTEM, entry_key=key, amount_yen=yen, booked_on=booked_on, name=name)


def states() -> dict[str, str]:
    return dict(Payout.objects.values_list("member__username", "state"))


@pytest.mark.rule("P010")
def test_one_sum_for_the_whole_file_settles_every_transfer_in_it(with_bank: Market) -> None:
    entry = out(19_000, name="ソウゴウフリコミ")
    assert (entry.state, entry.run) == ("matched", PayoutRun.objects.get())
    assert set(states().values()) == {"settled"}
    assert PayoutRun.objects.get().state == "done"
    books_are_right()


@pytest.mark.rule("P010")
def test_the_same_line_again_has_no_second_effect(with_bank: Market) -> None:
    first = out(19_000)
    again = out(19_000)
    assert first == again
    assert BankEntry.objects.count() == 1
    assert AuditEntry.objects.filter(kind="payouts.settled").count() == 3
    assert AuditEntry.objects.filter(kind="payouts.line_seen_again").count() == 1
    books_are_right()


def test_another_line_of_the_same_sum_settles_nothing_twice(with_bank: Market) -> None:
    out(19_000)
    other = out(19_000, key="line-2")
    assert other.state == "open"
    assert other.explanation is not None
    assert "ありません" in other.explanation.ja


def test_one_transfer_by_its_amount_and_nothing_else_when_only_one_fits(with_bank: Market) -> None:
    assert out(5_000).payout == Payout.objects.get(member__username="hanako")
    assert states() == {"hanako": "settled", "taro": "in_file", "jiro": "in_file"}
    books_are_right()


def test_two_that_fit_are_not_guessed_between_and_the_name_decides(with_bank: Market) -> None:
    entry = out(7_000)
    assert (entry.state, entry.payout) == ("open", None)
    assert entry.explanation is not None
    assert "2件" in entry.explanation.ja
    assert out(7_000, key="line-2", name="フリコミ スズキ タロウ").payout == Payout.objects.get(member__username="taro")
    assert out(7_000, key="line-1").payout == Payout.objects.get(member__username="jiro"), "now only one is left"
    books_are_right()


@pytest.mark.parametrize("name", ["テスウリヨウ", "スズキ イチロウ", "フリコミ テスウリヨウ"])
def test_a_name_that_is_nobodys_matches_nobody(with_bank: Market, name: str) -> None:
    assert out(5_000, name=name).state == "open"
    assert out(5_000, key="line-2", name="ヤマダ ハナコ").state == "matched"


@pytest.mark.parametrize(("booked_on", "state"), [(date(2026, 12, 7), "open"), (date(2026, 12, 8), "matched")])
def test_a_line_far_from_the_pay_date_is_another_matter(with_bank: Market, booked_on: date, state: str) -> None:
    assert out(5_000, booked_on=booked_on).state == state


@pytest.mark.rule("P010")
@pytest.mark.parametrize("was_settled", [False, True])
def test_money_that_came_back_is_its_owners_again_and_the_account_is_asked_about(
    with_bank: Market, was_settled: bool
) -> None:
    if was_settled:
        out(5_000)
    entry = back(5_000, name="クミモドシ ヤマダ ハナコ")
    payout = Payout.objects.get(member__username="hanako")
    assert (entry.payout, payout.state, payout.reason["code"]) == (payout, "returned", "sent_back")
    assert available_yen(payout.member) == 5_000
    with_bank.tell()
    assert notices(payout.member)[-1] == "payouts.returned"
    back(5_000, name="クミモドシ ヤマダ ハナコ")
    books_are_right()


def test_a_return_without_a_name_is_matched_only_when_one_transfer_alone_fits(with_bank: Market) -> None:
    assert back(7_000, name="ｸﾐﾓﾄﾞｼ").state == "open"
    assert back(5_000, key="line-8", name="ｸﾐﾓﾄﾞｼ").state == "matched"
    assert back(7_000, key="line-7", name="ｸﾐﾓﾄﾞｼ ﾀﾅｶ").state == "open"


def test_after_a_return_the_rest_of_the_file_is_still_settled_one_by_one(with_bank: Market) -> None:
    back(5_000, name="ヤマダ ハナコ")
    out(7_000, name="スズキ タロウ")
    out(7_000, key="line-2", name="カ)サトウ")
    assert states() == {"hanako": "returned", "taro": "settled", "jiro": "settled"}
    assert PayoutRun.objects.get().state == "done"
    books_are_right()


def test_an_open_line_is_put_before_staff_and_can_be_explained(with_bank: Market) -> None:
    staff = with_bank.staff("second")
    entry = out(1_100, name="テスウリヨウ")
    with_bank.clock.move(days=2)
    deadlines.run_all_due()
    with_bank.tell()
    assert notices(staff)[-1] == "payouts.operator_reminded"
    with pytest.raises(Refused):
        services.set_entry_aside(actor=Payout.objects.first().member, entry_id=entry.pk, note="手数料")
    with pytest.raises(InputError):
        services.set_entry_aside(actor=staff, entry_id=entry.pk, note=" ")
    services.set_entry_aside(actor=staff, entry_id=entry.pk, note="銀行の手数料")
    entry.refresh_from_db()
    assert entry.state == "set_aside"
    assert out(1_100, name="テスウリヨウ").state == "set_aside"


def test_a_key_stands_for_one_line_only(with_bank: Market) -> None:
    out(5_000)
    with pytest.raises(InputError) as error:
        out(7_000)
    assert "entry_key" in error.value.fields


def test_a_line_that_cannot_be_is_refused_field_by_field(with_bank: Market) -> None:
    with pytest.raises(InputError) as error:
        out(0, key=" ", booked_on=date(2026, 12, 16))
    assert set(error.value.fields) == {"entry_key", "amount_yen", "booked_on"}


def test_what_the_room_of_deposits_sees_in_a_statement_is_heard_here(with_bank: Market) -> None:
    common = {"booked_on": PAY_DATE}
    outbox.emit(
        OutgoingSeen(entry_key="a", amount_yen=5_000, name="", **common),
        ReturnSeen(entry_key="b", amount_yen=7_000, name="ｸﾐﾓﾄﾞｼ ｶ)ｻﾄｳ", **common),
    )
    with_bank.tell()
    assert states() == {"hanako": "settled", "taro": "in_file", "jiro": "returned"}
    books_are_right()


@pytest.mark.parametrize("words", ["ｿｳｺﾞｳﾌﾘｺﾐ", "ﾌﾘｺﾐ", ""])
def test_words_that_mark_any_transfer_name_nobody(with_bank: Market, words: str) -> None:
    assert out(5_000, name=words).payout == Payout.objects.get(member__username="hanako")
