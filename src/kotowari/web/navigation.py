"""What the frame of every page offers: only pages that exist, by the addresses they are promised at."""

from dataclasses import dataclass
from functools import cache

from kotowari.kernel.text import Text
from kotowari.web.screens import exists, leads_somewhere


@dataclass(frozen=True, slots=True)
class Place:
    """A page to go to from anywhere."""

    url: str
    label: Text
    icon: str = ""


_MAIN = (
    Place("/jobs/", Text("仕事を探す", "Find work")),
    Place("/jobs/new/", Text("仕事を依頼する", "Post a job")),
    Place("/services/", Text("サービス", "Services")),
    Place("/members/", Text("メンバーを探す", "Members")),
    Place("/board/", Text("みんなの相談所", "Board")),
)
_MINE = (
    Place("/my/", Text("マイページ", "My page"), "home"),
    Place("/contracts/", Text("契約", "Contracts"), "papers"),
    Place("/threads/", Text("メッセージ", "Messages"), "message"),
    Place("/my/rewards/", Text("報酬", "Rewards"), "yen"),
    Place("/my/money/", Text("預けているお金", "My money as a client"), "yen"),
    Place("/my/papers/", Text("書類", "Papers"), "papers"),
    Place("/my/bank-account/", Text("口座登録", "Bank account"), "bank"),
    Place("/my/can/", Text("できること・できないこと", "What I can do"), "check"),
    Place("/my/profile/", Text("プロフィール編集", "Edit profile"), "person"),
    Place("/my/settings/login/", Text("ログイン情報", "Login information"), "key"),
    Place("/my/identity/", Text("本人確認", "Identity verification"), "shield"),
    Place("/my/settings/", Text("設定", "Settings"), "person"),
)
_FOOT = (
    Place("/help/", Text("よくある質問", "FAQ")),
    Place("/terms/", Text("利用規約", "Terms")),
    Place("/status/", Text("稼働状況", "Status")),
    Place("/terms/changes/", Text("変更のお知らせ", "Announced changes")),
    Place("/paths/", Text("画面一覧", "List of screens")),
)
_DEMO = (
    Place("/demo/mailbox/", Text("送信されたメール", "Mail that was sent")),
    Place("/kit/", Text("画面部品の見本", "Component gallery")),
)


def _existing(places: tuple[Place, ...]) -> tuple[Place, ...]:
    return tuple(place for place in places if exists(place.url))


@cache
def main() -> tuple[Place, ...]:
    """The market's own pages, in the header."""
    return _existing(_MAIN)


@cache
def mine() -> tuple[Place, ...]:
    """A member's pages, under the name at the top right."""
    return _existing(_MINE)


@cache
def foot() -> tuple[Place, ...]:
    """What every page ends with."""
    return _existing(_FOOT)


@cache
def demo() -> tuple[Place, ...]:
    """What only demos have."""
    return _existing(_DEMO)


@cache
def console() -> bool:
    """Whether the staff console is there (a room of its own, not one of our screens)."""
    return leads_somewhere("/console/")


@cache
def offered(url: str) -> bool:
    """Whether a single place is there to be offered: the search, notices, signing up, asking for help."""
    return exists(url)
