"""Tickets through their commands: clocks, states, addresses, links, and who may."""

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from tests import story
from tests.conftest import MovableClock

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import Member
from kotowari.foundation import deadlines, outbox, policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice, OutgoingMail
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, Refused
from kotowari.support import gates, links, selectors, services
from kotowari.support.actors import LinkHolder
from kotowari.support.inputs import Question
from kotowari.support.models import StaffNote, Ticket, TicketMessage

pytestmark = pytest.mark.django_db


def question(**given: Any) -> Question:
    return Question(
        **{"topic": "money", "email": "hanako@example.com", "body": "出金の予定を教えてください。", **given}
    )


def asked(actor: Any = VISITOR, **given: Any) -> Ticket:
    return services.open_ticket(actor=actor, question=question(**given))


def told() -> list[OutgoingMail]:
    while outbox.deliver_waiting():
        pass
    return list(OutgoingMail.objects.order_by("id"))


def swept() -> dict[str, int]:
    """What time did to tickets."""
    return {name: count for name, count in deadlines.run_all_due().items() if name.startswith("support.")}


@pytest.fixture
def hanako() -> Member:
    member = story.member("hanako")
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    return member


@pytest.fixture
def staff() -> Member:
    return story.member("kanri", is_staff=True)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code for b in refused.value.decision.blockers]


# --- Asking --------------------------------------------------------------------------------------------


@pytest.mark.rule("A061")
def test_a_question_gets_its_clock_in_bank_days_and_its_place(clock: MovableClock) -> None:
    friday = asked()  # 20 November 2026 is a Friday; the 23rd is a holiday
    assert kernel_clock.last_day(friday.due_at) == date(2026, 11, 25)
    urgent = asked(topic="cannot_sign_in", email="b@example.com")
    assert kernel_clock.last_day(urgent.due_at) == date(2026, 11, 24)
    assert (selectors.place_of(urgent), selectors.place_of(friday)) == (1, 2)
    assert list(selectors.waiting_in_order(Ticket.objects.all())) == [urgent, friday]
    with policy.overridden({"support.answer_bank_days": 5}):
        assert kernel_clock.last_day(asked(email="c@example.com").due_at) == date(2026, 11, 30)


@pytest.mark.rule("A058")
def test_what_cannot_be_used_is_told_by_field_all_at_once() -> None:
    with pytest.raises(InputError) as problem:
        asked(topic="", email="hanako", body=" ", tried=("magic",), article="nothing", code="x" * 201)
    assert set(problem.value.fields) == {"topic", "email", "body", "tried", "article", "code"}
    assert not Ticket.objects.exists()


@pytest.mark.rule("A066")
def test_a_member_with_another_address_is_told_at_once_and_a_visitor_never(hanako: Member) -> None:
    with pytest.raises(InputError) as problem:
        asked(hanako, email="someone@example.com")
    said = problem.value.fields["email"][0]
    assert "登録アドレスはhanako@example.com" in said.ja
    assert "登録したアドレスが使えない" in said.ja
    assert not Ticket.objects.exists()
    assert asked(email="someone@example.com").member_id is None


@pytest.mark.rule("A067")
def test_any_of_several_proved_addresses_will_do(hanako: Member) -> None:
    EmailAddress.objects.create(user=hanako, email="work@example.com", verified=True)
    EmailAddress.objects.create(user=hanako, email="unproved@example.com", verified=False)
    assert asked(hanako, email="Ｗork@example.com ").email == "work@example.com"
    assert asked(email="work@example.com").member_id == hanako.pk
    assert asked(email="unproved@example.com").member_id is None
    with pytest.raises(InputError):
        asked(hanako, email="unproved@example.com")


@pytest.mark.rule("P012")
def test_asking_writes_the_same_whether_the_address_has_an_account_or_not(
    hanako: Member, django_assert_num_queries: Any
) -> None:
    asked(email="warm@example.com")
    told()
    counts = []
    for email in (hanako.email, "nobody@example.com"):
        before = [m.objects.count() for m in (Ticket, TicketMessage, AuditEntry, OutgoingMail, Notice)]
        with django_assert_num_queries(7):
            asked(email=email)
        told()
        after = [m.objects.count() for m in (Ticket, TicketMessage, AuditEntry, OutgoingMail, Notice)]
        counts.append([b - a for a, b in zip(before, after, strict=True)])
    assert counts[0] == counts[1]


