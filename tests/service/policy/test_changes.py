"""The operator changes the rules: with notice, a reason and a trace, and never for a day that has begun."""

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from kotowari.accounts.models import Member
from kotowari.foundation import policy
from kotowari.foundation.models import AuditEntry, OutboxEvent, PolicyOverride
from kotowari.foundation.policy.gates import WITHDRAW_CHANGE
from kotowari.foundation.policy.selectors import announced_changes, stored_changes
from kotowari.foundation.policy.services import set_policy_value, withdraw_policy_change
from kotowari.kernel.errors import InputError, NotVisible, Refused
from kotowari.kernel.gates import explain
from kotowari.kernel.ids import new_id

KEY = "payouts.standard_minimum_yen"
SOON = date(2026, 12, 5)  # 15 days after the day on which the tests begin

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db: None) -> Member:
    return Member.objects.create_user("operator", "operator@example.jp", display_name="運営", is_staff=True)


@pytest.fixture(autouse=True)
def _read_from_the_database() -> Iterator[None]:
    policy.read_changes_from(stored_changes)
    yield
    policy.read_changes_from(None)


def set_minimum(staff: Member, value: Any = 500, on: date = SOON, **more: Any) -> PolicyOverride:
    return set_policy_value(
        **{"actor": staff, "key": KEY, "value": value, "effective_on": on, "reason": "少額でも受け取れるように", **more}
    )


def test_a_change_counts_from_its_day_on(clock, staff: Member) -> None:
    row = set_minimum(staff)
    assert (row.made_by, row.value, row.effective_on) == (staff, 500, SOON)
    assert policy.value(KEY) == 1_000
    assert policy.version() == "kotowari-2026-11-01"
    clock.move(days=15)
    assert policy.value(KEY) == 500
    assert policy.version() == "kotowari-2026-12-05"
    assert policy.active().entries[KEY].source.ja == "少額でも受け取れるように"


@pytest.mark.rule("A189")
def test_a_change_is_audited_and_told_ahead_as_a_difference(clock, staff: Member) -> None:
    set_minimum(staff)
    entry = AuditEntry.objects.get(kind="policy.value_set")
    assert (entry.actor_id, entry.data["before"], entry.data["after"]) == (staff.pk, 1_000, 500)
    event = OutboxEvent.objects.get(kind="policy.change_announced")
    assert event.payload == {
        "key": KEY,
        "before": 1_000,
        "after": 500,
        "effective_on": "2026-12-05",
        "reason": "少額でも受け取れるように",
    }
    assert [row.key for row in announced_changes()] == [KEY]
    turn = policy.coming()[0]
    assert (turn.on, turn.before.value, turn.after.value) == (SOON, 1_000, 500)


@pytest.mark.rule("A189")
def test_what_people_rely_on_needs_notice_and_other_values_a_day(clock, staff: Member) -> None:
    with pytest.raises(InputError) as early:
        set_minimum(staff, on=date(2026, 12, 4))
    assert "2026-12-05以降" in early.value.fields["effective_on"][0].ja
    assert set_minimum(staff, on=date(2026, 12, 5))
    closed = {"key": "calendar.extra_closed_days", "value": ["2026-12-29"]}
    with pytest.raises(InputError):
        set_minimum(staff, **closed, on=date(2026, 11, 20))
    assert set_minimum(staff, **closed, on=date(2026, 11, 21))


def test_only_staff_may_change_the_rules(clock, staff: Member) -> None:
    member = Member.objects.create_user("hanako", "hanako@example.jp", display_name="花子")
    with pytest.raises(Refused) as refused:
        set_minimum(staff, actor=member)
    assert refused.value.decision.status == 403
    assert refused.value.decision.blockers[0].code == "policy.set_value.not_staff"
    assert not PolicyOverride.objects.exists()
    assert set_minimum(staff)


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"key": "payouts.standard_minimum"}, "key", "payouts.standard_minimum_yen"),
        ({"value": 0}, "value", "1〜100,000の整数"),
        ({"value": "500"}, "value", "1〜100,000の整数"),
        ({"value": 60_000}, "value", "随時出金の最低額以上"),
        ({"reason": "  "}, "reason", "理由を書いてください"),
        ({"reason": "あ" * 1_001}, "reason", "1000文字以内"),
    ],
)
def test_what_cannot_be_used_is_told_and_leaves_nothing(clock, staff, wrong: dict, field: str, told: str) -> None:
    with pytest.raises(InputError) as refused:
        set_minimum(staff, **wrong)
    assert told in refused.value.fields[field][0].ja
    assert not PolicyOverride.objects.exists()
    assert not AuditEntry.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_everything_wrong_is_told_at_once(clock, staff: Member) -> None:
    with pytest.raises(InputError) as refused:
        set_minimum(staff, value=-1, on=date(2026, 1, 1), reason="")
    assert set(refused.value.fields) == {"value", "effective_on", "reason"}


def test_values_must_fit_together_on_every_later_day_too(clock, staff: Member) -> None:
    set_minimum(staff, key="payouts.threshold_minimum_yen", value=2_000, on=date(2027, 3, 1))
    with pytest.raises(InputError) as clash:
        set_minimum(staff, value=3_000, on=date(2027, 1, 1))
    assert "随時出金の最低額以上" in clash.value.fields["value"][0].ja
    assert set_minimum(staff, value=2_000, on=date(2027, 1, 1))


def test_nothing_may_let_a_payment_pass_the_sixty_days(clock, staff: Member) -> None:
    with pytest.raises(InputError) as clash:
        set_minimum(staff, key="contracts.acceptance_days_max", value=30)
    assert "60日を超えます" in clash.value.fields["value"][0].ja
    assert set_minimum(staff, key="contracts.acceptance_days_max", value=29)


