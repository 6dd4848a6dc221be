"""What a member looks through in a security check: the areas, and what can be said of each. Pure."""

from collections.abc import Mapping

from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text

AREAS: dict[str, Text] = {
    "money": Text("お金の動き", "Movements of money"),
    "bank_account": Text("振込先の口座", "Bank account"),
    "messages": Text("送ったメッセージ", "Messages you sent"),
    "sign_ins": Text("ログインの記録", "Sign-ins"),
    "devices": Text("端末", "Devices"),
    "tokens": Text("APIトークン", "Tokens for programs"),
    "ways_in": Text("ログイン方法", "Ways to sign in"),
}
"""What is looked through, in the order of the page (A131)."""

ANSWERS: dict[str, Text] = {
    "right": Text("問題ない", "Looks right"),
    "not_mine": Text("心当たりがないものがある", "Something is not mine"),
}


def doubtful(answers: Mapping[str, str]) -> list[str]:
    """The areas in which something is not the owner's. Raises `InputError` for each that was not answered."""
    missing = {
        area: [Text("どちらかを選んでください。", "Please choose one of the two.")]
        for area in AREAS
        if answers.get(area) not in ANSWERS
    }
    if missing:
        raise InputError(missing)
    return [area for area in AREAS if answers[area] == "not_mine"]
