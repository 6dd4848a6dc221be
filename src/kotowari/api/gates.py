"""The actions of the API itself; everything else that a call does asks the gate of its own room."""

from kotowari.kernel.gates import Action
from kotowari.kernel.text import Text

SEE_CATALOGUE = Action(
    name="api.catalogue.see",
    title=Text("操作の一覧を読む", "Read the catalogue of actions"),
    no=Text("操作の一覧を読めません", "The catalogue cannot be read"),
)
FIND = Action(
    name="api.find",
    title=Text("対象を探す", "Find what the call is about"),
    no=Text("対象が見つかりません", "It was not found"),
)
SEND = Action(
    name="api.send",
    title=Text("内容を送る", "Send the request"),
    no=Text("この内容は送れません", "The request cannot be used"),
)
