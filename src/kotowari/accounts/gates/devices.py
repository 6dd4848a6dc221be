"""Ending what is open and forgetting what is known: one's own sessions and devices, and nobody else's."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates.oneself import OwnFacts, signed_in
from kotowari.accounts.gates.remedies import TO_DEVICES
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFacts(OwnFacts):
    """One of one's own devices."""

    forgotten_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsFacts(OwnFacts):
    """How many sessions are open, the present one among them."""

    sessions: int


def not_forgotten_yet(facts: DeviceFacts) -> Blocker | None:
    if facts.forgotten_at is None:
        return None
    return Blocker(
        code="forgotten_already",
        reason=Text("この端末の記憶は、すでに消えています。", "This device is forgotten already."),
        rule="A035",
        resolved_by="you",
        facts={"forgotten_at": facts.forgotten_at},
        remedy=TO_DEVICES,
    )


def others_are_open(facts: SessionsFacts) -> Blocker | None:
    if facts.sessions > 1:
        return None
    return Blocker(
        code="no_others",
        reason=Text(
            "ほかにログイン中の端末はありません。",
            "You are signed in on no other device.",
        ),
        rule="A035",
        resolved_by="you",
        facts={"sessions": facts.sessions},
        remedy=TO_DEVICES,
    )


END_SESSION = Action(
    "accounts.session.end",
    title=Text("この端末をログアウトする", "Sign this device out"),
    no=Text("ログアウトできません", "It cannot be signed out"),
    subject="accounts.session",
    rules=(signed_in,),
)
END_OTHER_SESSIONS = Action(
    "accounts.session.end_others",
    title=Text("ほかの端末をすべてログアウトする", "Sign all other devices out"),
    no=Text("ほかにログアウトする端末がありません", "There is nothing else to sign out"),
    rules=(signed_in, others_are_open),
)
END_ALL_SESSIONS = Action(
    "accounts.session.end_all",
    title=Text("この端末も含めてすべてログアウトする", "Sign out everywhere, here too"),
    no=Text("ログアウトできません", "Signing out is not possible"),
    rules=(signed_in,),
)
FORGET_DEVICE = Action(
    "accounts.device.forget",
    title=Text("端末の記憶を消す", "Forget the device"),
    no=Text("端末の記憶を消せません", "The device cannot be forgotten"),
    subject="accounts.device",
    rules=(signed_in, not_forgotten_yet),
)
