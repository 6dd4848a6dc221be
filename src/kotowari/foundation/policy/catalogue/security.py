"""What members see of their own account's safety, and how long it is kept."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Flag, Whole
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
NOT_ME_LINK_DAYS = define(
    "accounts.not_me_link_days",
    Whole("days", 1, 30),
    Text("「これは私ではありません」のリンクの期限", "Life of the link “this was not me”"),
    Text(
        "新しい端末のお知らせのリンクが、ログインしないで使える日数。",
        "Days for which the link in the notice of a new device protects the account without signing in.",
    ),
    rule="A120",
)
SECURITY_CHECK_MONTHS = define(
    "accounts.security_check_months",
    Whole("months", 0, 24, zero=Text("知らせない", "never")),
    Text("セキュリティ点検をすすめる間隔", "Reminder of the security check"),
    Text(
        "前回の点検からこの月数がたった会員に、点検をすすめるお知らせを出す。0なら出さない。",
        "Members whose last check is so many months ago are invited to another; 0 for never.",
    ),
    rule="A133",
)
SECOND_FACTOR_REQUIRED = define(
    "console.second_factor_required",
    Flag(),
    Text("担当者に二段階認証を求める", "Staff need a second factor"),
    Text(
        "運営の画面と、担当者としての操作を、二段階認証を設定した担当者だけに開く。",
        "The console, and what staff do as staff, opens only to those who have set up a second factor.",
    ),
    rule="P022",
)
