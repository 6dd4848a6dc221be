"""Codes of apps by RFC 6238, codes as people type them, and telephone numbers as they are typed in Japan."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.accounts import one_time_codes as totp
from kotowari.accounts import phones, recovery_codes

SECRET = base64.b32encode(b"12345678901234567890").decode()
AT = datetime.fromtimestamp(1_111_111_109, UTC)


@pytest.mark.rule("A114")
@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
    ],
)
def test_the_codes_are_those_of_rfc_6238(second: int, code: str) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    assert totp.code_of(SECRET, totp.step_at(moment)) == code
    assert totp.step_of(code, SECRET, moment) == second // 30


@pytest.mark.parametrize(
    "typed", ["081804", "081 804", " 081-804 ", "０８１８０４", "０８１　８０４", "081–804", "0 8 1 8 0 4\n"]
)
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert totp.step_of(typed, SECRET, AT) == totp.step_at(AT)


@pytest.mark.parametrize(
    "typed", ["", "08180", "0818040", "08180a", "٠٨١٨٠٤", "八一八〇四〇", "081804" * 30, "\0", "²²²²²²"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert totp.step_of(typed, SECRET, AT) is None


@pytest.mark.parametrize(("aside", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(aside: int, is_taken: bool) -> None:
    code = totp.code_of(SECRET, totp.step_at(AT + timedelta(seconds=aside)))
    assert (totp.step_of(code, SECRET, AT) is not None) is is_taken


@given(st.text(max_size=200))
def test_nothing_that_is_typed_is_a_fault(typed: str) -> None:
    found = totp.step_of(typed, SECRET, AT)
    assert found is None or abs(found - totp.step_at(AT)) <= 1
    assert isinstance(phones.normalised(typed), str)
    assert len(phones.problems(phones.normalised(typed))) <= 1


def test_the_address_for_apps_holds_what_they_need_and_secrets_differ() -> None:
    secret = totp.new_secret()
    assert secret != totp.new_secret()
    assert len(base64.b32decode(secret)) == 20
    address = urlsplit(totp.address_for_apps(secret, "hanako_s"))
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/Kotowari%3Ahanako_s")
    assert parse_qs(address.query) == {"secret": [secret], "issuer": ["Kotowari"], "digits": ["6"], "period": ["30"]}
    assert totp.grouped(secret).replace(" ", "") == secret


@pytest.mark.parametrize(
    "typed",
    [
        "090-1234-5678", "09012345678", "０９０−１２３４−５６７８", "０９０ー１２３４ー５６７８", "(090) 1234 5678",
        "+81 90-1234-5678", "+81 (0)90-1234-5678", "0081 90 1234 5678", "　090 1234 5678　", "090.1234.5678",
    ],
)  # fmt: skip
def test_a_mobile_number_is_one_however_it_is_typed(typed: str) -> None:
    assert phones.normalised(typed) == "+819012345678"
    assert phones.problems("+819012345678") == []
    assert phones.masked("+819012345678") == "…5678"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "入力してください"),
        ("03-1234-5678", "固定電話"),
        ("090-1234-567", "11桁"),
        ("+1 212 555 0100", "日本の携帯電話"),
        ("hanako@example.jp", "11桁"),
        ("0120-444-444", "11桁"),
    ],
)
def test_what_receives_no_text_message_is_said(typed: str, words: str) -> None:
    (problem,) = phones.problems(phones.normalised(typed))
    assert words in problem.ja


@pytest.mark.rule("A116")
def test_recovery_codes_are_random_and_cannot_be_mistaken_for_each_other() -> None:
    codes = {recovery_codes.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 14 and code.count("-") == 2 for code in codes)
    assert not set("".join(codes)) & set("01OIUEAY")
