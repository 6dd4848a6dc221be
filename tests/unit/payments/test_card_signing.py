"""The seal on the gateway's messages: what fits, what was altered, what is too old; and the words for declines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.payments.card_words import what_helps, why_not_paid
from kotowari.payments.cards import signing
from kotowari.payments.models.cards import REFUND_UNDER_WAY, UNDER_WAY
from kotowari.payments.transitions import CARD_PAYMENT, CARD_REFUND

NOW = 1_800_000_000


@given(body=st.binary(max_size=200), secret=st.text(min_size=1, max_size=40))
def test_what_was_sealed_is_genuine_and_nothing_else_is(body: bytes, secret: str) -> None:
    header = signing.sign(body, secret, NOW)
    assert signing.is_genuine(body, header, secret, NOW)
    assert not signing.is_genuine(body + b"x", header, secret, NOW)
    assert not signing.is_genuine(body, header, secret + "x", NOW)


@pytest.mark.parametrize("late", [-301, 301, 86_400])
def test_a_seal_is_good_for_minutes_only(late: int) -> None:
    header = signing.sign(b"{}", "s", NOW)
    assert signing.is_genuine(b"{}", header, "s", NOW + 300)
    assert not signing.is_genuine(b"{}", header, "s", NOW + late)


@given(header=st.text(max_size=200))
def test_odd_headers_are_not_genuine(header: str) -> None:
    assert not signing.is_genuine(b"{}", header, "s", NOW)


@pytest.mark.parametrize("header", ["t=٣,v1=a", "t=,v1=", f"t={NOW}", f"t={NOW},v1=é", "t=-1,v1=a", "t=1" * 50])
def test_more_odd_headers(header: str) -> None:
    assert not signing.is_genuine(b"{}", header, "s", NOW)


def test_a_stolen_card_is_told_no_more_than_a_lost_one() -> None:
    assert why_not_paid("stolen_card") == why_not_paid("lost_card") == why_not_paid("fraudulent")
    assert "盗難" not in why_not_paid("stolen_card").ja


@given(code=st.text(max_size=30))
def test_every_code_has_words_and_a_way_on(code: str) -> None:
    for text in (why_not_paid(code), what_helps(code)):
        assert text.ja
        assert text.en


@pytest.mark.parametrize("state", sorted({*UNDER_WAY, "set_aside"}))
def test_money_that_came_is_booked_from_every_state_in_which_the_processor_was_called(state: str) -> None:
    if state != "recorded":
        assert CARD_PAYMENT.may(state, "succeed")


def test_no_state_of_a_payment_or_refund_waits_for_ever() -> None:
    for table, waiting in ((CARD_PAYMENT, UNDER_WAY), (CARD_REFUND, REFUND_UNDER_WAY)):
        for state in waiting:
            assert table.default_outcomes(state), state
    assert CARD_PAYMENT.may("expired", "succeed"), "a late success is money all the same"
    assert CARD_PAYMENT.may("declined", "succeed")
    assert CARD_PAYMENT.final == {"refunded"}
    assert CARD_REFUND.final == {"succeeded", "failed", "replaced"}
