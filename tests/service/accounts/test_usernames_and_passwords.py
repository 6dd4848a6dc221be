"""A username changed in place, and a password set or changed while signed in."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.service.accounts.conftest import PASSWORD, Join
from tests.service.accounts.test_addresses import add, codes_of, proved, told

from kotowari.accounts import gates
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.credentials import member_of, owner_of
from kotowari.accounts.events import WhyAsked
from kotowari.accounts.models import ApiToken, FormerUsername, Member, Session
from kotowari.accounts.selectors import is_taken, owner_of_former
from kotowari.accounts.services import change_password, change_username, create_api_token, start_sign_up
from kotowari.accounts.services.diagnosis import tell_why
from kotowari.foundation import policy
from kotowari.foundation.models import OutgoingMail
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import explain

pytestmark = pytest.mark.django_db
NEW = "seven gentle foxes dancing"


@pytest.fixture
def owner(clock: MovableClock, join: Join) -> Member:
    return proved(join(), clock)


@pytest.mark.rule("A093", "A095")
def test_a_username_changes_in_place_and_the_old_one_is_kept_from_others(
    owner: Member, join: Join, clock: MovableClock
) -> None:
    changed = change_username(actor=owner, username=" Ｈanako_New ")
    assert (changed.pk, changed.username) == (owner.pk, "hanako_new")
    assert member_of("hanako_new") == owner
    assert member_of("hanako_s") is None
    assert owner_of("hanako_s", PASSWORD) is None
    assert owner_of_former("hanako_s") == owner
    assert "ユーザー名が変わりました" in told(owner.email)
    assert is_taken("hanako_s")
    with pytest.raises(InputError) as kept:
        join("hanako_s", email="another@example.jp")
    assert list(kept.value.fields) == ["username"]
    clock.move(days=policy.value("accounts.former_username_days"))
    other = join("hanako_s", email="another@example.jp")
    assert owner_of_former("hanako_s") is None
    assert member_of("hanako_s") == other


@pytest.mark.rule("A095")
def test_the_next_change_comes_after_its_days_and_may_lead_back(owner: Member, clock: MovableClock) -> None:
    change_username(actor=owner, username="hanako_two")
    clock.move(days=29)
    with pytest.raises(Refused) as soon:
        change_username(actor=proved(owner, clock), username="hanako_s")
    assert codes_of(soon) == ["too_soon"]
    assert soon.value.decision.clears_at == clock.moment + timedelta(days=1)
    clock.move(days=1)
    assert change_username(actor=proved(owner, clock), username="hanako_s").username == "hanako_s"
    assert [row.username for row in FormerUsername.objects.order_by("id")] == ["hanako_s", "hanako_two"]
    assert owner_of_former("hanako_s") is None


@pytest.mark.rule("A095")
def test_where_a_username_stays_the_gate_says_that_only_leaving_helps(owner: Member) -> None:
    with policy.overridden({"accounts.username_change_days": 0}):
        (blocker,) = explain(gates.CHANGE_USERNAME, owner).blockers
        assert blocker.code == "accounts.username.change.only_by_leaving"
        assert "退会して登録し直す" in blocker.reason.ja
        assert blocker.remedy is not None
        assert blocker.remedy.url == "/my/settings/"
        with pytest.raises(Refused):
            change_username(actor=owner, username="hanako_two")
    assert policy.values(preset="crowdworks")["accounts.username_change_days"] == 0


@pytest.mark.parametrize("username", ["", "a", "1abc", "admin", "jiro", "hanako_s", "はなこ", "x" * 21])
def test_what_cannot_be_a_username_is_said(owner: Member, join: Join, username: str) -> None:
    join("jiro")
    with pytest.raises(InputError) as wrong:
        change_username(actor=owner, username=username)
    assert list(wrong.value.fields) == ["username"]


@pytest.mark.rule("A095", "A013")
def test_whoever_types_a_former_name_is_told_the_present_one_by_mail(owner: Member) -> None:
    change_username(actor=owner, username="hanako_new")
    tell_why(WhyAsked(login="hanako_s", language="ja"))
    mail = OutgoingMail.objects.latest("id")
    assert mail.to == owner.email
    assert "hanako_new" in mail.body


def test_a_name_that_is_kept_cannot_be_signed_up_with(owner: Member) -> None:
    change_username(actor=owner, username="hanako_new")
    with pytest.raises(InputError) as taken:
        start_sign_up(
            actor=VISITOR,
            username="hanako_s",
            display_name="別人",
            email="other@example.jp",
            password=PASSWORD,
            agreed=["terms", "message_check"],
        )
    assert list(taken.value.fields) == ["username"]


@pytest.mark.rule("A030", "A032")
def test_a_member_without_a_password_sets_one_and_signs_in_with_any_address(owner: Member) -> None:
    owner.set_unusable_password()
    owner.save(update_fields=["password"])
    add(owner)
    assert owner_of(owner.email, PASSWORD) is None
    change_password(actor=owner, password=NEW)
    for login in (owner.username, owner.email, "hanako@work.example"):
        assert owner_of(login, NEW) == owner
        assert "パスワードが変更されました" in told(owner.email)
    assert "パスワードが変更されました" in told("hanako@work.example")


@pytest.mark.rule("A115")
def test_a_new_password_needs_the_present_one_or_a_fresh_proof(owner: Member, clock: MovableClock) -> None:
    owner.proved_at = clock.moment - timedelta(minutes=policy.value("accounts.proof_minutes"))
    with pytest.raises(Refused) as refused:
        change_password(actor=owner, password=NEW)
    assert codes_of(refused) == ["proof_needed"]
    change_password(actor=owner, password=NEW, current_right=True)
    assert owner_of("hanako_s", NEW) == owner


def test_a_new_password_ends_the_other_sessions_and_revokes_tokens(owner: Member) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        browser.force_login(owner)
    create_api_token(actor=owner, name="books", scopes=["jobs:read"])
    change_password(actor=owner, password=NEW, session_key=here.session.session_key)
    assert [row.pk for row in Session.objects.filter(member=owner)] == [here.session.session_key]
    assert not ApiToken.objects.filter(revoked_at__isnull=True).exists()


def test_a_password_that_cannot_be_one_is_refused(owner: Member) -> None:
    with pytest.raises(InputError) as weak:
        change_password(actor=owner, password="hanako_s")
    assert list(weak.value.fields) == ["password"]
