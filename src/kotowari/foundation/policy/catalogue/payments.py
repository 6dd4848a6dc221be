"""Clocks of money that has come in and is not placed yet."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Whole
from kotowari.kernel.text import Text

SUSPENSE_DAYS = define(
    "payments.suspense_days",
    Whole("days", 1, 90),
    Text("仮受金を預かる日数", "Time in suspense"),
    Text(
        "どの仮払いにも充てられない入金を、返送に回すまで預かる日数。",
        "Days that a deposit which fits no escrow is kept before it is set aside to be sent back.",
    ),
    rule="P009",
    needs_notice=True,
)
