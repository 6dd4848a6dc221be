"""Whom an incident touches: named by staff, told at one press, led to new passwords (A132)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.conftest import MovableClock
from tests.service.accounts.conftest import Join
from tests.service.incidents.conftest import Begin
from tests.story import member

from kotowari.accounts import tasks as account_tasks
from kotowari.accounts.models import ForcedReset, Member, Round, SignInRecord
from kotowari.accounts.services import approve_forced_reset
from kotowari.accounts.services import rounds as round_services
from kotowari.foundation.models import Notice, OutgoingMail
from kotowari.incidents.models import AffectedMember, Incident
from kotowari.incidents.selectors import incidents_visible_to, touching
from kotowari.incidents.services import (
    name_affected,
    name_everybody,
    name_signed_in,
    reset_affected,
    tell_affected,
)
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.text import Text

DATA = Text("メールアドレスとユーザー名です。", "Mail address and username.")
ADVICE = Text("パスワードを変えてください。", "Please change your password.")
WHY = Text("漏えいのおそれがあるため。", "It may have leaked.")


@pytest.fixture
def leak(begin: Begin) -> Incident:
    return begin(
        kind="leak",
        severity="critical",
        is_public=False,
        title=Text("メールアドレスの漏えい", "Mail addresses leaked"),
        words=Text("外部から読まれました。", "They were read from outside."),
    )


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


def told() -> list[str]:
    rows = Notice.objects.filter(kind="incidents.affected")
    return sorted(rows.values_list("member__username", flat=True))


def run() -> None:
    while account_tasks.run_rounds():
        pass


@pytest.mark.django_db
@pytest.mark.rule("A132", "A122")
def test_one_press_tells_exactly_the_affected_what_happened_and_what_to_do(
    clock: MovableClock, staff: Member, join: Join, leak: Incident
) -> None:
    hanako, english, other = join(), join("alex", language="en"), join("tanin")
    with pytest.raises(Refused) as nobody:
        tell_affected(actor=staff, incident_id=leak.pk, data=DATA, advice=ADVICE)
    assert codes_of(nobody) == ["nobody_named"]
    name_affected(actor=staff, incident_id=leak.pk, member_ids=[hanako.pk, english.pk, hanako.pk])
    name_affected(actor=staff, incident_id=leak.pk, member_ids=[english.pk])
    by = (clock.moment + timedelta(days=7)).date()
    tell_affected(actor=staff, incident_id=leak.pk, data=DATA, advice=ADVICE, act_on=by)
    assert told() == [], "the page does not wait: the worker tells them"
    with pytest.raises(Refused) as twice:
        tell_affected(actor=staff, incident_id=leak.pk, data=DATA, advice=ADVICE)
    assert codes_of(twice) == ["being_told"]
    run()
    run()
    assert told() == ["alex", "hanako_s"]
    mail = OutgoingMail.objects.get(to=english.email, subject__contains="Mail addresses leaked")
    for words in ("read from outside", "Mail address and username", "change your password", "27 November 2026"):
        assert words in mail.body
    assert "/my/security-check/" in mail.body
    assert "外部から読まれました" in OutgoingMail.objects.get(to=hanako.email, subject__contains="漏えい").body
    assert [each.told_at for each in touching(hanako)] == [clock.moment]
    assert touching(other) == []
    counted = incidents_visible_to(staff).get()
    assert (counted.named, counted.told) == (2, 2)
    name_affected(actor=staff, incident_id=leak.pk, member_ids=[hanako.pk, other.pk])
    tell_affected(actor=staff, incident_id=leak.pk, data=DATA, advice=ADVICE)
    run()
    assert told() == ["alex", "hanako_s", "tanin"], "who was found later is told, and nobody twice"
    with pytest.raises(Refused) as done:
        tell_affected(actor=staff, incident_id=leak.pk, data=DATA, advice=ADVICE)
    assert codes_of(done) == ["all_told"]


@pytest.mark.django_db
@pytest.mark.rule("A132")
def test_who_signed_in_from_a_network_at_a_time_is_found_and_affected_since_then(
    clock: MovableClock, staff: Member, join: Join, leak: Incident
) -> None:
    hanako, other, late = join(), join("tanin"), join("osoi")
    begins = clock.moment

    def came(who: Member, network: str, outcome: str = "in") -> None:
        SignInRecord.objects.create(member=who, way="password", outcome=outcome, label="x", network=network)

    clock.move(minutes=5)
    came(hanako, "203.0.113.0/24")
    first = clock.moment
    clock.move(minutes=5)
    came(hanako, "203.0.113.0/24")
    came(other, "198.51.100.0/24")
    came(other, "203.0.113.0/24", "wrong_password")
    ends = clock.moment
    clock.move(minutes=5)
    came(late, "203.0.113.0/24")
    name_signed_in(actor=staff, incident_id=leak.pk, begins_at=begins, ends_at=ends, network="203.0.113.77")
    found = AffectedMember.objects.get()
    assert (found.member_id, found.since, found.basis) == (hanako.pk, first, "signed_in")
    name_signed_in(actor=staff, incident_id=leak.pk, begins_at=begins, ends_at=ends)
    assert set(AffectedMember.objects.values_list("member__username", flat=True)) == {"hanako_s", "tanin"}
    for wrong, field in (
        ({"network": "nowhere"}, "network"),
        ({"network": "192.0.2.1"}, "begins_at"),
        ({"ends_at": begins - timedelta(minutes=1)}, "ends_at"),
    ):
        given = {"begins_at": begins, "ends_at": ends, **wrong}
        with pytest.raises(InputError) as problem:
            name_signed_in(actor=staff, incident_id=leak.pk, **given)  # type: ignore[arg-type]
        assert list(problem.value.fields) == [field]


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("A132")
def test_everybody_is_told_some_at_a_time_and_who_interrupts_it_loses_nobody(
    clock: MovableClock, staff: Member, leak: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_services, "CHUNK", 2)
    names = [member(f"kaiin{n}").username for n in range(5)]
    early = Member.objects.get(username="kaiin3")
    name_affected(actor=staff, incident_id=leak.pk, member_ids=[early.pk])
    tell_affected(actor=staff, incident_id=leak.pk, data=DATA, advice=ADVICE)
    run()
    name_everybody(actor=staff, incident_id=leak.pk)
    with pytest.raises(Refused) as again:
        name_everybody(actor=staff, incident_id=leak.pk)
    assert codes_of(again) == ["everybody_already"]
    tell_affected(actor=staff, incident_id=leak.pk, data=DATA, advice=ADVICE)
    account_tasks.run_rounds()
    real: Callable[..., int] = round_services.STEPS[Round.Kind.INCIDENT]

    def breaks(*given: object) -> None:
        real(*given)
        raise RuntimeError("killed half-way")

    with monkeypatch.context() as broken:
        broken.setitem(round_services.STEPS, Round.Kind.INCIDENT, breaks)
        account_tasks.run_rounds()
    run()
    assert told() == sorted([*names, "unei_one"])
    assert AffectedMember.objects.filter(incident=leak, told_at__isnull=False).count() == 6


@pytest.mark.django_db
@pytest.mark.rule("A132")
def test_new_passwords_are_required_of_exactly_the_affected(
    clock: MovableClock, staff: Member, join: Join, leak: Incident
) -> None:
    hanako, other = join(), join("tanin")
    name_affected(actor=staff, incident_id=leak.pk, member_ids=[hanako.pk])
    reset_affected(actor=staff, incident_id=leak.pk, reason=WHY)
    run()
    for one, is_void in ((hanako, True), (other, False), (staff, False)):
        one.refresh_from_db()
        assert (one.password_void_since is not None) is is_void
    with pytest.raises(Refused) as again:
        reset_affected(actor=staff, incident_id=leak.pk, reason=WHY)
    assert codes_of(again) == ["reset_already"]


@pytest.mark.django_db
@pytest.mark.rule("A132")
def test_new_passwords_of_everybody_take_two_of_staff(
    clock: MovableClock, staff: Member, join: Join, leak: Incident
) -> None:
    hanako = join()
    name_everybody(actor=staff, incident_id=leak.pk)
    reset_affected(actor=staff, incident_id=leak.pk, reason=WHY)
    run()
    asked = ForcedReset.objects.get()
    assert asked.state == "waiting"
    with pytest.raises(Refused) as alone:
        approve_forced_reset(actor=staff, reset_id=asked.pk)
    assert codes_of(alone) == ["second_person"]
    approve_forced_reset(actor=member("unei_two", is_staff=True), reset_id=asked.pk)
    run()
    hanako.refresh_from_db()
    assert hanako.password_void_since is not None


@pytest.mark.django_db
def test_a_letter_without_its_words_is_not_sent(clock: MovableClock, staff: Member, join: Join, leak: Incident) -> None:
    name_affected(actor=staff, incident_id=leak.pk, member_ids=[join().pk])
    yesterday = (clock.moment - timedelta(days=1)).date()
    with pytest.raises(InputError) as problem:
        tell_affected(actor=staff, incident_id=leak.pk, data=Text("", "x"), advice=ADVICE, act_on=yesterday)
    assert set(problem.value.fields) == {"data_ja", "act_on"}
