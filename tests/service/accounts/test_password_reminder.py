"""A reminder of old passwords: off by default, in the site alone, and never more than a reminder."""

from datetime import datetime

import pytest
from tests.conftest import MovableClock
from tests.service.accounts.conftest import PASSWORD, Join

from kotowari.accounts import credentials
from kotowari.accounts.models import Member
from kotowari.accounts.services import remind_of_password, set_password
from kotowari.accounts.tasks import remind_of_passwords
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice, OutgoingMail
from kotowari.kernel.clock import TOKYO
from kotowari.kernel.errors import Refused

pytestmark = pytest.mark.django_db
EVERY_3_MONTHS = {"accounts.password_reminder_months": 3}


def reminders() -> int:
    return Notice.objects.filter(kind="accounts.password_reminder").count()


@pytest.mark.rule("A026", "K-6")
@pytest.mark.parametrize("preset", policy.preset_names())
def test_nobody_is_reminded_by_default(preset: str) -> None:
    assert [dated.value for dated in policy.load_preset(preset).values["accounts.password_reminder_months"]] == [0]


@pytest.mark.rule("A026")
def test_nothing_is_left_while_it_is_off(clock: MovableClock, member: Member) -> None:
    clock.move(days=4000)
    assert remind_of_passwords() == 0
    with pytest.raises(Refused) as refused:
        remind_of_password(actor=SYSTEM, member_id=member.pk)
    assert [b.code for b in refused.value.decision.blockers] == ["accounts.password.remind.switched_off"]


@pytest.mark.rule("A026")
def test_after_the_months_there_is_one_notice_and_the_password_still_opens(clock: MovableClock, member: Member) -> None:
    mails = OutgoingMail.objects.count()
    with policy.overridden(EVERY_3_MONTHS):
        clock.set(datetime(2027, 2, 19, 23, 59, tzinfo=TOKYO))
        assert remind_of_passwords() == 0
        clock.set(datetime(2027, 2, 20, 0, 0, tzinfo=TOKYO))
        assert remind_of_passwords() == 1
        assert remind_of_passwords() == 0
        notice = Notice.objects.get(kind="accounts.password_reminder")
        assert "3か月" in notice.body.ja
        assert "go on using it" in notice.body.en
        assert notice.url == "/password/reset/"
        assert AuditEntry.objects.filter(kind="accounts.password_reminded", subject_id=str(member.pk)).count() == 1
        clock.move(days=88)
        assert remind_of_passwords() == 0
        clock.set(datetime(2027, 5, 20, 9, 0, tzinfo=TOKYO))
        assert remind_of_passwords() == 1
    assert OutgoingMail.objects.count() == mails
    assert credentials.owner_of(member.username, PASSWORD) == member


@pytest.mark.rule("A026")
def test_a_new_password_begins_the_months_anew(clock: MovableClock, member: Member) -> None:
    with policy.overridden(EVERY_3_MONTHS):
        clock.move(days=80)
        set_password(actor=member, password="seven gentle foxes dancing")
        clock.move(days=80)
        assert remind_of_passwords() == 0
        with pytest.raises(Refused) as early:
            remind_of_password(actor=SYSTEM, member_id=member.pk)
        assert early.value.decision.clears_at == datetime(2027, 5, 8, tzinfo=TOKYO)
        clock.move(days=10)
        assert remind_of_passwords() == 1


@pytest.mark.rule("A026")
def test_whoever_has_no_password_in_use_or_has_left_is_not_reminded(clock: MovableClock, join: Join) -> None:
    at = clock.moment
    gone, closed, void, outside, never_known = (join(name) for name in ("gone", "closed", "voided", "outside", "older"))
    Member.objects.filter(pk=gone.pk).update(left_at=at)
    Member.objects.filter(pk=closed.pk).update(is_active=False)
    Member.objects.filter(pk=void.pk).update(password_void_since=at)
    Member.objects.filter(pk=never_known.pk).update(password_set_at=None)
    outside.set_unusable_password()
    outside.save()
    clock.move(days=200)
    with policy.overridden(EVERY_3_MONTHS):
        assert remind_of_passwords() == 1
        assert Notice.objects.get(kind="accounts.password_reminder").member_id == never_known.pk
        for who, code in ((gone, "has_left"), (void, "no_password"), (outside, "no_password")):
            with pytest.raises(Refused) as refused:
                remind_of_password(actor=SYSTEM, member_id=who.pk)
            assert [b.code.rpartition(".")[2] for b in refused.value.decision.blockers] == [code]
    assert reminders() == 1


def test_only_the_market_reminds(clock: MovableClock, join: Join) -> None:
    one, other = join("one"), join("other")
    clock.move(days=200)
    with policy.overridden(EVERY_3_MONTHS), pytest.raises(Refused) as refused:
        remind_of_password(actor=one, member_id=other.pk)
    assert [b.code for b in refused.value.decision.blockers] == ["accounts.password.remind.system_only"]