@pytest.mark.rule("A066", "A067")
def test_only_the_mail_tells_a_visitor_that_the_address_is_nobodys(hanako: Member) -> None:
    asked(email=hanako.email)
    asked(email="nobody@example.com")
    hers, nobodys = told()
    assert hers.to == hanako.email
    assert "会員は登録されていません" not in hers.body
    assert nobodys.to == "nobody@example.com"
    assert "会員は登録されていません" in nobodys.body
    assert "出金の予定" not in hers.body + nobodys.body, "no words of a stranger reach an address by us"


def test_only_the_path_of_the_page_is_kept_and_what_is_personal_lies_sealed() -> None:
    ticket = asked(came_from="https://evil.example/login/?email=hanako@example.com", login="hanako@example.com")
    row = Ticket.objects.get()
    assert row.came_from == "/login/"
    assert row.login == "hanako@example.com"
    assert b"hanako" not in bytes(row.email_sealed) + bytes(row.login_sealed)
    assert b"hanako" not in bytes(row.messages.get().body_sealed)
    assert Ticket.objects.filter(Ticket.email.matching("HANAKO@example.com")).get() == ticket


# --- The conversation ----------------------------------------------------------------------------------


@pytest.mark.rule("A060")
def test_the_answer_goes_to_the_address_with_a_link_and_both_sides_write_on(
    clock: MovableClock, hanako: Member, staff: Member
) -> None:
    ticket = asked(hanako)
    clock.move(hours=3)
    services.answer_ticket(actor=staff, ticket_id=ticket.pk, body="11月30日に振り込まれます。")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.due_at) == ("answered", None)
    assert kernel_clock.last_day(ticket.closes_at) == date(2026, 11, 27)
    mail = told()[-1]
    assert mail.to == hanako.email
    assert "11月30日に振り込まれます。" in mail.body
    assert f"/contact/{ticket.pk}/?key=" in mail.body
    assert Notice.objects.get(member=hanako).url == f"/contact/{ticket.pk}/"

    clock.move(days=4)
    services.write_to_ticket(actor=LinkHolder(ticket.pk), ticket_id=ticket.pk, body="手数料はいくらですか。")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closes_at) == ("open", None)
    assert kernel_clock.last_day(ticket.due_at) == date(2026, 11, 26)
    said = [(m.side, m.way, m.body) for m in selectors.messages_of(ticket)]
    assert said == [
        ("customer", "signed_in", "出金の予定を教えてください。"),
        ("operator", "signed_in", "11月30日に振り込まれます。"),
        ("customer", "link", "手数料はいくらですか。"),
    ]


def test_an_answer_that_is_late_says_so_again_and_again_until_it_comes(
    clock: MovableClock, hanako: Member, staff: Member
) -> None:
    ticket = asked(hanako)
    clock.set(ticket.due_at - timedelta(seconds=1))
    assert swept() == {}
    clock.move(seconds=1)
    assert swept() == {"support.late": 1}
    ticket.refresh_from_db()
    assert (ticket.state, kernel_clock.last_day(ticket.due_at)) == ("late", date(2026, 11, 27))
    urgent = asked(topic="not_me", email="b@example.com")
    assert urgent.due_at <= ticket.due_at
    assert (selectors.place_of(ticket), selectors.place_of(urgent)) == (1, 2), "what is late comes first"
    assert sum("こちらの遅れです" in mail.body for mail in told()) == 1
    clock.set(ticket.due_at)
    assert swept()["support.late"] == 2
    assert Notice.objects.filter(member=hanako, kind="support.late").exists()
    services.answer_ticket(actor=staff, ticket_id=ticket.pk, body="お待たせしました。")
    clock.move(days=1)
    assert swept() == {}


def test_an_apology_is_not_sent_when_the_answer_came_first(clock: MovableClock, hanako: Member, staff: Member) -> None:
    ticket = asked(hanako)
    clock.set(ticket.due_at)
    swept()
    services.answer_ticket(actor=staff, ticket_id=ticket.pk, body="お待たせしました。")
    assert not any("こちらの遅れです" in mail.body for mail in told())


