"""Several addresses for one account: added by a code, one of them the main one, and a change of it taken back."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from tests.conftest import MovableClock
from tests.service.accounts.conftest import PASSWORD, Join

from kotowari.accounts import address_mails, gates
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.credentials import member_of, owner_of
from kotowari.accounts.models import AddressChange, AddressProof, ApiToken, Member, RiskCase, Session
from kotowari.accounts.selectors import restrictions_on
from kotowari.accounts.services import (
    ask_address,
    ask_password_reset,
    confirm_sign_up,
    create_api_token,
    drop_address,
    make_primary,
    prove_address,
    register_member,
    remove_address,
    resend_address_code,
    start_sign_up,
    undo_primary,
)
from kotowari.accounts.tasks import lapse_addresses
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice, OutgoingMail
from kotowari.kernel.errors import InputError, NotVisible, Refused
from kotowari.kernel.gates import explain

pytestmark = pytest.mark.django_db
SECOND = "hanako@work.example"


@pytest.fixture
def owner(clock: MovableClock, join: Join) -> Member:
    """Somebody who proved a moment ago who she is."""
    return proved(join(), clock)


def proved(member: Member, clock: MovableClock) -> Member:
    member.refresh_from_db()
    member.proved_at = clock.moment
    return member


def code_to(email: str) -> str:
    found = re.search(r"[A-Z]{4}-[A-Z]{4}", OutgoingMail.objects.filter(to=email).latest("id").body)
    assert found
    return found[0]


def add(owner: Member, email: str = SECOND) -> EmailAddress:
    proof = ask_address(actor=owner, email=email)
    return prove_address(actor=owner, proof_id=proof.pk, code=code_to(email))


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


def told(email: str) -> list[str]:
    return [mail.subject for mail in OutgoingMail.objects.filter(to=email).order_by("id")]


@pytest.mark.rule("A067", "A115")
def test_each_proved_address_opens_the_account_and_gets_the_mail_for_a_new_password(owner: Member) -> None:
    proof = ask_address(actor=owner, email=" Ｈanako@Work.example ")
    assert proof.email == SECOND
    assert member_of(SECOND) is None
    with pytest.raises(InputError) as wrong:
        prove_address(actor=owner, proof_id=proof.pk, code="AAAA-AAAA")
    assert list(wrong.value.fields) == ["code"]
    address = prove_address(actor=owner, proof_id=proof.pk, code=code_to(SECOND).lower())
    assert (address.verified, address.primary) == (True, False)
    assert owner_of(SECOND, PASSWORD) == owner
    ask_password_reset(actor=VISITOR, email=SECOND)
    assert told(SECOND)[-1] == "【ことわり】パスワードの再設定"
    assert "メールアドレスが追加されました" in told(owner.email)
    assert "メールアドレスが追加されました" in told(SECOND)


@pytest.mark.rule("A010")
def test_an_address_of_somebody_else_goes_the_same_way_but_gets_no_code(owner: Member, join: Join) -> None:
    other = join("jiro", email="jiro@example.jp")
    before = OutgoingMail.objects.count()
    proof = ask_address(actor=owner, email="jiro@example.jp")
    free = ask_address(actor=owner, email="free@example.jp")
    assert OutgoingMail.objects.count() == before + 2
    assert {p.lapses_at for p in (proof, free)} == {free.lapses_at}
    assert not re.search(r"[A-Z]{4}-[A-Z]{4}", OutgoingMail.objects.filter(to=other.email).latest("id").body)


def test_two_who_prove_one_address_at_the_same_time_do_not_both_have_it(
    owner: Member, join: Join, clock: MovableClock
) -> None:
    other = proved(join("jiro"), clock)
    mine, theirs = ask_address(actor=owner, email=SECOND), ask_address(actor=other, email=SECOND)
    bodies = [mail.body for mail in OutgoingMail.objects.filter(to=SECOND).order_by("id")]
    first, second = (re.search(r"[A-Z]{4}-[A-Z]{4}", body) for body in bodies)
    assert first
    assert second
    prove_address(actor=other, proof_id=theirs.pk, code=second[0])
    with pytest.raises(Refused) as refused:
        prove_address(actor=owner, proof_id=mine.pk, code=first[0])
    assert codes_of(refused) == ["address_in_use"]
    assert member_of(SECOND) == other


@pytest.mark.rule("A067")
def test_no_two_members_have_one_proved_address_whoever_asks_the_database(owner: Member, join: Join) -> None:
    add(owner)
    other = join("jiro")
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailAddress.objects.create(user=other, email=SECOND, verified=True)
    with pytest.raises(InputError) as taken:
        register_member(actor=SYSTEM, username="saburo", display_name="三郎", email=SECOND, password=PASSWORD)
    assert list(taken.value.fields) == ["email"]


@pytest.mark.rule("A010", "A067")
def test_signing_up_with_somebodys_second_address_is_answered_by_mail_alone(owner: Member) -> None:
    add(owner)
    given = {
        "actor": VISITOR,
        "username": "saburo",
        "display_name": "三郎",
        "email": SECOND,
        "password": PASSWORD,
        "agreed": ["terms", "message_check"],
    }
    sign_up = start_sign_up(**given)
    assert told(SECOND)[-1] == "【ことわり】登録済みのお知らせ"
    early = start_sign_up(**{**given, "username": "shiro", "email": "third@example.jp"})
    code = code_to("third@example.jp")
    add(owner, "third@example.jp")
    with pytest.raises(Refused) as refused:
        confirm_sign_up(actor=VISITOR, sign_up_id=early.pk, code=code)
    assert codes_of(refused) == ["address_in_use"]
    assert sign_up.username == "saburo"


def test_an_address_is_asked_for_by_its_owner_who_proved_it_recently_and_only_so_many(
    owner: Member, clock: MovableClock
) -> None:
    for number in range(policy.value("accounts.addresses_max") - 1):
        ask_address(actor=owner, email=f"n{number}@example.jp")
    with pytest.raises(Refused) as full:
        ask_address(actor=owner, email="one.more@example.jp")
    assert codes_of(full) == ["too_many_addresses"]
    owner.proved_at = clock.moment - timedelta(minutes=policy.value("accounts.proof_minutes"))
    with pytest.raises(Refused) as stale:
        ask_address(actor=owner, email="one.more@example.jp")
    assert "proof_needed" in codes_of(stale)


@pytest.mark.parametrize("email", ["", "no-address", "hanako_s@example.jp"])
def test_what_is_no_address_or_mine_already_is_said(owner: Member, email: str) -> None:
    with pytest.raises(InputError) as wrong:
        ask_address(actor=owner, email=email)
    assert list(wrong.value.fields) == ["email"]


@pytest.mark.rule("A115")
def test_a_code_works_for_its_time_and_a_new_one_makes_it_void(owner: Member, clock: MovableClock) -> None:
    proof = ask_address(actor=owner, email=SECOND)
    first = code_to(SECOND)
    resend_address_code(actor=owner, proof_id=proof.pk)
    with pytest.raises(InputError):
        prove_address(actor=owner, proof_id=proof.pk, code=first)
    clock.move(hours=policy.value("accounts.address_proof_hours"))
    with pytest.raises(Refused) as late:
        prove_address(actor=owner, proof_id=proof.pk, code=code_to(SECOND))
    assert codes_of(late) == ["lapsed"]
    assert lapse_addresses() == 1
    assert not AddressProof.objects.exists()


def test_an_address_that_waits_can_be_given_up_and_is_nobody_elses_business(owner: Member, join: Join) -> None:
    proof = ask_address(actor=owner, email=SECOND)
    with pytest.raises(NotVisible):
        drop_address(actor=join("jiro"), proof_id=proof.pk)
    drop_address(actor=owner, proof_id=proof.pk)
    assert not AddressProof.objects.exists()


@pytest.mark.rule("A115", "A121")
def test_another_main_address_is_told_to_all_and_holds_the_bank_account(owner: Member, clock: MovableClock) -> None:
    old = owner.email
    address = add(owner)
    changed = make_primary(actor=owner, address_id=address.pk)
    assert changed.email == SECOND
    assert EmailAddress.objects.get(user=owner, primary=True).email == SECOND
    assert "【ことわり】お知らせ先が変わりました" in told(old)
    for email in (old, SECOND):
        assert "お知らせ先のメールアドレスが変わりました" in told(email)
    (held,) = restrictions_on(owner.pk, "payout_destination")
    assert held.cause == "address_changed"
    assert held.until == clock.moment + timedelta(hours=72)
    assert restrictions_on(owner.pk, "sign_in") == []
    again = EmailAddress.objects.get(user=owner, email=old)
    clock.move(hours=1)
    make_primary(actor=proved(owner, clock), address_id=again.pk)
    (longer,) = restrictions_on(owner.pk, "payout_destination")
    assert longer.until == clock.moment + timedelta(hours=72)


@pytest.mark.rule("A067", "A115")
def test_the_main_address_the_last_one_and_the_one_that_can_take_back_stay(owner: Member, clock: MovableClock) -> None:
    first = EmailAddress.objects.get(user=owner)
    with pytest.raises(Refused) as last:
        remove_address(actor=owner, address_id=first.pk)
    assert codes_of(last) == ["last_address", "is_primary"]
    second = add(owner)
    make_primary(actor=owner, address_id=second.pk)
    with pytest.raises(Refused) as early:
        remove_address(actor=owner, address_id=first.pk)
    assert codes_of(early) == ["undo_possible"]
    assert early.value.decision.clears_at == clock.moment + timedelta(hours=72)
    clock.move(hours=72)
    remove_address(actor=proved(owner, clock), address_id=first.pk)
    assert member_of(first.email) is None
    assert "メールアドレスが削除されました" in told(first.email)
    assert "メールアドレスが削除されました" in told(SECOND)


def test_somebody_elses_address_is_not_there(owner: Member, join: Join) -> None:
    other = EmailAddress.objects.get(user=join("jiro"))
    for command in (make_primary, remove_address):
        with pytest.raises(NotVisible):
            command(actor=owner, address_id=other.pk)


@pytest.mark.rule("A115", "A120", "A121")
def test_the_old_address_takes_the_account_back_with_all_that_was_added(owner: Member, clock: MovableClock) -> None:
    old = owner.email
    browser = Client()
    browser.force_login(owner)
    create_api_token(actor=owner, name="books", scopes=["jobs:read"])
    bad = add(owner, "bad@evil.example")
    make_primary(actor=owner, address_id=bad.pk)
    clock.move(hours=5)
    worse = add(proved(owner, clock), "worse@evil.example")
    change = AddressChange.objects.get()
    assert address_mails.change_in(address_mails.undo_path(change).split("/")[-2]) == change.pk
    clock.move(hours=60)
    member = undo_primary(actor=VISITOR, change_id=change.pk)
    assert member.email == old
    assert list(EmailAddress.objects.filter(user=owner).values_list("email", "primary")) == [(old, True)]
    assert member.password_void_since == clock.moment
    assert not Session.objects.filter(member=owner).exists()
    assert not ApiToken.objects.filter(member=owner, revoked_at__isnull=True).exists()
    assert RiskCase.objects.get(member=owner).kind == "address_undone"
    assert told(worse.email)[-1] != "お知らせ先の変更を元に戻しました"
    assert told(old)[-1] == "お知らせ先の変更を元に戻しました"
    assert Notice.objects.filter(member=owner).latest("id").kind == "accounts.address_undone"
    with pytest.raises(Refused) as twice:
        undo_primary(actor=VISITOR, change_id=change.pk)
    assert codes_of(twice) == ["already_undone"]


def test_after_its_time_a_change_stays_and_whoever_asks_is_sent_to_staff(owner: Member, clock: MovableClock) -> None:
    make_primary(actor=owner, address_id=add(owner).pk)
    clock.move(hours=72)
    change = AddressChange.objects.select_related("member").get()
    decision = explain(gates.UNDO_ADDRESS, VISITOR, change)
    assert [b.resolved_by for b in decision.blockers] == ["operator"]
    with pytest.raises(Refused):
        undo_primary(actor=VISITOR, change_id=change.pk)


@pytest.mark.parametrize("key", ["", "x", "bm90LW91cnM:abc:def", "あ"])
def test_what_is_no_link_of_ours_is_none(key: str) -> None:
    assert address_mails.change_in(key) is None
