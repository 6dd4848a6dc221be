"""Why nothing can be written into the books: the clock runs behind what stands there. Pure: facts in, blockers out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kotowari.kernel.clock import tokyo
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text

MOMENT = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFacts:
    """What time it is, when the newest journal was written, and how far clocks of several machines may differ."""

    now: datetime
    last_posted_at: datetime | None
    tolerance: timedelta


def clock_runs_forward(facts: PostFacts) -> Blocker | None:
    """A clock that was set back would date money before what it comes from, and begin time limits too early."""
    last_at = facts.last_posted_at
    if last_at is None or last_at - facts.now <= facts.tolerance:
        return None
    return Blocker(
        code="clock_set_back",
        reason=Text(
            "サーバーの時計が{now}を指していますが、帳簿の最後の記録は{last}です。時計が戻っているため、お金は動かせません。"
            "何も変わっていません。運営が時計を合わせると元に戻ります。",
            "The server's clock shows {now}, but the last entry of the books is of {last}: the clock was set back, so no "
            "money can move. Nothing was changed. It works again once the operator has set the clock right.",
        ).format(now=tokyo(facts.now).strftime(MOMENT), last=tokyo(last_at).strftime(MOMENT)),
        rule="P018",
        resolved_by="operator",
        facts={"now": facts.now, "last_posted_at": last_at},
        clears_at=last_at - facts.tolerance,
        status=503,
    )


POST = Action(
    name="ledger.post",
    title=Text("帳簿に記録する", "Write into the books"),
    no=Text("いまはお金を動かせません", "No money can move now"),
    subject="",
    rules=(clock_runs_forward,),
)
