"""Usernames, display names and addresses: how they are folded, and what is wrong with one. Pure."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from kotowari.kernel.text import Text

USERNAME = re.compile(r"[a-z][a-z0-9_]{2,19}")
DISPLAY_NAME_MAX = 50
EMAIL_MAX = 254
RESERVED = frozenset(
    {
        "about", "account", "admin", "administrator", "anonymous", "api", "console", "contact", "help", "info",
        "jimukyoku", "kotowari", "login", "logout", "mail", "me", "moderator", "my", "news", "null", "official",
        "operator", "owner", "postmaster", "root", "security", "signup", "staff", "status", "support", "system",
        "unei", "visitor", "webmaster",
    }
)  # fmt: skip
"""Names that would let somebody pass for the operator, or that addresses of the site use."""

_INVISIBLE = {0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_is_email = EmailValidator()


def folded(typed: str) -> str:
    """An address or username as it is looked up: half width, lower case, without spaces around it (A003, A004)."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def tidied(display_name: str) -> str:
    """A display name as it is kept: spaces around it dropped, runs of them made one; otherwise as typed."""
    return " ".join(unicodedata.normalize("NFC", display_name).split())


def is_unseen(character: str) -> bool:
    """Whether a character has no place in a name because nobody can see it."""
    return ord(character) in _INVISIBLE or unicodedata.category(character) in {"Cc", "Co", "Cs", "Cn"}


def username_problems(username: str) -> list[Text]:
    """What keeps a folded username from being one; empty when nothing does."""
    if not username:
        return [Text("ユーザー名を入力してください。", "Please enter a username.")]
    if not USERNAME.fullmatch(username):
        return [
            Text(
                "ユーザー名は、英字で始まる3〜20文字の半角英小文字・数字・下線(_)で入力してください。例: hanako_s",
                "A username has 3 to 20 lower-case letters, digits or underscores (_) and begins with a letter, "
                "for example hanako_s.",
            )
        ]
    if username in RESERVED:
        return [
            Text(
                "「{name}」は運営と紛らわしいため使えません。別のユーザー名にしてください。",
                '"{name}" could be taken for the operator. Please choose another username.',
            ).format(name=username)
        ]
    return []


def display_name_problems(display_name: str) -> list[Text]:
    """What keeps a tidied display name from being one; empty when nothing does."""
    if not display_name:
        return [
            Text(
                "表示名を入力してください。ほかの会員に見える名前です。", "Please enter a display name: others see it."
            )
        ]
    if len(display_name) > DISPLAY_NAME_MAX:
        return [
            Text(
                "表示名は{max}文字までです(いま{count}文字)。",
                "A display name has at most {max} characters (now {count}).",
            ).format(max=DISPLAY_NAME_MAX, count=len(display_name))
        ]
    if any(is_unseen(character) for character in display_name):
        return [
            Text(
                "表示名に、目に見えない文字が含まれています。消してからもう一度お試しください。",
                "The display name contains characters that cannot be seen. Please remove them.",
            )
        ]
    return []


def email_problems(email: str) -> list[Text]:
    """What keeps a folded address from being one; empty when nothing does."""
    if not email:
        return [Text("メールアドレスを入力してください。", "Please enter an e-mail address.")]
    try:
        _is_email(email)
    except ValidationError:
        return [
            Text(
                "メールアドレスの形になっていません。「名前@ドメイン」の形で入力してください。例: hanako@example.jp",
                "This is not the form of an e-mail address. Please write name@domain, for example hanako@example.jp.",
            )
        ]
    if len(email) > EMAIL_MAX:
        return [
            Text(
                "メールアドレスが長すぎます({max}文字まで)。",
                "The e-mail address is too long ({max} characters at most).",
            ).format(max=EMAIL_MAX)
        ]
    return []
