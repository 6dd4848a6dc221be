"""New passwords required of many: of chosen members at once, of everybody by two of staff, some at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from tests.conftest import MovableClock
from tests.service.accounts.conftest import Join
from tests.story import proved

from kotowari.accounts import tasks
from kotowari.accounts.models import ForcedReset, Member, Round, Session
from kotowari.accounts.selectors import members_named
from kotowari.accounts.services import (
    appoint_staff,
    approve_forced_reset,
    ask_forced_reset,
    authenticate_token,
    create_api_token,
    decline_forced_reset,
    run_round,
    set_password,
)
from kotowari.accounts.services import rounds as round_services
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice, OutboxEvent, OutgoingMail
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.text import Text

WHY = Text("ほかのサイトから漏れた一覧が見つかりました。", "A leaked list of another site was found.")


def staff_member(join: Join, name: str = "unei_one") -> Member:
    return appoint_staff(actor=SYSTEM, member_id=join(name).pk)


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


def void_names() -> set[str]:
    return set(Member.objects.filter(password_void_since__isnull=False).values_list("username", flat=True))


@pytest.mark.django_db
@pytest.mark.rule("A130")
def test_chosen_members_are_signed_out_told_why_and_led_to_a_new_password(clock: MovableClock, join: Join) -> None:
    staff, hanako, english, other = staff_member(join), join(), join("alex", language="en"), join("tanin")
    token = create_api_token(actor=proved(hanako), name="books", scopes=["jobs:read"])
    Client().force_login(hanako)
    ask_forced_reset(actor=staff, reason=WHY, member_ids=[hanako.pk, english.pk, hanako.pk])
    assert void_names() == set(), "the page does not wait: the worker does it"
    while tasks.run_rounds():
        pass
    assert void_names() == {"hanako_s", "alex"}
    assert not Session.objects.filter(member=hanako).exists()
    with pytest.raises(Refused) as program:
        authenticate_token(f"Bearer {token.plaintext}")
    assert codes_of(program) == ["revoked"]
    mail = OutgoingMail.objects.filter(to=english.email).latest("id")
    assert "A leaked list of another site" in mail.body
    assert "/password/reset/" in mail.body
    assert Notice.objects.filter(member=hanako, kind="accounts.password_forced").count() == 1
    assert AuditEntry.objects.filter(kind="accounts.password_forced", subject_id=hanako.pk).count() == 1
    assert OutboxEvent.objects.filter(kind="accounts.password_voided").count() == 2
    assert not Notice.objects.filter(member=other, kind="accounts.password_forced").exists()
    done = Round.objects.get()
    assert done.done_at
    with pytest.raises(Refused) as again:
        run_round(actor=SYSTEM, round_id=done.pk)
    assert codes_of(again) == ["done"]


@pytest.mark.django_db
@pytest.mark.rule("A130")
def test_everybody_needs_a_second_of_staff_and_goes_on_where_it_was_interrupted(
    clock: MovableClock, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_services, "CHUNK", 4)
    asker, second = staff_member(join), staff_member(join, "unei_two")
    people = [join(f"member{n}") for n in range(9)]
    reset = ask_forced_reset(actor=asker, reason=WHY, everybody=True)
    assert reset.state == "waiting"
    assert Notice.objects.filter(kind="accounts.forced_reset_asked").count() == 2
    assert tasks.run_rounds() == 0
    with pytest.raises(Refused) as alone:
        approve_forced_reset(actor=asker, reset_id=reset.pk)
    assert codes_of(alone) == ["second_person"]
    approve_forced_reset(actor=second, reset_id=reset.pk)
    clock.move(minutes=1)
    late = join("later")
    set_password(actor=people[8], password="seven gentle foxes dancing")
    assert tasks.run_rounds() == 1
    assert len(void_names()) == 4, "some at a time"

    def breaks(*_: Any, **__: Any) -> int:
        raise RuntimeError("the worker dies")

    with monkeypatch.context() as broken:
        broken.setattr("kotowari.accounts.services.forced_resets.notify_many", breaks)
        assert tasks.run_rounds() == 0
    assert len(void_names()) == 4, "what was not finished is not half done"
    while tasks.run_rounds():
        pass
    assert void_names() == {"unei_one", "unei_two", *(p.username for p in people[:8])}
    assert late.username not in void_names(), "who joined later has a password of later"
    per_member = Notice.objects.filter(kind="accounts.password_forced").values_list("member_id", flat=True)
    assert len(per_member) == len(set(per_member)) == 10, "each is told once"


@pytest.mark.django_db
def test_what_nobody_approves_in_time_is_called_off_and_may_be_called_off_by_anybody_of_staff(
    clock: MovableClock, join: Join
) -> None:
    asker, second = staff_member(join), staff_member(join, "unei_two")
    reset = ask_forced_reset(actor=asker, reason=WHY, everybody=True)
    clock.move(hours=24)
    with pytest.raises(Refused) as late:
        approve_forced_reset(actor=second, reset_id=reset.pk)
    assert codes_of(late) == ["too_late"]
    assert tasks.lapse_forced_resets() == 1
    assert ForcedReset.objects.get().state == "lapsed"
    other = ask_forced_reset(actor=asker, reason=WHY, everybody=True)
    assert decline_forced_reset(actor=asker, reset_id=other.pk).state == "declined"
    assert tasks.run_rounds() == 0
    with pytest.raises(Refused) as over:
        approve_forced_reset(actor=second, reset_id=other.pk)
    assert codes_of(over) == ["decided"]


@pytest.mark.django_db
def test_who_cannot_be_asked_or_may_not_ask(clock: MovableClock, join: Join) -> None:
    staff, hanako = staff_member(join), join()
    for given, field in (
        ({"member_ids": []}, "names"),
        ({"member_ids": [staff.pk, hanako.pk]}, "names"),
        ({"member_ids": [hanako.pk], "reason": Text(" ", "")}, "reason_ja"),
    ):
        with pytest.raises(InputError) as wrong:
            ask_forced_reset(**{"actor": staff, "reason": WHY, **given})
        assert list(wrong.value.fields) == [field]
    with pytest.raises(Refused) as member:
        ask_forced_reset(actor=hanako, reason=WHY, member_ids=[staff.pk])
    assert codes_of(member) == ["staff_only"]


@pytest.mark.django_db
def test_members_are_named_as_they_are_pasted(clock: MovableClock, join: Join) -> None:
    one, two = join("hanako"), join("jiro")
    assert set(members_named(" Hanako、jiro@example.jp\n\nhanako, ")) == {one, two}
    assert members_named("") == []
    with pytest.raises(InputError) as unknown:
        members_named("hanako daremo nobody@example.jp")
    assert "daremo, nobody@example.jp" in unknown.value.fields["names"][0].ja


@pytest.mark.django_db
def test_the_database_too_refuses_that_one_person_alone_resets_everybody(clock: MovableClock, join: Join) -> None:
    staff = staff_member(join)
    reset = ask_forced_reset(actor=staff, reason=WHY, everybody=True)
    for decided_by in (staff, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            ForcedReset.objects.filter(pk=reset.pk).update(state="approved", decided_by=decided_by)


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_begin_one_round_or_none(clock: MovableClock, join: Join) -> None:
    asker, second, third = (staff_member(join, f"unei_{n}") for n in ("one", "two", "three"))
    reset = ask_forced_reset(actor=asker, reason=WHY, everybody=True)
    together = Barrier(2)

    def at_once(act: Callable[..., ForcedReset], who: Member) -> Callable[[], str]:
        def run() -> str:
            try:
                together.wait(10)
                return act(actor=who, reset_id=reset.pk).state
            except Refused as refused:
                return refused.decision.blockers[0].code.rpartition(".")[2]
            finally:
                connection.close()

        return run

    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(at_once(approve_forced_reset, second)),
            pool.submit(at_once(decline_forced_reset, third)),
        ]
        outcomes = sorted(job.result() for job in jobs)
    reset.refresh_from_db()
    assert outcomes == sorted([reset.state, "decided"])
    assert Round.objects.count() == (reset.state == "approved")
    assert reset.lapses_at - reset.asked_at == timedelta(hours=24)