def test_silence_after_an_answer_closes_and_within_a_time_it_is_taken_up_again(
    clock: MovableClock, hanako: Member, staff: Member
) -> None:
    ticket = asked(hanako)
    services.answer_ticket(actor=staff, ticket_id=ticket.pk, body="はい。")
    ticket.refresh_from_db()
    clock.set(ticket.closes_at)
    assert swept() == {"support.lapse": 1}
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    assert "続きを送れます" in told()[-1].body
    with pytest.raises(Refused) as refused:
        services.write_to_ticket(actor=hanako, ticket_id=ticket.pk, body="まだあります。")
    assert code_of(refused) == ["support.ticket.write.closed"]
    assert refused.value.decision.blockers[0].remedy.url == f"/contact/{ticket.pk}/"
    services.reopen_ticket(actor=hanako, ticket_id=ticket.pk, body="まだあります。")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed_at, ticket.reopen_until) == ("open", None, None)
    assert ticket.due_at is not None
    services.settle_ticket(actor=hanako, ticket_id=ticket.pk)
    clock.move(days=30)
    with pytest.raises(Refused) as refused:
        services.reopen_ticket(actor=hanako, ticket_id=ticket.pk, body="まだあります。")
    assert code_of(refused) == ["support.ticket.reopen.too_late"]
    assert refused.value.decision.blockers[0].remedy.url == f"/contact/?previous={ticket.number}"


def test_whoever_settles_gets_no_mail_about_it(hanako: Member) -> None:
    ticket = asked(hanako)
    before = len(told())
    services.settle_ticket(actor=hanako, ticket_id=ticket.pk)
    assert len(told()) == before


def test_nobodys_question_is_closed_without_an_answer(hanako: Member, staff: Member) -> None:
    ticket = asked(hanako)
    with pytest.raises(Refused) as refused:
        services.close_ticket(actor=staff, ticket_id=ticket.pk)
    assert code_of(refused) == ["support.case.close.not_answered"]
    services.answer_ticket(actor=staff, ticket_id=ticket.pk, body="はい。")
    assert services.close_ticket(actor=staff, ticket_id=ticket.pk).state == "closed"
    with pytest.raises(Refused):
        services.answer_ticket(actor=staff, ticket_id=ticket.pk, body="もう一度。")


# --- Who may -------------------------------------------------------------------------------------------


@pytest.mark.rule("A063")
def test_notes_of_staff_reach_staff_alone_and_looking_is_recorded(hanako: Member, staff: Member) -> None:
    ticket = asked(hanako)
    services.note_on_ticket(actor=staff, ticket_id=ticket.pk, body="口座の名義を確認中。")
    for customer in (hanako, LinkHolder(ticket.pk), VISITOR, None):
        assert selectors.notes_visible_to(customer, ticket) == []
    assert [m.body for m in selectors.messages_of(ticket)] == ["出金の予定を教えてください。"]
    assert [n.body for n in selectors.notes_visible_to(staff, ticket)] == ["口座の名義を確認中。"]
    assert b"\xe5" not in bytes(StaffNote.objects.get().body_sealed)[:1]
    services.look_at_case(actor=staff, ticket_id=ticket.pk)
    assert AuditEntry.objects.filter(kind="support.case_seen", actor_id=staff.pk, subject_id=ticket.pk).count() == 1


def test_a_conversation_is_its_customers_and_nobody_elses(hanako: Member, staff: Member) -> None:
    ticket, other = asked(hanako), asked(email="nobody@example.com")
    stranger = story.member("tanin")
    for actor in (VISITOR, stranger, staff, LinkHolder(other.pk), SYSTEM):
        for command in (services.write_to_ticket, services.reopen_ticket):
            with pytest.raises(Refused) as refused:
                command(actor=actor, ticket_id=ticket.pk, body="x")
            assert any(code.endswith("link_needed") for code in code_of(refused))
    for actor in (VISITOR, stranger, LinkHolder(other.pk)):
        assert not selectors.tickets_visible_to(actor).filter(pk=ticket.pk).exists()
        assert not selectors.cases_visible_to(actor).exists()
        with pytest.raises(Refused):
            services.answer_ticket(actor=actor, ticket_id=ticket.pk, body="x")
    assert not selectors.tickets_visible_to(staff).exists(), "staff read cases at the console"
    assert selectors.tickets_visible_to(hanako).get() == ticket


