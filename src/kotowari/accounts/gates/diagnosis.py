"""Asking why an account does not open."""

from kotowari.kernel.gates import Action
from kotowari.kernel.text import Text

ASK_WHY = Action(
    "accounts.ask_why",
    title=Text("ログインできない理由をメールで受け取る", "Get the reason by mail"),
    no=Text("理由のメールを送れません", "The mail cannot be sent"),
)