def test_a_planned_change_can_be_replaced_until_its_notice_begins(clock, staff: Member) -> None:
    first = set_minimum(staff, 500, date(2026, 12, 20))
    again = set_minimum(staff, 800, date(2026, 12, 20))
    assert first.pk == again.pk
    assert PolicyOverride.objects.get().value == 800
    assert AuditEntry.objects.filter(kind="policy.value_set").count() == 2
    clock.move(days=16)
    with pytest.raises(InputError):
        set_minimum(staff, 900, date(2026, 12, 20))


def test_null_follows_the_preset_again(clock, staff: Member) -> None:
    set_minimum(staff)
    set_minimum(staff, None, date(2026, 12, 25))
    clock.move(days=20)
    assert policy.value(KEY) == 500
    clock.move(days=15)
    assert policy.value(KEY) == 1_000
    assert policy.version() == "kotowari-2026-12-25"


def test_a_change_can_be_withdrawn_the_day_before_and_not_on_its_day(clock, staff: Member) -> None:
    row = set_minimum(staff)
    clock.move(days=14)
    assert explain(WITHDRAW_CHANGE, staff, row).allowed
    clock.move(days=1)
    with pytest.raises(Refused) as refused:
        withdraw_policy_change(actor=staff, override_id=row.pk, reason="誤り")
    assert refused.value.decision.blockers[0].code == "policy.withdraw_change.in_force"
    clock.move(days=-1)
    withdraw_policy_change(actor=staff, override_id=row.pk, reason="誤り")
    clock.move(days=1)
    assert policy.value(KEY) == 1_000
    assert AuditEntry.objects.get(kind="policy.change_withdrawn").data["reason"] == "誤り"
    assert OutboxEvent.objects.filter(kind="policy.change_withdrawn").exists()


def test_a_withdrawal_needs_a_reason_a_row_and_values_that_still_fit(clock, staff: Member) -> None:
    lower = set_minimum(staff, 500, date(2026, 12, 20))
    set_minimum(staff, 700, date(2027, 1, 1), key="payouts.threshold_minimum_yen")
    with pytest.raises(InputError) as clash:
        withdraw_policy_change(actor=staff, override_id=lower.pk, reason="誤り")
    assert "随時出金の最低額以上" in clash.value.fields[""][0].ja
    with pytest.raises(InputError):
        withdraw_policy_change(actor=staff, override_id=lower.pk, reason=" ")
    with pytest.raises(NotVisible):
        withdraw_policy_change(actor=staff, override_id=new_id(), reason="誤り")
    assert PolicyOverride.objects.count() == 2


def test_the_same_key_changes_the_rules_once(clock, staff: Member) -> None:
    first = set_minimum(staff, idempotency_key="k")
    assert set_minimum(staff, idempotency_key="k") == first
    assert AuditEntry.objects.filter(kind="policy.value_set").count() == 1


def test_reading_costs_one_query_and_then_none(
    clock, staff: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(1, 20):
        set_minimum(staff, 100 + day, date(2027, 1, day))
    policy.forget()
    with django_assert_num_queries(1):
        assert [policy.value(KEY, on=date(2027, 1, day)) for day in range(1, 20)] == [*range(101, 120)]


def test_the_database_keeps_one_value_a_day_and_a_reason(clock, staff: Member) -> None:
    row = set_minimum(staff)
    for wrong in ({"effective_on": row.effective_on}, {"effective_on": date(2027, 1, 1), "reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PolicyOverride.objects.create(**{"key": KEY, "value": 1, "reason": "x", **wrong})


@pytest.mark.django_db(transaction=True)
def test_changes_made_at_once_are_made_one_after_the_other(clock, staff: Member) -> None:
    """Each of two changes is right by itself; together they would not fit, so one of them is refused."""
    outcomes: list[str] = []

    def change(key: str, value: int) -> None:
        try:
            set_minimum(staff, value, date(2027, 1, 1), key=key)
            outcomes.append("set")
        except InputError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=change, args=(KEY, 45_000)),
        threading.Thread(target=change, args=("payouts.threshold_minimum_yen", 20_000)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "set"]
    assert PolicyOverride.objects.count() == 1


def test_the_running_product_reads_the_operators_changes(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    sources: list[object] = []
    monkeypatch.setattr(policy, "read_changes_from", sources.append)
    settings.TESTING, settings.DEMO = False, False
    apps.get_app_config("foundation").ready()
    assert sources == [stored_changes]


@pytest.mark.rule("A117", "A189")
def test_the_end_of_a_provider_needs_notice_before_its_own_day_and_none_to_be_called_off(clock, staff: Member) -> None:
    tomorrow, today = date(2026, 11, 21), date(2026, 11, 20)

    def end(*days: date, on: date = tomorrow) -> None:
        rows = [{"provider": f"p{n}", "name": "P", "ends_on": day.isoformat()} for n, day in enumerate(days)]
        set_minimum(staff, rows, on, key="accounts.provider_ends")

    for days, on in (((date(2026, 12, 4),), tomorrow), ((date(2026, 12, 5),), today)):
        with pytest.raises(InputError) as early:
            end(*days, on=on)
        assert list(early.value.fields) == ["effective_on"]
    end(date(2026, 12, 5), date(2027, 3, 1))
    clock.move(days=3)
    later = date(2026, 11, 24)
    with pytest.raises(InputError):
        end(date(2026, 12, 5), date(2026, 12, 6), on=later)
    end(date(2026, 12, 5), on=later)
