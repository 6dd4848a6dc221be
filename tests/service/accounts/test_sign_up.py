"""Becoming a member: the name and the address belong to whoever proves the address first."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from tests.conftest import MovableClock

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import Consent, Member, SignUp
from kotowari.accounts.services import confirm_sign_up, register_member, resend_code, start_sign_up
from kotowari.foundation import deadlines
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, OutboxEvent, OutgoingMail
from kotowari.kernel.errors import InputError, NotVisible, Refused

pytestmark = pytest.mark.django_db
FORM: dict[str, Any] = {
    "username": "hanako_s",
    "display_name": "佐藤 花子",
    "email": "hanako@example.jp",
    "password": "correct horse battery staple",
    "agreed": ["terms", "message_check"],
}


def start(**changes: Any) -> SignUp:
    return start_sign_up(**{"actor": VISITOR, **FORM, **changes})


def confirm(**given: Any) -> Member:
    return confirm_sign_up(actor=VISITOR, **given)


def add(**changes: Any) -> Member:
    given = {k: v for k, v in FORM.items() if k != "agreed"}
    return register_member(**{"actor": SYSTEM, **given, **changes})


def code_in_last_mail() -> str:
    found = re.search(r"[A-Z]{4}-[A-Z]{4}", OutgoingMail.objects.latest("id").body)
    assert found
    return found[0]


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


def test_nobody_is_a_member_before_the_code_has_come_back(clock: MovableClock) -> None:
    sign_up = start(username="Ｈanako_S ", email=" Ｈanako@Example.jp")
    assert not Member.objects.exists()
    mail = OutgoingMail.objects.get()
    assert mail.to == "hanako@example.jp"
    assert str(sign_up.id) in mail.body
    clock.move(minutes=9)
    member = confirm(sign_up_id=sign_up.id, code=code_in_last_mail())
    assert (member.username, member.display_name, member.email) == ("hanako_s", "佐藤 花子", "hanako@example.jp")
    assert EmailAddress.objects.get(user=member, verified=True, primary=True).email == "hanako@example.jp"
    assert {c.kind for c in Consent.objects.filter(member=member, agreed_at=sign_up.asked_at)} == {
        "terms",
        "message_check",
    }
    assert not SignUp.objects.exists()
    assert OutboxEvent.objects.filter(kind="accounts.member_joined", payload__member_id=str(member.id)).exists()
    assert AuditEntry.objects.filter(kind="accounts.member_joined", actor_id=member.id).exists()


def test_a_code_that_is_too_old_is_refused_and_a_new_one_works(clock: MovableClock) -> None:
    sign_up = start()
    old = code_in_last_mail()
    clock.move(minutes=10)
    with pytest.raises(Refused) as refused:
        confirm(sign_up_id=sign_up.id, code=old)
    assert codes_of(refused) == ["code_expired"]
    resend_code(actor=VISITOR, sign_up_id=sign_up.id)
    with pytest.raises(InputError) as wrong:
        confirm(sign_up_id=sign_up.id, code=old)
    assert list(wrong.value.fields) == ["code"]
    assert confirm(sign_up_id=sign_up.id, code=code_in_last_mail()).username == "hanako_s"


def test_a_code_works_once() -> None:
    sign_up = start()
    code = code_in_last_mail()
    confirm(sign_up_id=sign_up.id, code=code)
    with pytest.raises(NotVisible):
        confirm(sign_up_id=sign_up.id, code=code)
    assert Member.objects.count() == 1


def test_from_another_browser_the_password_is_asked_for() -> None:
    sign_up = start()
    code = code_in_last_mail()
    with pytest.raises(InputError) as wrong:
        confirm(sign_up_id=sign_up.id, code=code, password="somebody else's idea")
    assert list(wrong.value.fields) == ["password"]
    confirm(sign_up_id=sign_up.id, code=code, password=FORM["password"])


@pytest.mark.rule("A010")
def test_an_address_of_a_member_is_told_to_its_owner_only_and_the_code_never_leaves() -> None:
    member = add()
    sign_up = start(username="somebody")
    mail = OutgoingMail.objects.get()
    assert (mail.to, "確認コード" in mail.subject) == (member.email, False)
    assert not re.search(r"[A-Z]{4}-[A-Z]{4}", mail.body)
    assert sign_up.username == "somebody"
    assert Member.objects.count() == 1


@pytest.mark.rule("A010")
def test_a_name_tried_with_a_members_address_stays_as_free_as_with_any_other() -> None:
    add()
    start(username="probe_one")
    start(username="probe_two", email="nobody@example.jp")
    for name in ("probe_one", "probe_two"):
        start(username=name, email="third@example.jp")


def test_whoever_proves_the_address_first_has_the_name_and_the_other_chooses_again() -> None:
    first = start()
    first_code = code_in_last_mail()
    second = start(email="other@example.jp")
    confirm(sign_up_id=second.id, code=code_in_last_mail())
    with pytest.raises(InputError) as taken:
        confirm(sign_up_id=first.id, code=first_code)
    assert list(taken.value.fields) == ["username"]
    assert confirm(sign_up_id=first.id, code=first_code, username="hanako_2").username == "hanako_2"


def test_an_address_is_proved_by_one_sign_up_and_the_others_are_forgotten() -> None:
    stranger = start(username="stranger")
    owner = start()
    confirm(sign_up_id=owner.id, code=code_in_last_mail())
    with pytest.raises(NotVisible):
        resend_code(actor=VISITOR, sign_up_id=stranger.id)


def test_an_address_that_became_a_members_meanwhile_is_told_to_whoever_reads_its_mail() -> None:
    sign_up = start(username="another")
    code = code_in_last_mail()
    member = Member.objects.create_user("hanako_s", "hanako@example.jp", display_name="花子")
    with pytest.raises(Refused) as refused:
        confirm(sign_up_id=sign_up.id, code=code)
    assert codes_of(refused) == ["address_in_use"]
    assert list(Member.objects.all()) == [member]


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_kept() -> None:
    with pytest.raises(InputError) as wrong:
        start_sign_up(
            actor=VISITOR,
            username="花子",
            display_name=" ",
            email="hanako",
            password="short",
            kind="robot",
            agreed=["terms"],
        )
    assert set(wrong.value.fields) == {"username", "display_name", "email", "password", "kind", "message_check"}
    assert not SignUp.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_taken_username_is_told() -> None:
    add()
    with pytest.raises(InputError) as wrong:
        start(email="other@example.jp")
    assert list(wrong.value.fields) == ["username"]


@pytest.mark.rule("A125")
def test_a_member_cannot_sign_up_again_but_a_visitor_can() -> None:
    member = add()
    with pytest.raises(Refused) as refused:
        start(actor=member, username="second", email="second@example.jp")
    assert codes_of(refused) == ["already_member"]
    assert start(actor=VISITOR, username="second", email="second@example.jp")


def test_only_the_system_adds_members_whose_address_nobody_proved() -> None:
    with pytest.raises(Refused) as refused:
        add(actor=VISITOR)
    assert codes_of(refused) == ["system_only"]
    add(username="one_more")
    with pytest.raises(InputError) as wrong:
        add(username="two_more")
    assert list(wrong.value.fields) == ["email"]


def test_a_sign_up_that_is_left_alone_lapses_with_everything_that_was_typed(clock: MovableClock) -> None:
    sign_up = start()
    clock.move(hours=23, minutes=59)
    assert "accounts.sign_up_lapse" not in deadlines.run_all_due()
    clock.move(minutes=1)
    with pytest.raises(Refused) as refused:
        resend_code(actor=VISITOR, sign_up_id=sign_up.id)
    assert codes_of(refused) == ["lapsed"]
    assert deadlines.run_all_due()["accounts.sign_up_lapse"] == 1
    assert not SignUp.objects.exists()


def test_a_repeated_key_starts_one_sign_up() -> None:
    first = start(idempotency_key="once")
    assert start(idempotency_key="once").id == first.id
    assert OutgoingMail.objects.count() == 1


def test_mail_is_in_the_language_that_was_chosen() -> None:
    start(language="en")
    assert OutgoingMail.objects.get().subject == "[Kotowari] Your code"
