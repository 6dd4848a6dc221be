"""What anybody may do with pages as such, before any of them does its own work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from kotowari.kernel.gates import Action, Blocker, Remedy, facts_for
from kotowari.kernel.text import Text

LOGIN_PATH = "/login/"


@dataclass(frozen=True, slots=True)
class PageVisit:
    """A page that only members open, and who knocks."""

    signed_in: bool
    address: str


def signed_in(visit: PageVisit) -> Blocker | None:
    """Pages about oneself are opened by oneself: after signing out, signing in is needed again (A037)."""
    if visit.signed_in:
        return None
    return Blocker(
        code="sign_in_needed",
        reason=Text("このページは、ログインした会員本人だけが開けます。", "Only you, signed in, can open this page."),
        rule="A037",
        resolved_by="you",
        remedy=Remedy(
            Text("ログインしてこのページへ進む", "Sign in and continue to this page"),
            f"{LOGIN_PATH}?{urlencode({'next': visit.address})}",
        ),
        status=401,
    )


READ = Action(
    "web.read",
    title=Text("ページを読む", "Read the page"),
    no=Text("このページは開けません", "This page cannot be opened"),
)
OPEN_MEMBER_PAGE = Action(
    "web.open_member_page",
    title=Text("会員ページを開く", "Open a member's page"),
    no=Text("ログインが必要です", "Please sign in first"),
    subject="web.page",
    rules=(signed_in,),
)
SEND_FORM = Action(
    "web.send_form",
    title=Text("入力した内容を送る", "Send what was typed"),
    no=Text("まだ送信していません", "Nothing was sent yet"),
)
SWITCH_LANGUAGE = Action(
    "web.switch_language",
    title=Text("表示言語を切り替える", "Switch the language"),
    no=Text("表示言語を切り替えられません", "The language cannot be switched"),
)
MOVE_DEMO_CLOCK = Action(
    "web.move_demo_clock",
    title=Text("デモの時計を進める", "Move the demo's clock"),
    no=Text("デモの時計を進められません", "The demo's clock cannot be moved"),
)


@facts_for(OPEN_MEMBER_PAGE)
def page_visits(actor: Any, addresses: Sequence[str]) -> list[PageVisit]:
    """The facts of `OPEN_MEMBER_PAGE`: the actor is a member or nobody, the subjects are addresses."""
    return [PageVisit(signed_in=actor is not None, address=address) for address in addresses]
