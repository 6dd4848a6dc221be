"""Changes of signing in: told ahead, told again, and the old way works until the day that was said (A117)."""

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from tests.conftest import MovableClock
from tests.service.accounts.conftest import Join

from kotowari.accounts import gates as account_gates
from kotowari.accounts import tasks as account_tasks
from kotowari.accounts.external.providers import provider
from kotowari.accounts.models import Factor, Member
from kotowari.foundation import policy
from kotowari.foundation.models import Notice, OutgoingMail
from kotowari.foundation.policy.selectors import stored_changes
from kotowari.incidents import tasks
from kotowari.incidents.models import LoginChange
from kotowari.incidents.selectors import changes_touching
from kotowari.incidents.services import announce_login_change, withdraw_login_change
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text

TITLE = Text("外部アカウントでのログインが変わります", "Signing in from outside changes")
WORDS = Text("終わる前にパスワードを設定してください。", "Set a password before it ends.")
MONTH = timedelta(days=30)


@pytest.fixture(autouse=True)
def operators_values(settings: Any, db: None) -> Any:
    """The operator's own policy changes count in these tests, and one provider has its keys."""
    apps = [{"provider_id": "minna", "name": "みんなのID", "client_id": "x", "secret": "y", "settings": {}}]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps}}
    policy.read_changes_from(stored_changes)
    yield
    policy.read_changes_from(None)


def announce(staff: Member, today: date, **more: Any) -> LoginChange:
    given: dict[str, Any] = {
        "actor": staff,
        "method": "external",
        "provider": "minna",
        "title": TITLE,
        "words": WORDS,
        "takes_effect_on": today + MONTH,
        "old_until_on": today + MONTH,
        "guide_url": "/help/sign-in-ways/",
    }
    return announce_login_change(**{**given, **more})


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("member__username", flat=True))


def run() -> None:
    while account_tasks.run_rounds():
        pass


@pytest.mark.django_db
@pytest.mark.rule("A117")
def test_a_provider_works_through_its_last_day_and_refuses_one_day_later(
    clock: MovableClock, staff: Member, join: Join
) -> None:
    hanako, _other = join(), join("tanin")
    SocialAccount.objects.create(user=hanako, provider="minna", uid="1")
    today = clock.moment.date()
    row = announce(staff, today)
    run()
    assert told("incidents.login_change") == ["hanako_s"], "who does not use it is left in peace"
    mail = OutgoingMail.objects.get(to=hanako.email, subject=TITLE.ja)
    assert "2026年12月20日まで使えます" in mail.body
    assert "/help/sign-in-ways/" in mail.body
    assert [each.pk for each in changes_touching(hanako)] == [row.pk]
    clock.move(days=23)
    assert tasks.remind_of_login_changes() == 0
    clock.move(days=1)
    assert tasks.remind_of_login_changes() == 1
    assert tasks.remind_of_login_changes() == 0
    run()
    assert told("incidents.login_change_reminder") == ["hanako_s"]
    clock.move(days=6)
    assert explain(account_gates.ENTER_EXTERNAL, None, provider("minna")).allowed, "the last day"
    assert tasks.complete_login_changes() == 0
    clock.move(days=1)
    refused = explain(account_gates.ENTER_EXTERNAL, None, provider("minna"))
    assert [b.code.rpartition(".")[2] for b in refused.blockers] == ["provider_over"]
    assert tasks.complete_login_changes() == 1
    row.refresh_from_db()
    assert row.state == "complete"
    assert changes_touching(hanako) == []
    with pytest.raises(Refused):
        withdraw_login_change(actor=staff, change_id=row.pk, because=WORDS)


@pytest.mark.django_db
@pytest.mark.rule("A117")
def test_what_is_withdrawn_is_told_and_the_provider_goes_on(clock: MovableClock, staff: Member, join: Join) -> None:
    hanako = join()
    SocialAccount.objects.create(user=hanako, provider="minna", uid="1")
    row = announce(staff, clock.moment.date())
    clock.move(days=5)
    assert provider("minna").ends_on == row.over_on
    withdraw_login_change(actor=staff, change_id=row.pk, because=Text("提供元が続けます。", "The provider goes on."))
    run()
    assert told("incidents.login_change_withdrawn") == ["hanako_s"]
    clock.move(days=60)
    assert provider("minna").ends_on is None
    assert tasks.remind_of_login_changes() == 0
    assert tasks.complete_login_changes() == 0


@pytest.mark.django_db
@pytest.mark.rule("A117")
def test_a_change_of_something_else_is_told_to_who_uses_it(clock: MovableClock, staff: Member, join: Join) -> None:
    hanako, other = join(), join("tanin")
    now = clock.moment
    Factor.objects.create(member=hanako, kind="sms", name="携帯", secret="1", setup_until=now, confirmed_at=now)
    given = {"provider": "", "old_until_on": None}
    sms = announce(staff, now.date(), method="sms", **given)
    everybody = announce(staff, now.date(), method="all", **given)
    run()
    assert told("incidents.login_change") == ["hanako_s", "hanako_s", "tanin", "unei_one"]
    assert [row.pk for row in changes_touching(hanako)] == [sms.pk, everybody.pk]
    assert [row.pk for row in changes_touching(other)] == [everybody.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"old_until_on": 29}, "old_until_on"),
        ({"old_until_on": 40, "takes_effect_on": 41}, "old_until_on"),
        ({"old_until_on": None, "provider": "", "takes_effect_on": 29}, "takes_effect_on"),
        ({"old_until_on": None}, "old_until_on"),
        ({"provider": "nowhere"}, "provider"),
        ({"method": "password"}, "provider"),
        ({"method": "telepathy", "provider": ""}, "method"),
        ({"guide_url": "https://elsewhere.example/"}, "guide_url"),
        ({"words": Text(" ", "x")}, "words_ja"),
    ],
)
def test_what_cannot_be_announced_says_which_field_and_why(
    clock: MovableClock, staff: Member, wrong: dict[str, Any], field: str
) -> None:
    today = clock.moment.date()
    given = {key: today + timedelta(days=value) if isinstance(value, int) else value for key, value in wrong.items()}
    with pytest.raises(InputError) as problem:
        announce(staff, today, **given)
    assert list(problem.value.fields) == [field]


@pytest.mark.django_db
def test_one_end_of_a_provider_is_announced_at_a_time(clock: MovableClock, staff: Member) -> None:
    announce(staff, clock.moment.date())
    with pytest.raises(InputError) as problem:
        announce(staff, clock.moment.date())
    assert list(problem.value.fields) == ["provider"]
