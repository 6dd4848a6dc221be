"""A new password."""

from kotowari.accounts.gates.oneself import still_member
from kotowari.kernel.gates import Action
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
