"""Matters for the staff's risk queue."""

from kotowari.accounts.gates.sign_up import only_the_system
from kotowari.kernel.gates import Action
from kotowari.kernel.text import Text

RAISE_RISK = Action(
    "accounts.risk.raise",
    title=Text("運営の確認に回す", "Bring it before staff"),
    no=Text("運営の確認に回せません", "It cannot be brought before staff"),
    rules=(only_the_system,),
)