def test_only_the_clock_lapses_and_is_late(clock: MovableClock, hanako: Member, staff: Member) -> None:
    ticket = asked(hanako)
    clock.set(ticket.due_at)
    for actor in (hanako, staff, VISITOR):
        with pytest.raises(Refused):
            services.be_late(actor=actor, ticket_id=ticket.pk)
    with pytest.raises(Refused):
        services.lapse_ticket(actor=SYSTEM, ticket_id=ticket.pk)


def test_the_database_refuses_states_and_clocks_that_do_not_go_together(hanako: Member) -> None:
    ticket = asked(hanako)
    for change in (
        {"state": "answered", "due_at": None},
        {"state": "late", "due_at": None},
        {"state": "closed", "due_at": None},
        {"topic": "nonsense"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.filter(pk=ticket.pk).update(**change)
    services.settle_ticket(actor=hanako, ticket_id=ticket.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(
            state="answered", closes_at=kernel_clock.now(), closed_at=None, reopen_until=None
        )


# --- Links ---------------------------------------------------------------------------------------------


@pytest.mark.rule("A060")
def test_a_link_opens_its_ticket_until_its_end_and_says_what_is_wrong(clock: MovableClock) -> None:
    ticket, other = asked(), asked(email="b@example.com")
    key = links.key_for(ticket.pk)
    assert links.read(key, ticket.pk).fault is None
    assert links.read(key, other.pk).fault == "foreign"
    assert links.read(key[:-3], ticket.pk).fault == "broken"
    assert links.read(key.replace(ticket.pk.hex, other.pk.hex), other.pk).fault == "broken"
    for odd in ("", "~", "a" * 10_000, "\u202e", key + "x"):
        assert links.read(odd, ticket.pk).fault == "broken"
    clock.move(days=90)
    assert links.read(key, ticket.pk).fault == "expired"


def test_the_link_is_mailed_again_to_its_address_and_elsewhere_a_mail_says_there_is_none() -> None:
    ticket = asked(email="b@example.com")
    first = len(told())
    for number in (ticket.number, ticket.number.lower().replace("-", " ")):
        services.send_link(actor=VISITOR, email="Ｂ@example.com", number=number)
    services.send_link(actor=VISITOR, email="other@example.com", number=ticket.number)
    services.send_link(actor=VISITOR, email="b@example.com", number="AAAA-AAAA")
    mails = told()[first:]
    assert [f"/contact/{ticket.pk}/?key=" in mail.body for mail in mails] == [True, True, False, False]
    assert [mail.to for mail in mails] == ["b@example.com", "b@example.com", "other@example.com", "b@example.com"]
    assert AuditEntry.objects.filter(kind="support.link_asked").count() == 4


# --- How long it takes ---------------------------------------------------------------------------------


@pytest.mark.rule("A061")
def test_the_time_to_an_answer_is_measured_over_the_last_weeks(clock: MovableClock, staff: Member) -> None:
    for n, hours in enumerate((1, 2, 3, 4, 10)):
        assert selectors.answer_times() is None
        ticket = asked(email=f"m{n}@example.com")
        clock.move(hours=hours)
        services.answer_ticket(actor=staff, ticket_id=ticket.pk, body="はい。")
        services.answer_ticket(actor=staff, ticket_id=ticket.pk, body="補足です。")
    times = selectors.answer_times()
    assert times is not None
    assert (times.count, times.half_within, times.most_within) == (5, timedelta(hours=3), timedelta(hours=10))
    clock.move(weeks=4)
    assert selectors.answer_times() is None


def test_every_command_of_the_room_asks_its_gate() -> None:
    from kotowari.foundation.commands import COMMANDS

    mine = {action.name for name, action in COMMANDS.items() if name.startswith("support.")}
    assert mine == {
        a.name
        for a in (
            gates.OPEN,
            gates.WRITE,
            gates.REOPEN,
            gates.SETTLE,
            gates.SEND_LINK,
            gates.SEE_CASE,
            gates.ANSWER,
            gates.NOTE,
            gates.CLOSE,
            gates.LAPSE,
            gates.BE_LATE,
        )
    }
