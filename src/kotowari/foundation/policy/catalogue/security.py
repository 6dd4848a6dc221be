"""What members see of their own account's safety, and how long it is kept."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Whole
from kotowari.kernel.text import Text

HISTORY_DAYS = define(
    "accounts.history_days",
    Whole("days", 30, 1_095),
    Text("ログインの記録を残す日数", "History of sign-ins"),
    Text(
        "ログインの記録と、忘れた端末・長く使われていない端末を残す日数。過ぎると消える。",
        "How long tries to sign in, and devices forgotten or unused, are kept; then they are deleted.",
    ),
    rule="A119",
)
