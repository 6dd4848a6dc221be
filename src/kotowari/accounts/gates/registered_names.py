"""What one is called outside the market: told by oneself, and not while somebody else may be at the account."""

from dataclasses import dataclass

from kotowari.accounts.gates.oneself import ProvedFacts, proved_for_money, signed_in, still_member
from kotowari.accounts.gates.restrictions import held_blocker
from kotowari.accounts.restrictions import InForce
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterNameFacts(ProvedFacts):
    """Who tells a name, whether there is one already, and what holds the way of their money as it is for now."""

    has_name: bool
    held: InForce | None = None


def not_held(facts: RegisterNameFacts) -> Blocker | None:
    """The name decides which bank account fits: it is held with it (A120). A first one changes nothing yet."""
    return held_blocker(facts.held) if facts.has_name else None


REGISTER_NAME = Action(
    "accounts.name.register",
    title=Text("本名・法人名を登録する", "Register the real name"),
    no=Text("本名・法人名を登録できません", "The real name cannot be registered"),
    rules=(signed_in, still_member, proved_for_money, not_held),
)
