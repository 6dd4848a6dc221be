"""The real name: told by its owner, sealed, never changed but followed by another, and never told to anybody else."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests import story
from tests.conftest import MovableClock
from tests.service.accounts.conftest import Join

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import Member, RegisteredName
from kotowari.accounts.selectors import name_history_of, registered_name_of, registered_names_of
from kotowari.accounts.services import register_name, report_not_me
from kotowari.foundation.audit import sentence_of
from kotowari.foundation.models import AuditEntry, Notice, OutboxEvent, OutgoingMail
from kotowari.foundation.sealed import reseal
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A151")]
HANAKO = {"name": "髙橋　花子", "kana": "たかはし ﾊﾅｺ"}


def faults(**typed: Any) -> dict[str, list[Any]]:
    with pytest.raises(InputError) as wrong:
        register_name(**typed)
    return wrong.value.fields


def test_a_name_is_kept_as_it_is_written_with_its_kana_folded_and_sealed(member: Member) -> None:
    row = register_name(actor=story.proved(member), **HANAKO)
    assert (row.name, row.kana, row.trade_name, row.reason) == ("髙橋 花子", "タカハシ ハナコ", None, "first")
    stored = RegisteredName.objects.get()
    assert stored.name == "髙橋 花子"
    assert "髙橋".encode() not in bytes(stored.name_sealed), "sealed in the table"
    assert registered_name_of(member.pk) == stored


def test_its_owner_is_told_and_no_trail_holds_the_name(member: Member) -> None:
    register_name(actor=story.proved(member), **HANAKO)
    register_name(actor=story.proved(member), name="佐藤 花子", kana="サトウ ハナコ", reason="changed")
    notices = list(Notice.objects.filter(member=member, kind="accounts.name_registered").order_by("id"))
    assert [notice.title_text["ja"] for notice in notices] == [
        "お名前(本名・法人名)を登録しました",
        "登録のお名前(本名・法人名)が変わりました",
    ]
    trail = list(AuditEntry.objects.filter(kind="accounts.name_registered").order_by("id"))
    assert [sentence_of(each).ja for each in trail] == [
        "本名・法人名を登録した(はじめての登録)",
        "本名・法人名を登録した(氏名・法人名が変わった)",
    ]
    events = list(OutboxEvent.objects.filter(kind="accounts.name_registered").order_by("id"))
    assert [each.payload["is_change"] for each in events] == [False, True]
    everything = f"{[each.data for each in trail]} {[each.payload for each in events]}"
    everything += f"{[each.body_text for each in notices]} {list(OutgoingMail.objects.values_list('body', flat=True))}"
    assert not [word for word in ("髙橋", "タカハシ", "サトウ") if word in everything]


def test_a_name_is_followed_by_another_and_never_changed(member: Member, clock: MovableClock) -> None:
    first = register_name(actor=story.proved(member), **HANAKO)
    clock.move(days=1)
    assert register_name(actor=story.proved(member), **HANAKO) == first, "told again, nothing changes"
    second = register_name(
        actor=story.proved(member), **HANAKO, trade_name="みほん堂", trade_kana="みほんどう", reason="trade_name"
    )
    assert [row.pk for row in name_history_of(member.pk, 5)] == [second.pk, first.pk]
    assert registered_names_of([member.pk]) == {member.pk: second}
    assert (second.trade_name, second.trade_kana) == ("みほん堂", "ミホンドウ")
    for change in ({"reason": "other"}, {"registered_at": kernel_clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RegisteredName.objects.filter(pk=first.pk).update(**change)
    assert reseal(RegisteredName).unreadable == ()


def test_another_name_needs_its_reason_and_everything_wrong_is_told_at_once(member: Member, join: Join) -> None:
    register_name(actor=story.proved(member), **HANAKO)
    assert set(faults(actor=story.proved(member), name="佐藤", kana="佐藤")) == {"kana", "reason"}
    assert set(faults(actor=story.proved(member), name="佐藤", kana="サトウ", reason="first")) == {"reason"}
    found = faults(actor=story.proved(join("jiro")), name=" ", kana="", trade_name="", trade_kana="ミホン")
    assert set(found) == {"name", "kana", "trade_name"}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("kana", "ヤマダ 太郎", "5文字目の「太」"),
        ("kana", "ヤマダ1", "4文字目の「1」"),
        ("kana", "ー", "例"),
        ("kana", "ヤ" * 101, "101文字"),
        ("kana", "ヤマ\u200bダ", "3文字目"),
        ("name", "12 34", "例"),
        ("name", "山田\u202e太郎", "目に見えない"),
        ("name", "山" * 101, "101文字"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(member: Member, field: str, typed: str, said: str) -> None:
    found = faults(actor=story.proved(member), **{**HANAKO, field: typed})
    assert list(found) == [field]
    assert said in found[field][0].ja


def test_a_company_has_letters_and_digits_in_its_kana_and_no_trade_name(join: Join) -> None:
    firm = join("mihon", kind=Member.Kind.COMPANY)
    found = faults(actor=story.proved(firm), name="ABC商会", kana="エービーシー", trade_name="店", trade_kana="ミセ")
    assert list(found) == ["trade_name"]
    assert (
        register_name(actor=story.proved(firm), name="株式会社ABC21", kana="カブシキガイシャ ＡＢＣ２１").kana
        == "カブシキガイシャ ABC21"
    )


@pytest.mark.rule("A120")
def test_while_an_account_is_protected_its_name_stays_as_it_is(member: Member, join: Join) -> None:
    register_name(actor=story.proved(member), **HANAKO)
    newcomer = join("jiro")
    for each in (member, newcomer):
        report_not_me(actor=each)
    with pytest.raises(Refused) as refused:
        register_name(actor=story.proved(member), name="佐藤 花子", kana="サトウ ハナコ", reason="changed")
    blocker = refused.value.decision.blockers[0]
    assert (blocker.code, blocker.clears_at is not None) == ("accounts.name.register.held", True)
    assert register_name(actor=story.proved(newcomer), **HANAKO).reason == "first"


def test_nobody_tells_a_name_for_somebody_else(db: None) -> None:
    with pytest.raises(Refused) as refused:
        register_name(actor=VISITOR, **HANAKO)
    assert refused.value.decision.blockers[0].code == "accounts.name.register.sign_in_needed"
