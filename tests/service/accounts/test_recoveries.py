"""A lost second factor: proved by its owner, approved by two, told everywhere, stopped by one press, ended by the clock."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from tests.conftest import MovableClock
from tests.service.accounts.conftest import Join
from tests.service.accounts.factors import HERE, with_app, with_telephone
from tests.story import proved

from kotowari.accounts import second_factor, selectors, services
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.links import Fate
from kotowari.accounts.models import ApiToken, Factor, FactorRecovery, Member, RecoverySheet, Restriction
from kotowari.accounts.recovery_words import cancel_path, case_path, recovery_in, starter_in
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import run_all_due
from kotowari.foundation.models import MailboxMessage, Notice, OutgoingMail
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, NotVisible, Refused
from kotowari.kernel.text import Text

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P013")]
CASE = "/login/recovery/case/"
ANSWERS = {
    "happened": "電話を水に落としました。",
    "joined": "2026年の秋",
    "last_use": "昨日、自宅のパソコン",
    "dealings": "パンフレットの英訳",
    "payout": "",
}


def codes_of(said: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in said.value.decision.blockers]


@pytest.fixture
def staff(join: Join) -> list[Member]:
    made = [join(name) for name in ("kanri_a", "kanri_b", "kanri_c")]
    Member.objects.filter(pk__in=[each.pk for each in made]).update(is_staff=True)
    return [Member.objects.get(pk=each.pk) for each in made]


def code_in_mail() -> str:
    mail = OutgoingMail.objects.filter(subject__contains="復旧の確認コード").latest("id")
    found = re.search(r"\b\d{6}\b", mail.body)
    assert found
    return found[0]


def stated(member: Member) -> FactorRecovery:
    row = services.start_recovery(actor=member, has_password=True)
    return services.state_recovery(actor=member, recovery_id=row.pk, answers=ANSWERS, code=code_in_mail())


def cooling(member: Member, staff: list[Member]) -> FactorRecovery:
    row = stated(member)
    for each in staff[:2]:
        row = services.approve_recovery(actor=each, recovery_id=row.pk)
    assert row.state == "cooling"
    return row


def test_the_whole_way_to_its_end_by_the_clock(member: Member, staff: list[Member], clock: MovableClock) -> None:
    with_app(member)
    with_telephone(member)
    services.make_recovery_codes(actor=proved(member))
    services.create_api_token(actor=member, name="books", scopes=["jobs:read"])
    EmailAddress.objects.create(user=member, email="second@example.jp", verified=True)
    EmailAddress.objects.create(user=member, email="unproved@example.jp", verified=False)
    row = cooling(member, staff)
    began = clock.moment
    assert row.cooling_until == began + timedelta(hours=72)
    seen = []
    for _ in range(72):
        seen.append(OutgoingMail.objects.filter(to=member.email, subject__contains="二段階認証が外れます").count())
        clock.move(hours=1)
        run_all_due()
        outbox.deliver_waiting()
        assert selectors.has_factor(member.pk) == (clock.moment < began + timedelta(hours=72)), clock.moment
    assert [hour for hour in range(72) if hour == 0 or seen[hour] > seen[hour - 1]] == [0, 24, 48, 66]
    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("done", clock.moment)
    assert not Factor.objects.exists()
    assert not RecoverySheet.objects.exists()
    assert not ApiToken.objects.filter(revoked_at=None).exists()
    held = Restriction.objects.get(member=member)
    assert (held.cause, held.scope, held.until - held.since) == (
        "factor_reset",
        ["payout_destination"],
        timedelta(hours=72),
    )
    second = OutgoingMail.objects.filter(to="second@example.jp", subject__contains="二段階認証が外れます")
    assert second.count() == 4, "every proved address is told as often"
    assert not OutgoingMail.objects.filter(to="unproved@example.jp").exists()
    texts = MailboxMessage.objects.filter(channel="sms", body__contains="二段階認証が外れます")
    assert texts.count() == 4
    assert all("/login/recovery/cancel/" in text.body for text in texts)
    assert Notice.objects.filter(member=member, kind="accounts.recovery").count() >= 6
    services.sign_in(actor=member, way="password", caller=HERE)


def test_two_different_members_of_staff_approve_and_never_the_member(
    member: Member, staff: list[Member], clock: MovableClock
) -> None:
    with_app(member)
    row = stated(member)
    with pytest.raises(Refused) as nobody:
        services.approve_recovery(actor=member, recovery_id=row.pk)
    assert set(codes_of(nobody)) == {"staff_only", "oneself"}
    services.approve_recovery(actor=staff[0], recovery_id=row.pk)
    with pytest.raises(Refused) as twice:
        services.approve_recovery(actor=staff[0], recovery_id=row.pk)
    assert codes_of(twice) == ["another_needed"]
    assert services.approve_recovery(actor=staff[1], recovery_id=row.pk).state == "cooling"
    with pytest.raises(Refused):
        services.approve_recovery(actor=staff[2], recovery_id=row.pk)


def test_staff_do_not_approve_their_own(staff: list[Member], clock: MovableClock) -> None:
    with_app(staff[0])
    row = stated(staff[0])
    for call in (
        lambda: services.approve_recovery(actor=staff[0], recovery_id=row.pk),
        lambda: services.refuse_recovery(actor=staff[0], recovery_id=row.pk, because="x"),
        lambda: services.ask_in_recovery(actor=staff[0], recovery_id=row.pk, words="x"),
    ):
        with pytest.raises(Refused) as own:
            call()
        assert codes_of(own) == ["oneself"]


def test_the_database_refuses_one_person_for_both_and_oneself(
    member: Member, staff: list[Member], clock: MovableClock
) -> None:
    with_app(member)
    row = cooling(member, staff)
    for change in ({"second_by": staff[0]}, {"first_by": member}, {"state": "proving"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FactorRecovery.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorRecovery.objects.create(member=member, has_password=True, lapses_at=clock.moment)


def test_nothing_is_with_staff_before_the_address_is_proved_and_the_questions_answered(
    member: Member, staff: list[Member], clock: MovableClock
) -> None:
    with_app(member)
    row = services.start_recovery(actor=member, has_password=True)
    with pytest.raises(Refused) as early:
        services.approve_recovery(actor=staff[0], recovery_id=row.pk)
    assert codes_of(early) == ["not_in_this_state"]
    with pytest.raises(InputError) as missing:
        services.state_recovery(actor=member, recovery_id=row.pk, answers={}, code=code_in_mail())
    assert set(missing.value.fields) == {"happened", "joined", "last_use", "dealings"}
    wrong = "000000" if code_in_mail() != "000000" else "000001"
    for left in range(4, -1, -1):
        with pytest.raises(Refused) as no:
            second_factor.state_recovery(member, recovery_id=row.pk, answers=ANSWERS, code=wrong)
        assert no.value.decision.blockers[0].facts["left"] == left
    with pytest.raises(Refused) as waits:
        second_factor.state_recovery(member, recovery_id=row.pk, answers=ANSWERS, code=code_in_mail())
    assert codes_of(waits) == ["too_many_codes"]
    clock.move(seconds=31)
    done = second_factor.state_recovery(member, recovery_id=row.pk, answers=ANSWERS, code=code_in_mail())
    assert (done.state, done.address_proved_at) == ("proving", clock.moment)
    assert "電話を水に".encode() not in bytes(FactorRecovery.objects.values().get()["statement_sealed"])
    assert Notice.objects.filter(member=staff[2], kind="accounts.recovery_waits").exists()


@pytest.mark.parametrize("at", ["asked", "proving", "first_approval", "cooling"])
def test_signing_in_with_a_factor_cancels_it_and_without_one_does_not(
    member: Member, staff: list[Member], clock: MovableClock, at: str
) -> None:
    with_app(member)
    row = services.start_recovery(actor=member, has_password=True)
    if at != "asked":
        row = services.state_recovery(actor=member, recovery_id=row.pk, answers=ANSWERS, code=code_in_mail())
    for each in {"first_approval": staff[:1], "cooling": staff[:2]}.get(at, []):
        row = services.approve_recovery(actor=each, recovery_id=row.pk)
    assert row.state == at
    services.sign_in(actor=member, way="password", caller=HERE, second_factor="trusted")
    assert FactorRecovery.objects.get().state == at, "a trusted device shows no factor"
    services.sign_in(actor=member, way="password", caller=HERE, second_factor="totp")
    assert FactorRecovery.objects.get().state == "cancelled"
    clock.move(days=30)
    run_all_due()
    assert selectors.has_factor(member.pk)


def test_its_owner_stops_it_and_nobody_else(
    member: Member, join: Join, staff: list[Member], clock: MovableClock
) -> None:
    with_app(member)
    row = cooling(member, staff)
    for other in (join("other"), staff[2]):
        with pytest.raises(Refused) as no:
            services.cancel_recovery(actor=other, recovery_id=row.pk)
        assert codes_of(no) == ["not_yours"]
    assert services.cancel_recovery(actor=member, recovery_id=row.pk).state == "cancelled"
    with pytest.raises(Refused):
        services.cancel_recovery(actor=member, recovery_id=row.pk)
    with pytest.raises(NotVisible):
        services.cancel_recovery(actor=member, recovery_id=member.pk)
    assert recovery_in(cancel_path(row).split("/")[-2], cancel=True) == row.pk
    assert recovery_in(cancel_path(row).split("/")[-2]) is None, "the link that stops it opens nothing else"


def test_staff_ask_the_member_answers_and_a_refusal_says_why(
    member: Member, staff: list[Member], clock: MovableClock
) -> None:
    with_app(member)
    row = stated(member)
    asked = services.ask_in_recovery(actor=staff[0], recovery_id=row.pk, words="最初の取引の相手は?")
    answer = services.answer_recovery(actor=member, recovery_id=row.pk, words="みほん商事")
    assert (asked.by, answer.by) == (staff[0], None)
    with pytest.raises(InputError):
        services.refuse_recovery(actor=staff[0], recovery_id=row.pk, because=" ")
    refused = services.refuse_recovery(actor=staff[1], recovery_id=row.pk, because="登録時期が合いません。")
    assert refused.state == "refused"
    assert "登録時期が合いません" in Notice.objects.filter(member=member).latest("id").body.ja
    assert selectors.has_factor(member.pk)
    assert services.start_recovery(actor=member, has_password=False).address_proved_at == clock.moment


def test_it_begins_for_whoever_has_a_factor_and_no_recovery_under_way(member: Member, clock: MovableClock) -> None:
    with pytest.raises(Refused) as none:
        services.start_recovery(actor=member, has_password=True)
    assert codes_of(none) == ["no_factor"]
    with_app(member)
    services.start_recovery(actor=member, has_password=True)
    with pytest.raises(Refused) as twice:
        services.start_recovery(actor=member, has_password=True)
    assert codes_of(twice) == ["under_way"]


@pytest.mark.parametrize(("with_staff", "days"), [(False, 3), (True, 14)])
def test_what_nobody_decides_ends_and_the_factor_stays(
    member: Member, clock: MovableClock, with_staff: bool, days: int
) -> None:
    with_app(member)
    row = stated(member) if with_staff else services.start_recovery(actor=member, has_password=True)
    clock.move(days=days, seconds=-1)
    run_all_due()
    assert FactorRecovery.objects.get().is_open
    clock.move(seconds=1)
    run_all_due()
    row.refresh_from_db()
    assert row.state == "lapsed"
    assert selectors.has_factor(member.pk)
    assert "期限" in Notice.objects.filter(member=member).latest("id").title.ja


def test_a_recovery_of_somebody_who_left_ends_without_an_effect(
    member: Member, staff: list[Member], clock: MovableClock
) -> None:
    with_app(member)
    row = cooling(member, staff)
    Member.objects.filter(pk=member.pk).update(left_at=clock.moment)
    clock.move(days=5)
    run_all_due()
    row.refresh_from_db()
    assert row.state == "lapsed"
    assert Factor.objects.filter(member=member).exists()


def test_a_machine_that_stood_still_still_tells_before_the_end(
    member: Member, staff: list[Member], clock: MovableClock
) -> None:
    with_app(member)
    row = cooling(member, staff)
    clock.move(days=10)
    run_all_due()
    row.refresh_from_db()
    assert row.state == "cooling"
    assert row.cooling_until == clock.moment + timedelta(hours=6)
    clock.move(hours=6)
    run_all_due()
    row.refresh_from_db()
    assert row.state == "done"


# --- By mail -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "subject"),
    [("fine", "復旧"), ("no_factor", "復旧"), ("frozen", "ログイン"), ("left", "ログイン"), ("closed", "ログイン")],
)
def test_only_the_registered_address_learns_what_can_be_done(
    member: Member, clock: MovableClock, state: str, subject: str
) -> None:
    if state != "no_factor":
        with_app(member)
    if state == "frozen":
        Restriction.objects.create(
            member=member, cause="terms_breach", scope=["sign_in"], until=clock.moment + timedelta(days=1)
        )
    if state in ("left", "closed"):
        change = {"left": {"left_at": clock.moment}, "closed": {"is_active": False}}[state]
        Member.objects.filter(pk=member.pk).update(**change)
    OutgoingMail.objects.all().delete()
    services.ask_recovery(actor=VISITOR, login=" Hanako_S ")
    assert not OutgoingMail.objects.exists(), "nothing is looked up while somebody waits for the answer"
    while outbox.deliver_waiting():
        pass
    mail = OutgoingMail.objects.get()
    assert mail.to == member.email
    assert subject in mail.subject
    assert ("/login/recovery/start/" in mail.body) == (state == "fine")


def test_the_link_to_begin_works_once_for_minutes_and_for_its_member(member: Member, clock: MovableClock) -> None:
    with_app(member)

    def link() -> str:
        services.ask_recovery(actor=VISITOR, login=member.email)
        outbox.deliver_waiting()
        found = re.search(r"/login/recovery/start/([^/\s]+)/", OutgoingMail.objects.latest("id").body)
        assert found
        return found[1]

    first = link()
    clock.move(minutes=30)
    assert starter_in(first) == (member, Fate.GOOD)
    clock.move(seconds=1)
    assert starter_in(first) == (member, Fate.EXPIRED)
    for broken in (first[:-1], first[1:], "nonsense", "", recovery_key(member)):
        assert starter_in(broken) == (None, Fate.BROKEN)
    second = link()
    row = services.start_recovery(actor=member, has_password=False)
    services.cancel_recovery(actor=member, recovery_id=row.pk)
    assert starter_in(second) == (member, Fate.USED), "what its owner stopped is not begun again by the same link"
    clock.move(seconds=1)
    assert starter_in(link()) == (member, Fate.GOOD)


def recovery_key(member: Member) -> str:
    """The key of another kind of link."""
    return case_path(FactorRecovery(member=member)).split("/")[-2]


def test_whoever_closed_the_page_gets_the_way_back_by_mail(member: Member, clock: MovableClock) -> None:
    with_app(member)
    row = services.start_recovery(actor=member, has_password=False)
    again = OutgoingMail.objects.filter(to=member.email, body__contains=CASE)
    assert again.count() == 1, "begun by the link in a mail: the way back is mailed at once"
    services.ask_recovery(actor=VISITOR, login=member.username)
    outbox.deliver_waiting()
    assert again.count() == 2
    assert recovery_in(again.latest("id").body.partition(CASE)[2].partition("/")[0]) == row.pk
    assert not OutgoingMail.objects.filter(body__contains="/login/recovery/start/").exists()


# --- Overtaken -----------------------------------------------------------------------------------------


def add_a_factor(member: Member, staff: Member) -> None:
    with_telephone(member, "080-9999-0000")


def change_the_password(member: Member, staff: Member) -> None:
    services.set_password(actor=member, password="seven gentle foxes dancing")


def void_the_password(member: Member, staff: Member) -> None:
    services.force_new_password(actor=staff, member_id=member.pk, because="漏えいの疑い")


def void_passwords_of_chosen(member: Member, staff: Member) -> None:
    services.ask_forced_reset(actor=staff, reason=Text("漏えい", "A leak"), member_ids=[member.pk])


def say_it_was_not_me(member: Member, staff: Member) -> None:
    services.report_not_me(actor=member)


def freeze(member: Member, staff: Member) -> None:
    until = kernel_clock.now() + timedelta(days=3)
    services.restrict(
        actor=staff, member_id=member.pk, cause="takeover_suspected", until=until, explanation="別人の疑い"
    )


@pytest.mark.parametrize("has_password", [True, False])
@pytest.mark.parametrize("at", ["asked", "cooling"])
@pytest.mark.parametrize(
    ("happens", "by_mail_too"),
    [
        (add_a_factor, True),
        (say_it_was_not_me, True),
        (freeze, True),
        (change_the_password, False),
        (void_the_password, False),
        (void_passwords_of_chosen, False),
    ],
)
def test_what_takes_the_ground_from_a_recovery_ends_it_and_the_factors_stay(
    member: Member,
    staff: list[Member],
    clock: MovableClock,
    happens: Callable[[Member, Member], None],
    by_mail_too: bool,
    at: str,
    has_password: bool,
) -> None:
    with_app(member)
    Member.objects.filter(pk=member.pk).update(password_set_at=clock.moment)  # not by the machine's clock
    row = services.start_recovery(actor=member, has_password=has_password)
    if at == "cooling":
        code = code_in_mail() if has_password else ""
        services.state_recovery(actor=member, recovery_id=row.pk, answers=ANSWERS, code=code)
        for each in staff[:2]:
            services.approve_recovery(actor=each, recovery_id=row.pk)
    clock.move(minutes=1)
    happens(Member.objects.get(pk=member.pk), staff[2])
    run_all_due()
    while outbox.deliver_waiting():
        pass
    row.refresh_from_db()
    ends = has_password or by_mail_too
    assert row.state == ("cancelled" if ends else at)
    told = OutgoingMail.objects.filter(to=member.email, subject__contains="復旧は取りやめになりました")
    assert told.exists() == ends
    assert selectors.has_factor(member.pk)


def test_what_happened_before_a_recovery_does_not_end_it(
    member: Member, staff: list[Member], clock: MovableClock
) -> None:
    with_app(member)
    change_the_password(member, staff[0])
    clock.move(minutes=1)
    row = services.start_recovery(actor=member, has_password=True)
    while outbox.deliver_waiting():
        pass
    row.refresh_from_db()
    assert row.state == "asked"


def test_wrong_codes_of_the_app_stay_counted_through_a_recovery(member: Member, clock: MovableClock) -> None:
    with_app(member)
    for left in (4, 3):
        with pytest.raises(Refused) as no:
            second_factor.by_code(member, kind="totp", typed="not a code", caller=HERE)
        assert no.value.decision.blockers[0].facts["left"] == left
    row = services.start_recovery(actor=member, has_password=True)
    second_factor.state_recovery(member, recovery_id=row.pk, answers=ANSWERS, code=code_in_mail())
    with pytest.raises(Refused) as no:
        second_factor.by_code(member, kind="totp", typed="not a code", caller=HERE)
    assert no.value.decision.blockers[0].facts["left"] == 2


def test_the_system_alone_tells_and_ends(member: Member, staff: list[Member], clock: MovableClock) -> None:
    with_app(member)
    row = cooling(member, staff)
    clock.move(days=30)
    for command in (services.tell_recovery, services.finish_recovery, services.lapse_recovery):
        with pytest.raises(Refused) as no:
            command(actor=staff[0], recovery_id=row.pk)
        assert "system_only" in codes_of(no)
    with pytest.raises(Refused) as untold:
        services.finish_recovery(actor=SYSTEM, recovery_id=row.pk)
    assert codes_of(untold) == ["not_due"], "the last notice was not told yet"
