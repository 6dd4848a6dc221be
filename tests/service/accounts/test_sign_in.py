"""Whose password it is, the gate before every session, and limits."""

from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from tests.conftest import MovableClock
from tests.service.accounts.conftest import PASSWORD, Join

from kotowari.accounts import credentials, gates
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Member, SignUp
from kotowari.accounts.services import appoint_staff, sign_in, sign_out, start_sign_up
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry
from kotowari.kernel.errors import NotVisible, Refused
from kotowari.kernel.gates import explain

pytestmark = pytest.mark.django_db
HERE = Caller(network="192.0.2.0/24", label="Firefox / Linux")


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


@pytest.mark.rule("A003", "A004")
@pytest.mark.parametrize(
    "login", ["hanako_s", " Hanako_S ", "hanako_s@example.jp", "ＨＡＮＡＫＯ＿Ｓ＠ｅｘａｍｐｌｅ．ｊｐ"]
)
def test_username_and_address_both_open_however_they_are_typed(member: Member, login: str) -> None:
    assert credentials.owner_of(login, PASSWORD) == member
    assert authenticate(None, username=login, password=PASSWORD) == member


@pytest.mark.rule("A010", "A011")
@pytest.mark.parametrize(
    "password", ["", " ", PASSWORD.title(), PASSWORD.upper(), PASSWORD.replace(" ", ""), PASSWORD[:-1]]
)
def test_only_the_exact_password_opens(member: Member, password: str) -> None:
    assert credentials.owner_of("hanako_s", password) is None


@pytest.mark.rule("A003")
@pytest.mark.parametrize("password", [PASSWORD + " ", " " + PASSWORD, "\u3000" + PASSWORD + "\n"])
def test_a_stray_space_at_an_end_is_forgiven_as_a_second_try_but_not_within(member: Member, password: str) -> None:
    assert credentials.owner_of("hanako_s", password) == member
    assert credentials.owner_of("hanako_s", password.replace("horse", " horse")) is None


@pytest.mark.parametrize(("password", "hashes"), [("wrong", 1), (" wrong", 2)])
@pytest.mark.parametrize(
    "login", ["hanako_s", "hanako_s@example.jp", "nobody", "nobody@example.jp", "pending", "", "@"]
)
def test_as_many_hashes_are_computed_whoever_is_asked_about(
    member: Member, login: str, password: str, hashes: int
) -> None:
    start_sign_up(
        actor=VISITOR,
        username="pending",
        display_name="x",
        email="pending@example.jp",
        password=PASSWORD,
        agreed=["terms", "message_check"],
    )
    with (
        mock.patch("kotowari.accounts.hashing.Argon2PasswordHasher.encode") as encoded,
        mock.patch("kotowari.accounts.hashing._fits", return_value=False) as verified,
        mock.patch("django.contrib.auth.hashers.identify_hasher", side_effect=lambda _: _hasher()),
    ):
        credentials.owner_of(login, password)
    assert (encoded.call_count, verified.call_count) == (0, hashes), "only verifies, which all take as long"


def _hasher() -> object:
    from kotowari.accounts.hashing import Argon2id

    hasher = Argon2id()
    hasher.must_update = lambda _: False  # type: ignore[method-assign]
    return hasher


def test_an_unfinished_sign_up_is_recognised_by_its_password_and_told_what_is_left(clock: MovableClock) -> None:
    sign_up = start_sign_up(
        actor=VISITOR,
        username="pending",
        display_name="x",
        email="pending@example.jp",
        password=PASSWORD,
        agreed=["terms", "message_check"],
    )
    owner = credentials.owner_of("pending@example.jp", PASSWORD)
    assert owner == sign_up
    assert credentials.owner_of("pending@example.jp", "wrong") is None
    decision = explain(gates.SIGN_IN, owner)
    assert [b.code for b in decision.blockers] == ["accounts.sign_in.sign_up_pending"]
    assert decision.blockers[0].remedy.url == "/signup/verify/"  # type: ignore[union-attr]
    clock.move(hours=24)
    assert credentials.owner_of("pending@example.jp", PASSWORD) is None


def test_a_sign_up_never_stands_in_for_the_member_of_the_same_address(member: Member) -> None:
    start_sign_up(
        actor=VISITOR,
        username="intruder",
        display_name="x",
        email=member.email,
        password="another password of mine",
        agreed=["terms", "message_check"],
    )
    assert SignUp.objects.exists()
    assert credentials.owner_of(member.email, "another password of mine") is None
    assert credentials.owner_of(member.email, PASSWORD) == member


def test_signing_in_is_recorded_with_our_own_clock(member: Member, clock: MovableClock) -> None:
    sign_in(actor=member, way="password", caller=HERE)
    member.refresh_from_db()
    assert member.last_login == clock.moment
    assert AuditEntry.objects.get(kind="accounts.signed_in").actor_id == member.pk


def test_whoever_has_left_or_whose_address_is_not_proved_does_not_get_in(join: Join, clock: MovableClock) -> None:
    gone, unproved = join("gone"), join("unproved")
    Member.objects.filter(pk=gone.pk).update(left_at=clock.moment)
    EmailAddress.objects.filter(user=unproved).update(verified=False)
    for who, code in ((gone, "has_left"), (unproved, "address_not_proved")):
        with pytest.raises(Refused) as refused:
            sign_in(actor=who, way="password", caller=HERE)
        assert codes_of(refused) == [code]
        who.refresh_from_db()
        assert who.last_login is None
    Member.objects.filter(pk=gone.pk).update(left_at=None)
    EmailAddress.objects.filter(user=unproved).update(verified=True)
    for who in (gone, unproved):
        sign_in(actor=who, way="password", caller=HERE)


def test_signing_out_leaves_an_entry_and_needs_somebody_who_is_signed_in(member: Member) -> None:
    from django.contrib.auth.models import AnonymousUser

    sign_out(actor=member)
    assert AuditEntry.objects.filter(kind="accounts.signed_out", actor_id=member.pk).count() == 1
    with pytest.raises(Refused) as refused:
        sign_out(actor=AnonymousUser())
    assert refused.value.decision.status == 401


def test_staff_are_appointed_by_the_system_or_by_staff(join: Join) -> None:
    first, second, third = join("first"), join("second"), join("third")
    with pytest.raises(Refused) as refused:
        appoint_staff(actor=first, member_id=first.pk)
    assert codes_of(refused) == ["staff_only"]
    assert appoint_staff(actor=SYSTEM, member_id=first.pk).is_staff
    first.refresh_from_db()
    assert appoint_staff(actor=first, member_id=second.pk).is_staff
    with pytest.raises(Refused) as again:
        appoint_staff(actor=first, member_id=second.pk)
    assert codes_of(again) == ["already_staff"]
    with pytest.raises(NotVisible):
        appoint_staff(actor=SYSTEM, member_id="0198b1c5-0000-7000-8000-000000000000")
    third.refresh_from_db()
    assert not third.is_staff
