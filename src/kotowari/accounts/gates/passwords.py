"""A new password, and the computing that every password costs."""

from datetime import datetime

from kotowari.accounts.gates.oneself import still_member
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text

ASK_RESET = Action(
    "accounts.password.ask_reset",
    title=Text("再設定のメールを送る", "Send the mail for a new password"),
    no=Text("再設定のメールを送れません", "The mail cannot be sent"),
)
SET_PASSWORD = Action(
    "accounts.password.set",
    title=Text("新しいパスワードにする", "Set the new password"),
    no=Text("パスワードを変えられません", "The password cannot be changed"),
    rules=(still_member,),
)
CHECK_PASSWORD = Action(
    "accounts.password.check",
    title=Text("パスワードを確かめる", "Check a password"),
    no=Text("いまはパスワードを確かめられません", "Passwords cannot be checked right now"),
)
"""Part of every action that takes a password; refused only when too many are being checked at once."""


def busy(again_at: datetime) -> Blocker:
    """Too many passwords at once: ours, not theirs, and no try was counted (A014)."""
    return Blocker(
        code="busy",
        reason=Text(
            "ただいま混み合っていて、パスワードを確かめられませんでした。こちらの都合によるもので、パスワードの間違いではなく、"
            "ログインの失敗にも数えません。少し待ってから、もう一度お試しください。",
            "Too many passwords are being checked at this moment, so yours was not. This is on our side: nothing is "
            "wrong with it, and it does not count as a failed sign-in. Please try again in a little while.",
        ),
        rule="A014",
        resolved_by="operator",
        clears_at=again_at,
        status=503,
    )
