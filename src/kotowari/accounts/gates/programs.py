"""What stands between a program whose password was right and its key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates.remedies import TO_PROGRAMS, TO_TOKENS
from kotowari.accounts.gates.tokens import room_for_a_token
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramFacts:
    """A program's sign-in on its way, and the account it is for.

    `ends_at` is the end of the time for its second step. `ways` are the kinds of second factor that a program can
    show, `in_browser` those that only a browser can, `telephones` where a code can be sent (`id`, `number` masked).
    """

    now: datetime
    known: bool = True
    ends_at: datetime | None = None
    is_used: bool = False
    is_void: bool = False
    tokens: int = 0
    tokens_max: int
    has_factor: bool = False
    second_factor: str = ""
    ways: tuple[str, ...] = ()
    in_browser: tuple[str, ...] = ()
    telephones: tuple[Mapping[str, str], ...] = ()


def ticket_known(facts: ProgramFacts) -> Blocker | None:
    if facts.known:
        return None
    return Blocker(
        code="ticket_unknown",
        reason=Text(
            "この引換券(ticket)は、ここで発行したものではないか、途中で切れています。全体をそのまま送るか、もう一度"
            "ログインしてください。",
            "This ticket is not one of ours or was cut off. Send it whole, or sign in once more.",
        ),
        rule="A114",
        resolved_by="you",
        remedy=TO_PROGRAMS,
        status=422,
    )


def ticket_fresh(facts: ProgramFacts) -> Blocker | None:
    if facts.ends_at is None or facts.now < facts.ends_at:
        return None
    return Blocker(
        code="ticket_expired",
        reason=Text(
            "二段階認証を待つ時間が過ぎました。もう一度ログインしてください。",
            "The time for the second factor has run out. Please sign in once more.",
        ),
        rule="A114",
        resolved_by="you",
        facts={"ended_at": facts.ends_at},
        remedy=TO_PROGRAMS,
    )


def ticket_unused(facts: ProgramFacts) -> Blocker | None:
    if not facts.is_used:
        return None
    return Blocker(
        code="ticket_used",
        reason=Text(
            "この引換券(ticket)は、すでにAPIトークンと引き換えました。受け取れなかった場合は、そのトークンを一覧で無効にし、"
            "もう一度ログインしてください。",
            "This ticket was exchanged for a token already. If the token never reached you, revoke it in the list and "
            "sign in once more.",
        ),
        rule="A114",
        resolved_by="you",
        remedy=TO_TOKENS,
    )


def ticket_fits(facts: ProgramFacts) -> Blocker | None:
    """Whoever changes the password or a second factor shuts out what was begun before."""
    if not facts.is_void:
        return None
    return Blocker(
        code="ticket_void",
        reason=Text(
            "始めたあとにパスワードか二段階認証が変わったため、このログインは続けられません。もう一度ログインしてください。",
            "The password or a second factor was changed since, so this sign-in cannot go on. Please sign in once more.",
        ),
        rule="A114",
        resolved_by="you",
        remedy=TO_PROGRAMS,
    )


def second_factor_sent(facts: ProgramFacts) -> Blocker | None:
    """What a program can show next, where it can show anything."""
    if not facts.has_factor or facts.second_factor or not facts.ways:
        return None
    return Blocker(
        code="second_factor_needed",
        reason=Text(
            "このアカウントは二段階認証を使っています。引換券(ticket)とコードを送ると、ログインが終わります。",
            "This account has a second factor. Send the ticket with a code to finish signing in.",
        ),
        rule="A114",
        resolved_by="you",
        facts={
            "ways": list(facts.ways),
            "in_browser": list(facts.in_browser),
            "telephones": [dict(each) for each in facts.telephones],
        },
        remedy=TO_PROGRAMS,
        status=401,
    )


def a_program_can_show_it(facts: ProgramFacts) -> Blocker | None:
    """Passkeys are bound to the browser and the site: no program can show one."""
    if not facts.has_factor or facts.second_factor or facts.ways:
        return None
    return Blocker(
        code="browser_needed",
        reason=Text(
            "このアカウントの二段階認証(パスキーなど)は、ブラウザーでしか確かめられません。ブラウザーでログインし、設定の"
            "「API」で作ったトークンをプログラムに渡してください。",
            "The second factor of this account (such as a passkey) works in a browser only. Sign in there, make a token in "
            "the settings under API, and give it to the program.",
        ),
        rule="A114",
        resolved_by="you",
        facts={"in_browser": list(facts.in_browser)},
        remedy=TO_TOKENS,
    )


SIGN_IN_PROGRAM = Action(
    "accounts.program.sign_in",
    title=Text("プログラムをログインさせる", "Sign a program in"),
    no=Text("プログラムをログインさせられません", "The program cannot be signed in"),
    rules=(
        ticket_known,
        ticket_fresh,
        ticket_unused,
        ticket_fits,
        room_for_a_token,
        second_factor_sent,
        a_program_can_show_it,
    ),
)
