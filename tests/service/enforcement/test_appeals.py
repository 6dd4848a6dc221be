"""A restriction is contested once, decided by somebody else with reasons, and never left undecided."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.conftest import MovableClock
from tests.service.accounts.conftest import Join

from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Member, Restriction
from kotowari.accounts.selectors import restrictions_on
from kotowari.accounts.services import appoint_staff, lift, overturn, restrict, sign_in
from kotowari.enforcement import tasks
from kotowari.enforcement.models import Appeal
from kotowari.enforcement.selectors import appeals_visible_to
from kotowari.enforcement.services import (
    escalate_appeal,
    grant_appeal,
    lapse_appeal,
    make_appeal,
    uphold_appeal,
)
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice, OutgoingMail
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, Refused

HERE = Caller(network="192.0.2.0/24", label="Firefox / Linux")
ANSWER = "送信の記録を確かめたところ、別の方のメッセージでした。"


@dataclass
class Frozen:
    member: Member
    maker: Member
    other: Member
    restriction: Restriction

    def appeals(self, **more: str) -> Appeal:
        given = {
            "statement": "そのメッセージは私のものではありません。",
            "evidence": "11月1日の契約「ロゴ制作」",
            **more,
        }
        return make_appeal(actor=self.member, restriction_id=self.restriction.pk, **given)


@pytest.fixture
def frozen(clock: MovableClock, join: Join) -> Frozen:
    maker, other = (appoint_staff(actor=SYSTEM, member_id=join(name).pk) for name in ("unei_one", "unei_two"))
    member = join()
    restriction = restrict(
        actor=maker,
        member_id=member.pk,
        cause="defamation",
        until=clock.moment + timedelta(days=60),
        explanation="11月1日のメッセージ",
    )
    return Frozen(member, maker, other, restriction)


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


@pytest.mark.django_db
@pytest.mark.rule("A127")
def test_an_appeal_has_a_clock_in_bank_days_and_its_receipt_goes_where_a_frozen_member_reads_it(frozen: Frozen) -> None:
    with pytest.raises(InputError) as empty:
        frozen.appeals(statement=" ", evidence="x" * 5_001)
    assert set(empty.value.fields) == {"statement", "evidence"}
    appeal = frozen.appeals()
    assert kernel_clock.last_day(appeal.due_at) == date(2026, 11, 30), "five bank days, with a holiday between"
    mail = OutgoingMail.objects.filter(to=frozen.member.email).latest("id")
    assert "異議申立てを受け付けました" in mail.subject
    assert f"/appeals/{frozen.restriction.pk}/?key=" in mail.body
    assert "11月30日" in mail.body
    appeal.refresh_from_db()
    assert appeal.statement == "そのメッセージは私のものではありません。"
    assert "私のもの".encode() not in bytes(appeal.statement_sealed), "sealed in the table"
    with pytest.raises(Refused) as twice:
        frozen.appeals()
    assert codes_of(twice) == ["appealed"]


@pytest.mark.django_db
@pytest.mark.rule("A127", "A129")
def test_a_granted_appeal_opens_the_account_and_the_record_is_put_right(frozen: Frozen) -> None:
    appeal = frozen.appeals()
    with pytest.raises(InputError) as silent:
        grant_appeal(actor=frozen.other, appeal_id=appeal.pk, answer=" ")
    assert list(silent.value.fields) == ["answer"]
    grant_appeal(actor=frozen.other, appeal_id=appeal.pk, answer=ANSWER)
    row = Restriction.objects.get()
    assert (row.overturned, row.lifted_by_id, row.lifted_because) == (True, frozen.other.pk, ANSWER)
    assert not restrictions_on(frozen.member.pk, "sign_in")
    assert sign_in(actor=frozen.member, way="password", caller=HERE)
    told = Notice.objects.get(kind="enforcement.appeal_granted")
    assert "こちらの判断に誤りがありました" in told.body.ja
    assert ANSWER in told.body.ja
    with pytest.raises(Refused) as again:
        overturn(actor=frozen.other, restriction_id=row.pk, because="x")
    assert codes_of(again) == ["overturned"]


@pytest.mark.django_db
@pytest.mark.rule("A129")
def test_one_granted_after_the_freeze_has_ended_still_puts_the_record_right(
    frozen: Frozen, clock: MovableClock
) -> None:
    appeal = frozen.appeals()
    lift(actor=frozen.maker, restriction_id=frozen.restriction.pk, because="期間を短くした。")
    grant_appeal(actor=frozen.other, appeal_id=appeal.pk, answer=ANSWER)
    row = Restriction.objects.get()
    assert (row.overturned, row.lifted_because) == (True, "期間を短くした。")


@pytest.mark.django_db
@pytest.mark.rule("A127", "A128")
def test_a_decision_that_stands_says_why_until_when_and_what_else_can_be_done(frozen: Frozen) -> None:
    appeal = frozen.appeals()
    uphold_appeal(actor=frozen.other, appeal_id=appeal.pk, answer="記録のとおり、本人の端末から送られていました。")
    told = Notice.objects.get(kind="enforcement.appeal_upheld")
    for words in ("本人の端末から送られていました", "1月19日", "弁護士", "ADR"):
        assert words in told.body.ja, words
    assert restrictions_on(frozen.member.pk, "sign_in")
    assert not Restriction.objects.get().overturned
    with pytest.raises(Refused) as late:
        grant_appeal(actor=frozen.other, appeal_id=appeal.pk, answer="x")
    assert codes_of(late) == ["decided"]


@pytest.mark.django_db
@pytest.mark.rule("A127")
def test_neither_who_made_it_nor_the_member_nor_staff_for_themselves_decide(
    frozen: Frozen, join: Join, clock: MovableClock
) -> None:
    appeal = frozen.appeals()
    for actor, code in ((frozen.maker, "made_it"), (frozen.member, "staff_only"), (join("tanin"), "staff_only")):
        for act in (grant_appeal, uphold_appeal):
            with pytest.raises(Refused) as refused:
                act(actor=actor, appeal_id=appeal.pk, answer="x")
            assert codes_of(refused) == [code]
    own = restrict(
        actor=frozen.maker,
        member_id=frozen.other.pk,
        cause="terms_breach",
        until=clock.moment + timedelta(days=1),
        explanation="x",
    )
    mine = make_appeal(actor=frozen.other, restriction_id=own.pk, statement="x")
    with pytest.raises(Refused) as oneself:
        grant_appeal(actor=frozen.other, appeal_id=mine.pk, answer="x")
    assert codes_of(oneself) == ["oneself"]


@pytest.mark.django_db
def test_who_may_contest_what(frozen: Frozen, join: Join, clock: MovableClock) -> None:
    stranger, until = join("tanin"), clock.moment + timedelta(days=1)
    with pytest.raises(Refused) as others:
        make_appeal(actor=stranger, restriction_id=frozen.restriction.pk, statement="x")
    assert codes_of(others) == ["not_known"]
    by_rule = restrict(actor=SYSTEM, member_id=stranger.pk, cause="password_reset", until=until)
    with pytest.raises(Refused) as rule:
        make_appeal(actor=stranger, restriction_id=by_rule.pk, statement="x")
    assert codes_of(rule) == ["no_decision_of_staff"]
    clock.move(days=60)
    with pytest.raises(Refused) as over:
        frozen.appeals()
    assert codes_of(over) == ["over"]
    assert not appeals_visible_to(None).exists()


@pytest.mark.django_db
@pytest.mark.rule("A127")
def test_what_staff_do_not_decide_in_time_is_told_to_all_of_them_and_ends_in_favour_of_the_member(
    frozen: Frozen, clock: MovableClock
) -> None:
    appeal = frozen.appeals()
    for early in (escalate_appeal, lapse_appeal):
        with pytest.raises(Refused) as refused:
            early(actor=SYSTEM, appeal_id=appeal.pk)
        assert codes_of(refused) == ["not_due"]
    clock.set(appeal.due_at)
    assert (tasks.escalate_appeals(), tasks.escalate_appeals(), tasks.lapse_appeals()) == (1, 0, 0)
    told = Notice.objects.filter(kind="enforcement.appeal_due")
    assert {n.member_id for n in told} == {frozen.maker.pk, frozen.other.pk}
    clock.set(appeal.lapses_at)
    assert tasks.lapse_appeals() == 1
    appeal.refresh_from_db()
    assert (appeal.state, appeal.decided_by) == ("lapsed", None)
    assert not restrictions_on(frozen.member.pk, "sign_in")
    assert not Restriction.objects.get().overturned, "it was not found mistaken, only not decided"
    assert "期限を大きく過ぎても" in Notice.objects.get(kind="enforcement.appeal_lapsed").body.ja


@pytest.mark.django_db
def test_the_operator_may_rule_that_an_undecided_appeal_lifts_nothing(
    frozen: Frozen, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    appeal = frozen.appeals()
    told = policy.value
    monkeypatch.setattr(
        policy, "value", lambda name, *a: False if name == "enforcement.appeal_lapse_lifts" else told(name, *a)
    )
    clock.set(appeal.lapses_at)
    assert tasks.lapse_appeals() == 1
    assert restrictions_on(frozen.member.pk, "sign_in")
    assert "自動で終わります" in Notice.objects.get(kind="enforcement.appeal_lapsed").body.ja


@pytest.mark.django_db
def test_the_database_too_refuses_an_answer_without_words_or_without_a_person(frozen: Frozen) -> None:
    appeal = frozen.appeals()
    for change in ({"decided_by": frozen.other}, {"answer": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appeal.objects.filter(pk=appeal.pk).update(state="granted", **change)


@pytest.mark.django_db(transaction=True)
def test_of_two_of_staff_who_decide_one_appeal_one_is_told_that_it_is_over(frozen: Frozen, join: Join) -> None:
    appeal = frozen.appeals()
    third = appoint_staff(actor=SYSTEM, member_id=join("unei_three").pk)
    together = Barrier(2)

    def at_once(act: Callable[..., Appeal], who: Member) -> Callable[[], str]:
        def run() -> str:
            try:
                together.wait(10)
                return act(actor=who, appeal_id=appeal.pk, answer=who.username).state
            except Refused as refused:
                return refused.decision.blockers[0].code.rpartition(".")[2]
            finally:
                connection.close()

        return run

    with ThreadPoolExecutor(2) as pool:
        jobs: list[Any] = [
            pool.submit(at_once(grant_appeal, frozen.other)),
            pool.submit(at_once(uphold_appeal, third)),
        ]
        outcomes = {job.result() for job in jobs}
    appeal.refresh_from_db()
    assert outcomes == {appeal.state, "decided"}
    assert Restriction.objects.get().overturned == (appeal.state == "granted")
    assert Notice.objects.filter(kind__in=["enforcement.appeal_granted", "enforcement.appeal_upheld"]).count() == 1
