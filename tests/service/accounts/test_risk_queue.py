"""The staff's risk queue: everything in it is looked at, or ends by the clock and says so."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from tests.conftest import MovableClock
from tests.service.accounts.conftest import Join

from kotowari.accounts import tasks
from kotowari.accounts.models import Member, RiskCase
from kotowari.accounts.selectors import risk_cases_visible_to
from kotowari.accounts.services import appoint_staff, close_risk, escalate_risk, lapse_risk, raise_risk
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, Refused


def staff_member(join: Join, name: str) -> Member:
    return appoint_staff(actor=SYSTEM, member_id=join(name).pk)


def case_of(member: Member | None) -> RiskCase:
    return raise_risk(
        actor=SYSTEM, kind="repeated_locks", member_id=member.pk if member else None, facts={"level": 3, "tries": 20}
    )


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


@pytest.mark.django_db
@pytest.mark.rule("A019")
def test_staff_close_a_matter_with_what_they_found(clock: MovableClock, join: Join) -> None:
    member, staff = join(), staff_member(join, "unei_one")
    case = case_of(member)
    assert kernel_clock.last_day(case.due_at) == date(2026, 11, 25), "two bank days, with a holiday between"
    with pytest.raises(InputError) as silent:
        close_risk(actor=staff, case_id=case.pk, conclusion=" ")
    assert list(silent.value.fields) == ["conclusion"]
    before = Notice.objects.filter(member=member).count()
    closed = close_risk(actor=staff, case_id=case.pk, conclusion="本人の打ち間違いと確認した。")
    assert (closed.state, closed.closed_by_id) == ("closed", staff.pk)
    assert Notice.objects.filter(member=member).count() == before, "what staff found is theirs alone"
    with pytest.raises(Refused) as again:
        close_risk(actor=staff, case_id=case.pk, conclusion="x")
    assert codes_of(again) == ["not_open"]


@pytest.mark.django_db
def test_no_member_closes_or_sees_one_and_staff_never_their_own(clock: MovableClock, join: Join) -> None:
    member, staff = join(), staff_member(join, "unei_one")
    case, own = case_of(member), case_of(staff)
    for actor, row, code in ((member, case, "staff_only"), (staff, own, "oneself")):
        with pytest.raises(Refused) as refused:
            close_risk(actor=actor, case_id=row.pk, conclusion="x")
        assert codes_of(refused) == [code]
    assert not risk_cases_visible_to(member).exists()
    assert not risk_cases_visible_to(None).exists()
    assert risk_cases_visible_to(staff).count() == 2


@pytest.mark.django_db
@pytest.mark.rule("A019")
def test_what_nobody_looks_at_is_told_to_all_of_staff_once_and_ends_after_three_times_as_long(
    clock: MovableClock, join: Join
) -> None:
    staff = [staff_member(join, name) for name in ("unei_one", "unei_two")]
    case = case_of(join())
    for early, code in ((escalate_risk, "not_due"), (lapse_risk, "not_due")):
        with pytest.raises(Refused) as refused:
            early(actor=SYSTEM, case_id=case.pk)
        assert codes_of(refused) == [code]
    assert tasks.escalate_risks() == 0
    clock.set(case.due_at)
    assert (tasks.escalate_risks(), tasks.escalate_risks(), tasks.lapse_risks()) == (1, 0, 0)
    told = Notice.objects.filter(kind="accounts.risk_due")
    assert {n.member_id for n in told} == {each.pk for each in staff}
    assert {n.url for n in told} == {f"/console/risks/{case.pk}/"}
    clock.set(case.lapses_at)
    assert tasks.lapse_risks() == 1
    case.refresh_from_db()
    assert (case.state, case.closed_at, case.closed_by) == ("lapsed", clock.moment, None)
    assert AuditEntry.objects.filter(kind="accounts.risk_lapsed", subject_id=case.pk).count() == 1
    with pytest.raises(Refused) as late:
        close_risk(actor=staff[0], case_id=case.pk, conclusion="x")
    assert codes_of(late) == ["not_open"]


@pytest.mark.django_db(transaction=True)
def test_of_two_of_staff_who_close_one_matter_one_is_told_that_it_is_over(clock: MovableClock, join: Join) -> None:
    case = case_of(join())
    staff = [staff_member(join, name) for name in ("unei_one", "unei_two")]
    together = Barrier(2)

    def closing(who: Member) -> Callable[[], str]:
        def run() -> str:
            try:
                together.wait(10)
                return close_risk(actor=who, case_id=case.pk, conclusion=who.username).conclusion
            except Refused as refused:
                return refused.decision.blockers[0].code
            finally:
                connection.close()

        return run

    with ThreadPoolExecutor(2) as pool:
        jobs: list[Any] = [pool.submit(closing(who)) for who in staff]
        outcomes = {job.result() for job in jobs}
    case.refresh_from_db()
    assert outcomes == {case.conclusion, "accounts.risk.close.not_open"}
