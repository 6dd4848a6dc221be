"""Disputes without a database: words for every reason, states that end, and what stands against whom."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from kotowari.payments.card_words import _DISPUTES, why_disputed
from kotowari.payments.gates import Standing
from kotowari.payments.selectors.disputes import _worst
from kotowari.payments.transitions import CARD_DISPUTE, CARD_REFUND

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize("code", [*_DISPUTES, "", "never heard of"])
def test_every_reason_is_said_in_words_that_name_no_code(code: str) -> None:
    said = why_disputed(code)
    assert said.ja.startswith("カードの持ち主")
    assert said.en.startswith("The cardholder")
    assert "_" not in said.en


def test_whatever_was_said_money_that_comes_or_goes_can_still_be_said() -> None:
    for state in CARD_DISPUTE.states:
        assert state == "won" or CARD_DISPUTE.may(state, "win"), state
    assert CARD_DISPUTE.may("won", "open")
    assert CARD_DISPUTE.may("unfounded", "open")
    assert not CARD_DISPUTE.may("opened", "deny")


def test_a_refund_is_held_or_replaced_only_where_it_has_not_gone() -> None:
    assert CARD_REFUND.sources_of("replace") == ("recorded",)
    assert set(CARD_REFUND.sources_of("hold")) == {"sent", "unknown", "set_aside"}


def test_of_several_disputes_the_open_one_that_ends_last_stands() -> None:
    one, other = uuid4(), uuid4()
    later = NOW + timedelta(days=1)
    rows = [
        (one, "lost", NOW),
        (one, "opened", NOW),
        (one, "opened", later),
        (one, "lost", later),
        (other, "lost", NOW),
    ]
    for told in (rows, rows[::-1]):
        assert _worst(told) == {one: Standing(state="opened", until=later), other: Standing(state="lost", until=None)}
