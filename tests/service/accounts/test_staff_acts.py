"""What staff do to somebody else's account: unlock, require a new password, sign out; and never to themselves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.service.accounts.conftest import PASSWORD, Join
from tests.story import proved

from kotowari.accounts import authentication
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Device, Member, Restriction, Session
from kotowari.accounts.services import (
    appoint_staff,
    authenticate_token,
    create_api_token,
    end_lock,
    end_sessions_for,
    force_new_password,
    lift,
    lock_account,
    restrict,
    set_password,
    sign_in,
)
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice, OutgoingMail
from kotowari.kernel.errors import InputError, Refused

pytestmark = pytest.mark.django_db
HERE = Caller(network="192.0.2.0/24", label="Firefox / Linux")


@pytest.fixture
def staff(clock: MovableClock, join: Join) -> Member:
    return appoint_staff(actor=SYSTEM, member_id=join("unei_one").pk)


@pytest.fixture
def member(clock: MovableClock, join: Join) -> Member:
    return join()


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


@pytest.mark.rule("A016")
def test_staff_end_a_lock_and_the_member_is_told_and_comes_in(
    member: Member, staff: Member, clock: MovableClock
) -> None:
    row = lock_account(actor=SYSTEM, member_id=member.pk, until=clock.moment + timedelta(hours=1), tries=20)
    with pytest.raises(Refused):
        authentication.by_password(login=member.username, password=PASSWORD, caller=HERE)
    end_lock(actor=staff, lock_id=row.pk, by="staff")
    assert sign_in(actor=member, way="password", caller=HERE)
    assert "ロックを解きました" in Notice.objects.get(kind="accounts.unlocked").title.ja
    with pytest.raises(Refused) as again:
        end_lock(actor=staff, lock_id=row.pk, by="staff")
    assert codes_of(again) == ["not_locked"]


@pytest.mark.rule("A130")
def test_a_new_password_is_required_and_everything_opened_with_the_old_one_ends(member: Member, staff: Member) -> None:
    token = create_api_token(actor=proved(member), name="books", scopes=["jobs:read"])
    Client().force_login(member)
    with pytest.raises(InputError) as silent:
        force_new_password(actor=staff, member_id=member.pk, because=" ")
    assert list(silent.value.fields) == ["because"]
    force_new_password(actor=staff, member_id=member.pk, because="ほかのサイトの漏えいに同じパスワードがありました。")
    member.refresh_from_db()
    assert member.password_void_since
    assert not Session.objects.filter(member=member).exists()
    with pytest.raises(Refused) as program:
        authenticate_token(f"Bearer {token.plaintext}")
    assert codes_of(program) == ["revoked"]
    with pytest.raises(Refused) as closed:
        sign_in(actor=member, way="password", caller=HERE)
    assert codes_of(closed) == ["password_void"]
    notice = Notice.objects.get(kind="accounts.password_forced")
    assert "ほかのサイトの漏えい" in notice.body.ja
    assert notice.url == "/password/reset/"
    assert "/password/reset/" in OutgoingMail.objects.filter(to=member.email).latest("id").body
    with pytest.raises(Refused) as again:
        force_new_password(actor=staff, member_id=member.pk, because="x")
    assert codes_of(again) == ["void_already"]
    changed = set_password(actor=member, password="seven gentle foxes dancing")
    assert sign_in(actor=changed, way="password", caller=HERE)


def test_staff_sign_a_member_out_everywhere_and_the_password_stays(member: Member, staff: Member) -> None:
    for _ in range(2):
        Client().force_login(member)
    end_sessions_for(actor=staff, member_id=member.pk)
    assert not Session.objects.filter(member=member).exists()
    assert AuditEntry.objects.get(kind="accounts.sessions_ended_by_staff").data["sessions"] == 2
    assert Notice.objects.filter(member=member, kind="accounts.sessions_ended").count() == 1
    with pytest.raises(Refused) as nothing:
        end_sessions_for(actor=staff, member_id=member.pk)
    assert codes_of(nothing) == ["no_sessions"]
    assert isinstance(sign_in(actor=member, way="password", caller=HERE), Device)


def acts_on(target: Member, actor: Member, moment: Any) -> dict[str, Callable[[], Any]]:
    row = lock_account(actor=SYSTEM, member_id=target.pk, until=moment + timedelta(hours=1), tries=20)
    hold = restrict(actor=SYSTEM, member_id=target.pk, cause="password_reset", until=moment + timedelta(days=3))
    Client().force_login(target)
    freeze = {"cause": "terms_breach", "until": moment + timedelta(days=1), "explanation": "x"}
    return {
        "freeze": lambda: restrict(actor=actor, member_id=target.pk, **freeze),
        "lift": lambda: lift(actor=actor, restriction_id=hold.pk, because="x"),
        "unlock": lambda: end_lock(actor=actor, lock_id=row.pk, by="staff"),
        "force": lambda: force_new_password(actor=actor, member_id=target.pk, because="x"),
        "sign_out": lambda: end_sessions_for(actor=actor, member_id=target.pk),
    }


def test_staff_never_act_on_themselves(staff: Member, clock: MovableClock) -> None:
    for name, act in acts_on(staff, staff, clock.moment).items():
        with pytest.raises(Refused) as refused:
            act()
        assert codes_of(refused) == ["oneself"], name


def test_no_member_does_any_of_it_to_another(member: Member, join: Join, clock: MovableClock) -> None:
    stranger = join("tanin")
    for name, act in acts_on(member, stranger, clock.moment).items():
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.decision.status == 403, name


def test_the_link_in_the_mail_opens_the_lock_of_a_member_of_staff_as_of_anybody(
    staff: Member, clock: MovableClock
) -> None:
    row = lock_account(actor=SYSTEM, member_id=staff.pk, until=clock.moment + timedelta(hours=1), tries=20)
    end_lock(actor=SYSTEM, lock_id=row.pk, by="link")
    assert not Notice.objects.filter(kind="accounts.unlocked").exists()


@pytest.mark.rule("A123")
def test_no_freeze_is_longer_than_the_operators_rule(member: Member, staff: Member, clock: MovableClock) -> None:
    with pytest.raises(InputError) as long:
        restrict(
            actor=staff,
            member_id=member.pk,
            cause="terms_breach",
            until=clock.moment + timedelta(days=90, seconds=1),
            explanation="x",
        )
    assert list(long.value.fields) == ["until"]
    until = clock.moment + timedelta(days=90)
    assert restrict(actor=staff, member_id=member.pk, cause="terms_breach", until=until, explanation="x").until == until


def test_staff_who_lift_say_why(member: Member, staff: Member, clock: MovableClock) -> None:
    until = clock.moment + timedelta(days=1)
    row = restrict(actor=staff, member_id=member.pk, cause="terms_breach", until=until, explanation="x")
    with pytest.raises(InputError) as silent:
        lift(actor=staff, restriction_id=row.pk)
    assert list(silent.value.fields) == ["because"]
    lift(actor=staff, restriction_id=row.pk, because="別の方のことでした。")
    assert not Restriction.objects.get().overturned
    assert "別の方のことでした。" in Notice.objects.get(kind="accounts.restriction_lifted").body.ja
