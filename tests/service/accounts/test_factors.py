"""Second factors: each is added, shown once, and removed through its gate; nothing that was shown works again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.service.accounts.conftest import Join
from tests.service.accounts.factors import (
    HERE,
    NUMBER,
    app_code,
    step_now,
    text_code,
    with_app,
    with_passkey,
    with_telephone,
)
from tests.soft_passkey import SoftPasskey
from tests.story import proved

from kotowari.accounts import passkeys, second_factor, selectors, services
from kotowari.accounts.models import Device, Factor, Member, RecoverySheet, SentCode, SignInRecord, TextMessage
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import run_all_due
from kotowari.foundation.models import AuditEntry, MailboxMessage, Notice, OutboxEvent, OutgoingMail
from kotowari.kernel.errors import InputError, NotVisible, Refused

pytestmark = pytest.mark.django_db


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


def refused(call: Callable[[], Any]) -> list[str]:
    with pytest.raises(Refused) as said:
        call()
    return codes_of(said)


# --- Apps ----------------------------------------------------------------------------------------------


@pytest.mark.rule("A113", "A114")
def test_an_app_counts_once_it_showed_a_code_and_that_code_opens_nothing_more(member: Member) -> None:
    factor = services.begin_app(actor=proved(member))
    assert not selectors.has_factor(member.pk)
    with pytest.raises(InputError):
        services.confirm_factor(
            actor=member, factor_id=factor.pk, code="000000" if app_code(factor) != "000000" else "1"
        )
    code = app_code(factor, ahead=0)
    confirmed = services.confirm_factor(actor=member, factor_id=factor.pk, code=code)
    assert confirmed.confirmed_at
    assert selectors.has_factor(member.pk)
    assert not services.show_code(actor=member, kind="totp", typed=code), "the code that confirmed it was taken again"
    assert refused(lambda: services.confirm_factor(actor=member, factor_id=factor.pk, code=code)) == [
        "already_confirmed"
    ]
    assert Notice.objects.get(kind="accounts.factor_added").member_id == member.pk
    assert OutboxEvent.objects.filter(kind="accounts.factors_changed").count() == 1


def test_a_code_works_once_and_so_do_those_before_it(member: Member) -> None:
    factor = with_app(member)
    newest, older = app_code(factor, ahead=1), app_code(factor, ahead=0)
    assert services.show_code(actor=member, kind="totp", typed=f"　{newest[:3]} {newest[3:]}")
    assert not services.show_code(actor=member, kind="totp", typed=newest)
    assert not services.show_code(actor=member, kind="totp", typed=older), "a code older than one that was taken"
    factor.refresh_from_db()
    assert factor.last_step in (step_now(), step_now() + 1)
    assert factor.last_used_at


def test_the_secret_lies_sealed_and_in_no_record(member: Member) -> None:
    factor = with_app(member)
    row = Factor.objects.values().get(pk=factor.pk)
    assert (factor.secret or "").encode() not in bytes(row["secret_sealed"])
    told = " ".join(str(e.data) for e in AuditEntry.objects.all()) + " ".join(
        str(e.payload) for e in OutboxEvent.objects.all()
    )
    assert factor.secret not in told


def test_what_was_begun_and_left_is_dropped_by_the_clock(member: Member, clock: MovableClock) -> None:
    first = services.begin_app(actor=proved(member))
    second = services.begin_app(actor=proved(member))
    assert not Factor.objects.filter(pk=first.pk).exists(), "one begun before is gone"
    clock.move(minutes=60)
    assert refused(
        lambda: services.confirm_factor(actor=proved(member), factor_id=second.pk, code=app_code(second))
    ) == ["setup_over"]
    run_all_due()
    assert not Factor.objects.exists()
    kept = with_app(member)
    assert refused(lambda: services.lapse_factor(actor=SYSTEM, factor_id=kept.pk)) == ["not_due"]


# --- Telephones ----------------------------------------------------------------------------------------


@pytest.mark.rule("A114")
def test_a_telephone_counts_once_its_code_came_back_and_the_number_lies_sealed(member: Member) -> None:
    factor = services.begin_telephone(actor=proved(member), number="０９０−１２３４−５６７８")
    services.send_factor_code(actor=member, factor_id=factor.pk, purpose="setup")
    code = text_code()
    message = MailboxMessage.objects.get(channel="sms")
    assert message.to == "+819012345678"
    assert message.body.endswith(f"@localhost #{code}"), "telephones fill it in on our page only"
    assert services.confirm_factor(actor=member, factor_id=factor.pk, code=code).confirmed_at
    row = Factor.objects.values().get(pk=factor.pk)
    assert b"9012345678" not in bytes(row["secret_sealed"])
    assert "5678" in row["name"]
    sent = TextMessage.objects.values().get()
    assert (sent["state"], sent["to_sealed"], sent["words_sealed"]) == ("sent", None, None)


def test_a_text_code_works_once_for_minutes_for_one_purpose_and_a_new_one_voids_it(
    member: Member, clock: MovableClock
) -> None:
    factor = with_telephone(member)

    def fresh(purpose: str = "sign_in") -> str:
        services.send_factor_code(actor=member, factor_id=factor.pk, purpose=purpose)
        return text_code()

    first, second = fresh(), fresh()
    assert first == second or not services.show_code(actor=member, kind="sms", typed=first)
    assert services.show_code(actor=member, kind="sms", typed=second)
    assert not services.show_code(actor=member, kind="sms", typed=second)
    assert not services.show_code(actor=member, kind="sms", typed=fresh("proof")), (
        "sent for a proof, not for signing in"
    )
    late = fresh()
    clock.move(minutes=10)
    assert not services.show_code(actor=member, kind="sms", typed=late)
    run_all_due()
    assert not SentCode.objects.exists()


@pytest.mark.parametrize("number", ["", "03-1234-5678", "+1 212 555 0100"])
def test_a_number_that_receives_nothing_is_refused_with_the_reason(member: Member, number: str) -> None:
    with pytest.raises(InputError) as wrong:
        services.begin_telephone(actor=proved(member), number=number)
    assert set(wrong.value.fields) == {"number"}
    assert not Factor.objects.exists()


def test_without_a_service_no_telephone_is_added_and_the_reason_says_so(member: Member, settings: Any) -> None:
    factor = with_telephone(member)
    settings.SMS_BACKEND = ""
    assert refused(lambda: services.begin_telephone(actor=proved(member), number=NUMBER)) == ["no_text_messages"]
    assert refused(lambda: services.send_factor_code(actor=member, factor_id=factor.pk, purpose="sign_in")) == [
        "no_text_messages"
    ]


class Failing:
    """A service that takes nothing."""

    def send(self, to: str, words: str) -> None:
        raise ConnectionError(f"{len(words)} letters did not reach {to}")


def test_a_message_that_is_not_taken_is_tried_again_until_it_is_too_late(
    member: Member, settings: Any, clock: MovableClock
) -> None:
    factor = with_telephone(member)
    settings.SMS_BACKEND = f"{__name__}.Failing"
    services.send_factor_code(actor=member, factor_id=factor.pk, purpose="sign_in")
    outbox.deliver_waiting()
    row = TextMessage.objects.latest("id")
    assert (row.state, row.attempts, row.last_error) == ("queued", 1, "ConnectionError")
    settings.SMS_BACKEND = "kotowari.accounts.sms.MailboxSender"
    assert "accounts.text_messages" not in run_all_due(), "not before its pause is over"
    clock.move(seconds=11)
    run_all_due()
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 2)
    settings.SMS_BACKEND = f"{__name__}.Failing"
    services.send_factor_code(actor=member, factor_id=factor.pk, purpose="sign_in")
    outbox.deliver_waiting()
    clock.move(minutes=10)
    run_all_due()
    late = TextMessage.objects.latest("id")
    assert (late.state, late.to, late.words) == ("given_up", None, None)


# --- Passkeys ------------------------------------------------------------------------------------------


@pytest.mark.rule("A114")
@pytest.mark.parametrize("counts", [True, False])
def test_a_passkey_is_shown_and_an_answer_works_once_if_it_counts(member: Member, counts: bool) -> None:
    factor, key = with_passkey(member, counts=counts)
    assert factor.confirmed_at
    asked, state = passkeys.ask([factor])
    answer = key.shown(asked)
    assert services.show_passkey(actor=member, state=state, answer=answer)
    assert services.show_passkey(actor=member, state=state, answer=answer) is not counts
    other_asked, other_state = passkeys.ask([factor])
    assert not services.show_passkey(actor=member, state=other_state, answer=answer), "asked with another challenge"
    assert not services.show_passkey(actor=member, state={}, answer=key.shown(other_asked)), "nothing was asked"


def test_a_passkey_that_was_copied_is_seen_by_its_count(member: Member) -> None:
    factor, key = with_passkey(member)
    for _ in range(3):
        asked, state = passkeys.ask([factor])
        assert services.show_passkey(actor=member, state=state, answer=key.shown(asked))
    key.used = 0
    asked, state = passkeys.ask([factor])
    assert not services.show_passkey(actor=member, state=state, answer=key.shown(asked))


@pytest.mark.parametrize(
    ("change", "value"),
    [("origin", "http://evil.example"), ("origin", "https://localhost:8000"), ("rp_id", "evil.example")],
)
def test_a_passkey_of_another_site_is_none_of_ours(member: Member, change: str, value: str) -> None:
    factor, key = with_passkey(member)
    setattr(key, change, value)
    asked, state = passkeys.ask([factor])
    assert not services.show_passkey(actor=member, state=state, answer=key.shown(asked))


def test_signing_in_by_a_passkey_alone_needs_the_person_verified(member: Member) -> None:
    _, key = with_passkey(member)
    asked, state = passkeys.ask()
    assert asked["userVerification"] == "required"
    assert "allowCredentials" not in asked
    with pytest.raises(Refused) as said:
        second_factor.passkey_alone(state=dict(state), answer=key.shown(asked, verified=False), caller=HERE)
    assert codes_of(said) == ["passkey_wrong"]
    assert second_factor.passkey_alone(state=dict(state), answer=key.shown(asked), caller=HERE) == member


def test_a_passkey_that_is_nobodys_and_one_that_is_wrong_are_told_in_the_same_words(member: Member) -> None:
    _, key = with_passkey(member)
    stranger = SoftPasskey()
    said = []
    for wrong in (stranger, key):
        asked, state = passkeys.ask()
        answer = wrong.shown(asked)
        answer["response"]["signature"] = "AAAA"
        with pytest.raises(Refused) as no:
            second_factor.passkey_alone(state=state, answer=answer, caller=HERE)
        said.append(no.value.decision.as_json())
    assert said[0] == said[1]


def test_a_passkey_is_registered_once_whoever_brings_it(member: Member, join: Join) -> None:
    _, key = with_passkey(member)
    other = join("other")
    asked, state = passkeys.ask_to_add(other, [])
    with pytest.raises(InputError) as wrong:
        services.add_passkey(actor=proved(other), name="", state=state, answer=key.made(asked))
    assert "すでに登録" in wrong.value.fields[""][0].ja


@pytest.mark.parametrize(
    "answer", [{}, {"id": 1}, {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}, {"id": "\0" * 50}]
)
def test_whatever_a_browser_sends_is_no_fault(member: Member, answer: dict[str, Any]) -> None:
    factor, _ = with_passkey(member)
    _, state = passkeys.ask([factor])
    assert not services.show_passkey(actor=member, state=state, answer=answer)
    with pytest.raises(InputError):
        services.add_passkey(actor=proved(member), name="", state=state, answer=answer)


# --- Recovery codes ------------------------------------------------------------------------------------


@pytest.mark.rule("A116")
def test_recovery_codes_are_shown_once_work_once_and_are_replaced_together(member: Member) -> None:
    with_app(member)
    sheet = services.make_recovery_codes(actor=member, idempotency_key="k")
    assert len(set(sheet.plaintexts)) == 10
    again = services.make_recovery_codes(actor=member, idempotency_key="k")
    assert (again.pk, again.plaintexts) == (sheet.pk, ())
    typed = sheet.plaintexts[3].lower().replace("-", " ")
    assert services.show_code(actor=member, kind="recovery", typed=typed)
    assert not services.show_code(actor=member, kind="recovery", typed=typed)
    assert selectors.codes_left(member.pk) == 9
    assert "残りは9個" in Notice.objects.filter(kind="accounts.recovery_code_used").get().body.ja
    fresh = services.make_recovery_codes(actor=member)
    assert not services.show_code(actor=member, kind="recovery", typed=sheet.plaintexts[0])
    assert services.show_code(actor=member, kind="recovery", typed=fresh.plaintexts[0])
    kept = {bytes(code.digest) for code in fresh.codes.all()}
    assert not any(plain.replace("-", "").encode() in digest for plain in fresh.plaintexts for digest in kept)


def test_a_recovery_code_opens_only_its_own_account_and_is_no_proof(member: Member, join: Join) -> None:
    other = join("other")
    with_app(member)
    with_app(other)
    sheet = services.make_recovery_codes(actor=member)
    assert not services.show_code(actor=other, kind="recovery", typed=sheet.plaintexts[0])
    assert not services.prove_by_code(actor=member, kind="recovery", typed=sheet.plaintexts[0])


def test_without_a_second_factor_there_are_no_recovery_codes_and_the_last_one_takes_them_along(member: Member) -> None:
    assert refused(lambda: services.make_recovery_codes(actor=proved(member))) == ["no_factor"]
    app, telephone = with_app(member), with_telephone(member)
    services.make_recovery_codes(actor=member)
    services.remove_factor(actor=member, factor_id=app.pk)
    assert RecoverySheet.objects.filter(member=member).exists()
    services.remove_factor(actor=member, factor_id=telephone.pk)
    assert not RecoverySheet.objects.exists()
    assert Notice.objects.filter(kind="accounts.factor_removed").count() == 2


# --- Whose, and how often ------------------------------------------------------------------------------


def test_every_change_needs_a_proof_not_long_ago(member: Member, clock: MovableClock) -> None:
    factor = with_app(member)
    changes: list[Callable[[], Any]] = [
        lambda: services.begin_app(actor=member),
        lambda: services.begin_telephone(actor=member, number=NUMBER),
        lambda: services.add_passkey(actor=member, name="", state={}, answer={}),
        lambda: services.rename_factor(actor=member, factor_id=factor.pk, name="x"),
        lambda: services.remove_factor(actor=member, factor_id=factor.pk),
        lambda: services.make_recovery_codes(actor=member),
        lambda: services.create_api_token(actor=member, name="x", scopes=["jobs:read"]),
    ]
    clock.move(minutes=60)
    for change in changes:
        assert refused(change) == ["proof_needed"]
    begun = services.begin_app(actor=proved(member))
    clock.move(minutes=59)
    member.proved_at = clock.moment - timedelta(minutes=60)
    assert refused(lambda: services.confirm_factor(actor=member, factor_id=begun.pk, code=app_code(begun))) == [
        "proof_needed"
    ]
    proved(member)
    assert services.rename_factor(actor=member, factor_id=factor.pk, name=" 自分の 電話 ").name == "自分の 電話"


def test_somebody_elses_factor_is_not_there(member: Member, join: Join) -> None:
    factor, other = with_app(member), proved(join("other"))
    for call in (
        lambda: services.rename_factor(actor=other, factor_id=factor.pk, name="x"),
        lambda: services.remove_factor(actor=other, factor_id=factor.pk),
        lambda: services.confirm_factor(actor=other, factor_id=factor.pk, code="123456"),
        lambda: services.send_factor_code(actor=other, factor_id=factor.pk, purpose="sign_in"),
    ):
        with pytest.raises(NotVisible):
            call()
    assert not selectors.factors_visible_to(other).exists()


@pytest.mark.rule("A015")
def test_wrong_codes_wait_and_the_owner_hears_of_it_while_the_password_is_not_touched(
    member: Member, clock: MovableClock
) -> None:
    factor = with_app(member)
    for left in range(4, -1, -1):
        with pytest.raises(Refused) as no:
            second_factor.by_code(member, kind="totp", typed="12345", caller=HERE)
        assert no.value.decision.blockers[0].facts["left"] == left
    assert Notice.objects.filter(member=member, kind="accounts.codes_wrong").count() == 1
    assert SignInRecord.objects.filter(member=member, way="totp", outcome="wrong_code").count() == 5
    with pytest.raises(Refused) as waits:
        second_factor.by_code(member, kind="totp", typed=app_code(factor), caller=HERE)
    assert codes_of(waits) == ["too_many_codes"]
    assert waits.value.decision.clears_at == clock.moment + timedelta(seconds=30)
    assert not member.locks.exists(), "passwords are counted apart"
    clock.move(seconds=31)
    second_factor.by_code(member, kind="totp", typed=app_code(factor), caller=HERE)
    with pytest.raises(Refused) as anew:
        second_factor.by_code(member, kind="totp", typed="12345", caller=HERE)
    assert anew.value.decision.blockers[0].facts["left"] == 4


def test_text_messages_are_limited_for_a_member_and_for_a_number(member: Member, join: Join) -> None:
    factor = with_telephone(member)
    for _ in range(5):
        second_factor.send_code(member, factor=factor, purpose="sign_in", caller=HERE)
    with pytest.raises(Refused) as often:
        second_factor.send_code(member, factor=factor, purpose="sign_in", caller=HERE)
    assert often.value.decision.status == 429
    other = join("other")
    same_number = with_telephone(other)
    with pytest.raises(Refused):
        second_factor.send_code(other, factor=same_number, purpose="sign_in", caller=HERE)


# --- Trust ---------------------------------------------------------------------------------------------


def test_trust_ends_by_the_clock_by_a_new_factor_and_by_a_new_password(member: Member, clock: MovableClock) -> None:
    with_app(member)
    device = Device.objects.create(member=member, label="Firefox", network="192.0.2.0/24")

    def trusted() -> bool:
        return selectors.is_trusted(Member.objects.get(pk=member.pk), device.pk)

    assert not trusted()
    services.trust_device(actor=member, device_id=device.pk)
    assert trusted()
    telephone = with_telephone(member)
    assert not trusted()
    services.trust_device(actor=member, device_id=device.pk)
    services.remove_factor(actor=member, factor_id=telephone.pk)
    assert not trusted()
    services.trust_device(actor=member, device_id=device.pk)
    services.set_password(actor=member, password="another long passphrase here")
    assert not trusted()
    services.trust_device(actor=Member.objects.get(pk=member.pk), device_id=device.pk)
    clock.move(days=30)
    assert not trusted()
    run_all_due()
    assert not hasattr(Device.objects.get(pk=device.pk), "trust")


def test_trust_is_only_in_ones_own_device_and_a_forgotten_one_has_none(member: Member, join: Join) -> None:
    with_app(member)
    theirs = Device.objects.create(member=join("other"), label="x", network="x")
    with pytest.raises(NotVisible):
        services.trust_device(actor=member, device_id=theirs.pk)
    mine = Device.objects.create(member=member, label="x", network="x")
    services.trust_device(actor=member, device_id=mine.pk)
    Device.objects.filter(pk=mine.pk).update(forgotten_at=mine.first_seen_at)
    assert not selectors.is_trusted(member, mine.pk)


# --- Signing in ----------------------------------------------------------------------------------------


@pytest.mark.rule("A114")
def test_whichever_way_somebody_comes_the_gate_asks_for_the_second_factor(member: Member) -> None:
    with_app(member)
    for way in ("password", "socialaccount", "mail", "passkey"):
        assert refused(lambda way=way: services.sign_in(actor=member, way=way, caller=HERE)) == ["second_factor_needed"]
    services.sign_in(actor=member, way="password", caller=HERE, second_factor="totp")
    assert AuditEntry.objects.get(kind="accounts.signed_in").data["way"] == "password + totp"


@pytest.mark.rule("A022")
def test_a_new_password_does_not_take_the_second_factor_away(member: Member) -> None:
    factor = with_app(member)
    services.set_password(actor=member, password="another long passphrase here")
    assert selectors.has_factor(member.pk)
    assert refused(lambda: services.sign_in(actor=member, way="password", caller=HERE)) == ["second_factor_needed"]
    assert services.show_code(actor=member, kind="totp", typed=app_code(factor))
    assert second_factor.shown_already(member, way="password", caller=HERE) is None


def test_proof_by_mail_is_for_those_who_have_nothing_else(member: Member) -> None:
    assert refused(lambda: services.send_proof_code(actor=member)) == ["stronger_way"]
    member.set_unusable_password()
    member.save()
    services.send_proof_code(actor=member)
    mail = OutgoingMail.objects.latest("id")
    code = next(line.strip() for line in mail.body.splitlines() if line.strip().isdigit())
    assert not services.prove_by_code(actor=member, kind="mail", typed="000000" if code != "000000" else "1")
    assert services.prove_by_code(actor=member, kind="mail", typed=code)
    assert not services.prove_by_code(actor=member, kind="mail", typed=code)
    with_app(member)
    assert refused(lambda: services.send_proof_code(actor=member)) == ["stronger_way"]
