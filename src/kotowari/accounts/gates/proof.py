"""Showing once more that it is you, before the keys of the account are touched."""

from dataclasses import dataclass

from kotowari.accounts.gates.oneself import OwnFacts, signed_in, still_member
from kotowari.accounts.gates.remedies import TO_PROVE_AGAIN
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MailProofFacts(OwnFacts):
    """Whether a member has a stronger way to prove who they are than a code by mail."""

    has_password: bool = False
    has_factor: bool = False


def nothing_stronger(facts: MailProofFacts) -> Blocker | None:
    """Whoever reads the mail could otherwise do without the password (NIST SP 800-63B-4, 3.1.3.1)."""
    if not facts.has_password and not facts.has_factor:
        return None
    return Blocker(
        code="stronger_way",
        reason=Text(
            "パスワードか二段階認証をお持ちなので、そちらで確かめてください。",
            "You have a password or a second factor: please use that.",
        ),
        rule="A197",
        resolved_by="you",
        remedy=TO_PROVE_AGAIN,
    )


PROVE_AGAIN = Action(
    "accounts.prove",
    title=Text("本人であることを確かめる", "Show that it is you"),
    no=Text("本人であることを確かめられません", "It could not be shown that it is you"),
    rules=(signed_in, still_member),
)
SEND_PROOF_CODE = Action(
    "accounts.prove.send_code",
    title=Text("メールでコードを受け取る", "Have a code sent by mail"),
    no=Text("メールではコードを送れません", "No code is sent by mail"),
    rules=(signed_in, still_member, nothing_stronger),
)
