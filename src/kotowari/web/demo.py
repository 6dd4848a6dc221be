"""The bar that moves the demo's clock; it exists in demos (and, for its tests, in tests) only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt

from kotowari.foundation import deadlines, demo_clock
from kotowari.kernel import clock
from kotowari.kernel.gates import Blocker
from kotowari.kernel.text import Text
from kotowari.payouts.schedule import next_closings
from kotowari.pricing import PayoutTerms
from kotowari.web import current, refusals
from kotowari.web.gates import MOVE_DEMO_CLOCK
from kotowari.web.screens import screen, see


def _to_next_closing() -> timedelta:
    """Until an hour into the day after the next closing, when it has been done."""
    closes_on, _ = next_closings(1, PayoutTerms.in_force())[0]
    return clock.end_of(closes_on) + timedelta(hours=1) - clock.now()


MOVES: dict[str, tuple[Text, Callable[[], timedelta]]] = {
    "day": (Text("1日", "1 day"), lambda: timedelta(days=1)),
    "closing": (Text("次の締めまで", "to the next closing"), _to_next_closing),
    "month": (Text("30日", "30 days"), lambda: timedelta(days=30)),
    "half_year": (Text("180日", "180 days"), lambda: timedelta(days=180)),
}
_LAST = "demo_last"


@dataclass(frozen=True, slots=True)
class DemoBar:
    """What the bar shows: the demo's time, how far it may be moved, and what the last move brought about."""

    now: datetime
    moves: tuple[tuple[str, Text], ...]
    last: str | None


def bar() -> DemoBar | None:
    """The bar of this page; nothing outside a demo."""
    if not settings.DEMO:
        return None
    request = current.request.get()
    session = getattr(request, "session", None)
    return drawn(session.get(_LAST) if session is not None else None)


def drawn(last: str | None) -> DemoBar:
    """A bar with these words on the last move."""
    return DemoBar(clock.now(), tuple((name, label) for name, (label, _) in MOVES.items()), last)


@screen(
    "demo.clock",
    path="demo/clock/",
    title=Text("デモの時計を進める", "Move the demo's clock"),
    actions=[MOVE_DEMO_CLOCK],
    methods=["POST"],
    demo_only=True,
)
@csrf_exempt  # the bar stands on pages that are cached for visitors; `own_page` asks the browser instead
def move_clock(request: HttpRequest) -> HttpResponse:
    """Move the clock as the pressed button says, let what falls due happen, and come back."""
    if refusals.own_page(request) is False:
        return refusals.csrf_failure(request, "Origin checking failed")
    move = MOVES.get(request.POST.get("by", ""))
    if move is None or not settings.DEMO:
        return refusals.refuse_on_page(request, MOVE_DEMO_CLOCK, _cannot_move())
    _, span = move
    request.session[_LAST] = str(summary(demo_clock.advance(span())))
    return see(back_to(request))


def summary(handled: dict[str, int]) -> Text:
    """What fell due on the way, in words and counts."""
    named = [
        Text("{title} {count}件", "{title}: {count}").format(title=deadlines.TITLES[name], count=count)
        for name, count in handled.items()
        if name in deadlines.TITLES
    ]
    if not named:
        return Text("この間に期限の来たものはありません。", "Nothing fell due on the way.")
    return Text(
        f"この間に起きたこと:{'、'.join(n.ja for n in named)}。", f"What happened: {'; '.join(n.en for n in named)}."
    )


def back_to(request: HttpRequest) -> str:
    """The page a form of the frame was sent from, as it says itself; never another site."""
    wanted: Any = request.POST.get("next", "/")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


def _cannot_move() -> Blocker:
    return Blocker(
        code="unknown_step",
        reason=Text(
            "その進め方は用意されていません。上の帯のボタンから選んでください。",
            "Choose one of the buttons on the bar.",
        ),
        rule="A195",
        resolved_by="you",
        status=422,
    )
