"""Values that must agree with one another, whatever an operator wants."""

from collections.abc import Mapping
from typing import Any

from kotowari.foundation.policy.closing_dates import longest_wait_days
from kotowari.kernel.text import Text


def conflicts(values: Mapping[str, Any]) -> list[Text]:
    """What does not fit together in a whole set of values, each with what would be right; pure."""
    found = []
    usual, longest = values["contracts.acceptance_days"], values["contracts.acceptance_days_max"]
    if usual > longest:
        text = Text(
            "検収の期間({usual}日)は上限({longest}日)を超えられません。",
            "The time to accept ({usual} days) cannot exceed its longest ({longest} days).",
        )
        found.append(text.format(usual=usual, longest=longest))
    wait = longest_wait_days(values["payouts.closings"], values["payouts.holiday_shift"])
    limit = values["contracts.pay_within_days"]
    if 1 + longest + wait > limit:
        text = Text(
            "納品から支払いまでが最長{total}日になり、{limit}日を超えます。検収の期間の上限を{most}日以下にするか、締めと支払いの間を縮めてください。",
            "From delivery to payment it could take {total} days, more than {limit}: let acceptance take at most "
            "{most} days, or pay sooner after closing.",
        )
        total = 1 + longest + wait
        found.append(text.format(total=total, limit=limit, most=max(limit - wait - 1, 0)))
    if values["contracts.pay_alarm_days"] >= limit:
        text = Text(
            "支払いの遅れの警報は{limit}日より前にしてください。",
            "The late payment alarm must come before day {limit}.",
        )
        found.append(text.format(limit=limit))
    if values["payouts.default_method"] not in values["payouts.methods"]:
        found.append(
            Text(
                "最初の出金方式は、選べる出金方式の中から選んでください。",
                "The method at first must be among the methods offered.",
            )
        )
    if "quick" in values["payouts.methods"] and not values["payouts.quick_offered"]:
        found.append(
            Text(
                "クイック出金を行わないときは、選べる出金方式から外してください。",
                "Where no quick payout is offered it cannot be among the methods.",
            )
        )
    if values["payouts.quick_planned_bank_days"] > values["payouts.quick_bank_days"]:
        found.append(
            Text(
                "クイック出金の予定日は、約束の日より後にできません。",
                "A quick payout cannot be planned for a day after the promised one.",
            )
        )
    if values["payouts.threshold_minimum_yen"] < values["payouts.standard_minimum_yen"]:
        found.append(
            Text(
                "まとめて出金の最低額は、随時出金の最低額以上にしてください。",
                "The minimum of the threshold method must not lie below that of the standard method.",
            )
        )
    if values["accounts.login_lock_max_minutes"] < values["accounts.login_lock_minutes"]:
        found.append(
            Text(
                "ロックの上限は、最初のロックより短くできません。", "The longest lock cannot be shorter than the first."
            )
        )
    if values["accounts.password_min_length_with_factor"] > values["accounts.password_min_length"]:
        found.append(
            Text(
                "二段階認証を使う人のパスワードを、使わない人より長くはできません。",
                "A password beside a second factor need not be longer than one that stands alone.",
            )
        )
    return found
