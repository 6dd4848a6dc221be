"""What was typed into the form, checked before anything is written: every fault with its field (A058)."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from kotowari.accounts.credentials import addresses_of
from kotowari.accounts.models import Member
from kotowari.accounts.names import email_problems, folded
from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text
from kotowari.support.faq import ARTICLES
from kotowari.support.topics import RESULTS, TOPICS, TRIED

BODY_MAX = 5_000
SHORT_MAX = 200
LOGIN_MAX = 254


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it came. `email` is the address that the customer registered with; the rest the form knew."""

    topic: str
    email: str
    body: str
    login: str = ""
    code: str = ""
    browser: str = ""
    came_from: str = ""
    article: str = ""
    tried: tuple[str, ...] = ()
    result: str = ""

    def path(self) -> str:
        """The page one came from, without its query, which may hold what is private."""
        return urlsplit(self.came_from.strip()).path[:SHORT_MAX]


def checked(question: Question, member: Member | None) -> Question:
    """The question as it is kept. Raises `InputError` with everything that is wrong.

    Whether the address is one of the account's is told to the member who is signed in, and to nobody else (A066).
    """
    email = folded(question.email)
    problems = {
        "topic": []
        if question.topic in TOPICS
        else [Text("用件を選んでください。", "Please choose what it is about.")],
        "email": email_problems(email) or _not_mine(email, member),
        "body": body_problems(question.body),
        "article": []
        if not question.article or question.article in ARTICLES
        else [Text("この「よくある質問」はありません。", "There is no such article.")],
        "tried": _strange(question.tried, TRIED),
        "result": _strange([question.result] if question.result else [], RESULTS),
        **{name: _too_long(getattr(question, name), SHORT_MAX) for name in ("code", "browser", "came_from")},
        "login": _too_long(question.login, LOGIN_MAX),
    }
    found = {field: texts for field, texts in problems.items() if texts}
    if found:
        raise InputError(found)
    return Question(
        topic=question.topic,
        email=email,
        body=question.body.strip(),
        login=question.login.strip(),
        code=question.code.strip(),
        browser=question.browser.strip(),
        came_from=question.path(),
        article=question.article,
        tried=tuple(name for name in TRIED if name in question.tried),
        result=question.result,
    )


def body_problems(body: str) -> list[Text]:
    """What keeps words from being sent; empty when nothing does."""
    length = len(body.strip())
    if 1 <= length <= BODY_MAX:
        return []
    return [
        Text(
            "内容を1文字以上{max}文字以内で書いてください(いま{now}文字)。",
            "Write between 1 and {max} characters, please ({now} now).",
        ).format(max=BODY_MAX, now=length)
    ]


def _not_mine(email: str, member: Member | None) -> list[Text]:
    if member is None:
        return []
    mine = addresses_of(member)
    if email in mine:
        return []
    return [
        Text(
            "このアカウントの登録アドレスと一致しません。登録アドレスは{mine}です。あなたを守るため、回答は登録アドレスにだけ"
            "差し上げます。登録アドレスのメールが読めないときは、用件で「登録したアドレスが使えない」を選び、"
            "アドレスの欄は登録のものにしてください。ご本人であることを確かめて進めます。",
            "This is not an address of your account: that is {mine}. To protect you we answer only there. If you cannot "
            "read mail there any more, choose “My registered address is gone” and leave the registered address here: we "
            "will make sure that it is you and go on.",
        ).format(mine=Text("、".join(mine), ", ".join(mine)))
    ]


def _strange(given: Sequence[str], known: dict[str, Text]) -> list[Text]:
    if set(given) <= set(known):
        return []
    return [Text("選べるものの中から選んでください。", "Choose among those that are offered.")]


def _too_long(typed: str, most: int) -> list[Text]:
    if len(typed) <= most:
        return []
    return [
        Text("{max}文字までにしてください(いま{now}文字)。", "At most {max} characters, please ({now} now).").format(
            max=most, now=len(typed)
        )
    ]
