"""Where a member is paid: checked against the directory, sealed, kept, and put right."""

from typing import Any

import pytest
from django.db import connection
from tests import story
from tests.service.payouts.market import ACCOUNT, Market, notices, register

from kotowari.foundation.models import AuditEntry
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.text import use_language
from kotowari.payouts import services
from kotowari.payouts.models import BankAccount
from kotowari.payouts.selectors import accounts_matching, bank_account_of, method_of

pytestmark = pytest.mark.django_db


def wrong_with(member: Any, **changes: Any) -> dict[str, str]:
    with pytest.raises(InputError) as error, use_language("ja"):
        register(member, **changes)
    return {field: texts[0].ja for field, texts in error.value.fields.items()}


@pytest.mark.rule("A152", "A153")
def test_an_account_is_registered_with_the_names_of_the_directory_and_the_name_as_the_bank_writes_it(
    market: Market,
) -> None:
    member = market.member("hanako")
    account = register(member, account_number="1234", holder_kana="やまだ はなこ")
    assert (account.bank_name, account.branch_name) == ("見本銀行", "駅前")
    assert (account.number, account.holder_kana) == ("0001234", "ﾔﾏﾀﾞ ﾊﾅｺ")
    assert bank_account_of(member.pk) == account


@pytest.mark.rule("A153")
def test_every_field_that_cannot_be_used_is_told_at_once(market: Market) -> None:
    member = market.member("hanako")
    found = wrong_with(member, bank_code="9995", account_kind="", account_number="12345678", holder_kana="山田花子")
    assert set(found) == {"bank_code", "account_kind", "account_number", "holder_kana"}
    assert "9995" in found["bank_code"]
    assert "漢字" in found["holder_kana"]
    assert not BankAccount.objects.exists()


@pytest.mark.rule("A153")
@pytest.mark.parametrize(
    ("field", "bad", "good"),
    [
        ("bank_code", "0002", "9999"),
        ("branch_code", "001", "999"),
        ("branch_code", "", "999"),
        ("account_number", "0000000", "0000001"),
        ("account_number", "12-34a", "12-34"),
        ("account_kind", "定期", "貯蓄"),
        ("account_kind", "3", "4"),
        ("holder_kana", "ヤマダヲ", "ヤマダオ"),
        ("holder_kana", "", "カ)ミホン"),
        ("holder_kana", "ア" * 31, "ア" * 30),
    ],
)
def test_a_field_is_refused_and_its_twin_is_taken(market: Market, field: str, bad: str, good: str) -> None:
    member = market.member("hanako")
    assert field in wrong_with(member, **{field: bad})
    register(member, **{field: good})


@pytest.mark.rule("A153")
def test_yucho_symbol_and_number_become_branch_and_account(market: Market) -> None:
    member = market.member("hanako")
    by_symbol = register(
        member, bank_code="9900", branch_code="", account_number="", yucho_symbol="10530", yucho_number="12345671"
    )
    assert (by_symbol.branch_code, by_symbol.number, by_symbol.account_kind) == ("058", "1234567", 1)
    in_the_usual_fields = register(member, bank_code="9900", branch_code="10530", account_number="12345671")
    assert (in_the_usual_fields.branch_code, in_the_usual_fields.number) == ("058", "1234567")
    wrong = wrong_with(member, bank_code="9900", yucho_symbol="10530", yucho_number="12345672")
    assert "末尾" in wrong["yucho_number"]


def test_an_earlier_account_is_kept_and_one_alone_is_active(market: Market) -> None:
    member = market.member("hanako")
    first = register(member)
    market.clock.move(days=1)
    second = register(member, branch_code="999")
    first.refresh_from_db()
    assert first.replaced_at == second.registered_at
    assert list(BankAccount.objects.filter(replaced_at__isnull=True)) == [second]


def test_number_and_name_stand_nowhere_in_the_clear(market: Market) -> None:
    account = register(market.member("hanako"), account_number="9876543")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(b)::text FROM payouts_bankaccount b")
        stored = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(data::text, '') FROM foundation_auditentry")
        audited = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(payload::text, '') FROM foundation_outboxevent")
        told = cursor.fetchone()[0]
    assert account.number == "9876543"
    for text in (stored, audited, told):
        assert "9876543" not in text
        assert b"9876543".hex() not in text
        assert "ﾔﾏﾀﾞ" not in text


def test_staff_find_whose_an_account_is_and_members_find_nothing(market: Market) -> None:
    hanako, taro = market.member("hanako"), market.member("taro")
    register(hanako)
    mine = register(taro, account_number="9000012")
    numbers = {"bank_code": "9999", "branch_code": "998", "number": "9000012"}
    assert list(accounts_matching(market.staff(), **numbers)) == [mine]
    assert not accounts_matching(hanako, **numbers).exists()


def test_staff_and_those_who_left_register_nothing(market: Market) -> None:
    with pytest.raises(Refused):
        register(market.staff())
    leaver = market.member("leaver", left_at=market.clock.moment)
    with pytest.raises(Refused):
        register(leaver)
    leaver.left_at = None
    leaver.save()
    register(leaver)


def test_a_change_is_told_to_the_owner_and_recorded_without_the_number(market: Market) -> None:
    member = market.member("hanako")
    register(member)
    register(member, branch_code="999")
    market.tell()
    assert notices(member) == ["payouts.bank_account_set", "payouts.bank_account_set"]
    entry = AuditEntry.objects.filter(kind="payouts.account_set").latest("id")
    assert entry.data == {"bank": "見本銀行", "branch": "本店", "redirected": 0}


def test_the_same_key_registers_once(market: Market) -> None:
    member = story.proved(market.member("hanako"))
    first = services.set_bank_account(actor=member, **ACCOUNT, idempotency_key="k")
    again = services.set_bank_account(actor=member, **ACCOUNT, idempotency_key="k")
    assert first == again
    assert BankAccount.objects.count() == 1


@pytest.mark.rule("A045", "A049", "A051")
def test_one_method_at_a_time_and_the_standard_one_without_choosing(market: Market) -> None:
    member = market.member("hanako")
    assert method_of(member.pk) == "standard"
    services.choose_method(actor=member, method="threshold")
    services.choose_method(actor=member, method="carry_over")
    assert method_of(member.pk) == "carry_over"
    with pytest.raises(InputError) as error:
        services.choose_method(actor=member, method="gold")
    assert "クイック出金" in error.value.fields["method"][0].ja
    assert method_of(member.pk) == "carry_over"
