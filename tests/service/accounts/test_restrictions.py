"""One row per restriction: why, what, until when, by whom; lifting one lifts no other."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.service.accounts.conftest import Join
from tests.story import proved

from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Member, Session
from kotowari.accounts.selectors import restrictions_on
from kotowari.accounts.services import (
    appoint_staff,
    authenticate_token,
    create_api_token,
    lift,
    restrict,
    set_password,
    sign_in,
)
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice
from kotowari.kernel.errors import InputError, Refused

pytestmark = pytest.mark.django_db
HERE = Caller(network="192.0.2.0/24", label="Firefox / Linux")


@pytest.fixture
def staff(join: Join) -> Member:
    return appoint_staff(actor=SYSTEM, member_id=join("unei_one").pk)


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


@pytest.mark.rule("A123", "A124", "A125", "A126")
def test_a_freeze_ends_sessions_closes_every_way_in_and_says_why_until_when_and_how_to_contest(
    member: Member, staff: Member, clock: MovableClock
) -> None:
    token = create_api_token(actor=proved(member), name="books", scopes=["jobs:read"])
    browser = Client()
    browser.force_login(member)
    assert Session.objects.filter(member=member).count() == 1
    until = clock.moment + timedelta(days=30)
    with pytest.raises(InputError) as unexplained:
        restrict(actor=staff, member_id=member.pk, cause="defamation", until=until)
    assert list(unexplained.value.fields) == ["explanation"]
    row = restrict(actor=staff, member_id=member.pk, cause="defamation", until=until, explanation="11月1日のメッセージ")
    assert not Session.objects.filter(member=member).exists()
    with pytest.raises(Refused) as refused:
        sign_in(actor=member, way="passkey", caller=HERE)
    (blocker,) = refused.value.decision.blockers
    assert (blocker.code, blocker.clears_at, blocker.decided_by) == ("accounts.sign_in.frozen", until, "staff")
    assert blocker.appeal is not None
    with pytest.raises(Refused) as program:
        authenticate_token(f"Bearer {token.plaintext}")
    assert codes_of(program) == ["frozen"]
    notice = Notice.objects.get(kind="accounts.restricted")
    for words in ("11月1日のメッセージ", "12月20日", f"/appeals/{row.pk}/", "A125"):
        assert words in notice.body.ja
    lift(actor=staff, restriction_id=row.pk, because="確認できました。")
    sign_in(actor=member, way="passkey", caller=HERE)
    assert authenticate_token(f"Bearer {token.plaintext}")[0] == member


def test_a_freeze_ends_by_itself(member: Member, staff: Member, clock: MovableClock) -> None:
    until = clock.moment + timedelta(days=1)
    restrict(actor=staff, member_id=member.pk, cause="terms_breach", until=until, explanation="x")
    clock.move(days=1)
    sign_in(actor=member, way="password", caller=HERE)


def test_lifting_one_lifts_no_other(member: Member, staff: Member, clock: MovableClock) -> None:
    until = clock.moment + timedelta(days=1)
    first, second = (
        restrict(actor=staff, member_id=member.pk, cause=cause, until=until, explanation="x")
        for cause in ("terms_breach", "defamation")
    )
    lift(actor=staff, restriction_id=first.pk, because="x")
    assert [r.id for r in restrictions_on(member.pk, "sign_in")] == [second.pk]
    with pytest.raises(Refused) as again:
        lift(actor=staff, restriction_id=first.pk, because="x")
    assert codes_of(again) == ["over"]


@pytest.mark.rule("A120", "A121")
def test_a_protective_hold_is_asked_for_by_the_owner_and_lifted_after_a_new_password(
    clock: MovableClock, member: Member, staff: Member
) -> None:
    until = clock.moment + timedelta(days=14)
    with pytest.raises(Refused) as others:
        restrict(actor=staff, member_id=member.pk, cause="not_me", until=until)
    assert codes_of(others) == ["not_yours_to_decide"]
    row = restrict(actor=member, member_id=member.pk, cause="not_me", until=until)
    assert restrictions_on(member.pk, "payout")
    assert not restrictions_on(member.pk, "sign_in")
    clock.move(minutes=1)
    with pytest.raises(Refused) as early:
        lift(actor=member, restriction_id=row.pk)
    assert codes_of(early) == ["password_first"]
    changed = set_password(actor=member, password="seven gentle foxes dancing")
    lift(actor=changed, restriction_id=row.pk)
    assert not [r for r in restrictions_on(member.pk, "payout") if r.cause == "not_me"]


@pytest.mark.parametrize("cause", ["terms_breach", "password_reset"])
def test_no_member_restricts_another(member: Member, join: Join, clock: MovableClock, cause: str) -> None:
    other = join("tanin")
    with pytest.raises(Refused) as refused:
        restrict(actor=other, member_id=member.pk, cause=cause, until=clock.moment + timedelta(days=1))
    assert codes_of(refused) == ["not_yours_to_decide"]
