"""What makes a password acceptable, and which slips happen when one is typed. No composition rules, no expiry.

After NIST SP 800-63B-4: long, any characters, not among the common ones, not made of the person's own names.
"""

import unicodedata
from functools import cache
from itertools import pairwise
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from kotowari.foundation import policy
from kotowari.kernel.text import Text

MAX_LENGTH = 1024
"""No generator reaches it; it only keeps a hash from being fed with megabytes."""

LEFT_WITHOUT_NAMES = 8
"""So many characters must remain when the person's own names and the site's are taken out of a password."""

SURPRISES_NEEDED = 4
"""So many characters must not simply repeat or continue the one before them (aaaa, 1234, dcba)."""


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def password_problems(password: str, *, min_length: int, names: tuple[str, ...] = ()) -> list[Text]:
    """What keeps a password from being chosen, all at once; empty when nothing does.

    `names` are what somebody who knows the person would try: username, display name, address.
    """
    plain = unicodedata.normalize("NFKC", password)
    if not plain:
        return [Text("パスワードを入力してください。", "Please enter a password.")]
    problems = []
    if len(plain) < min_length:
        problems.append(
            Text(
                "パスワードは{min}文字以上にしてください(いま{count}文字)。覚えやすい言葉をいくつか並べると長くできます。",
                "A password has at least {min} characters (now {count}). A few words in a row make a long one.",
            ).format(min=min_length, count=len(plain))
        )
    if len(plain) > MAX_LENGTH:
        problems.append(
            Text("パスワードは{max}文字までです。", "A password has at most {max} characters.").format(max=MAX_LENGTH)
        )
    if plain.lower() in _common() or _surprises(plain) < SURPRISES_NEEDED:
        problems.append(
            Text(
                "このパスワードは、よく使われているため、すぐに推測されます。別のパスワードにしてください。",
                "This password is among those that are tried first. Please choose another.",
            )
        )
    elif names and len(_without(plain.lower(), names)) < LEFT_WITHOUT_NAMES:
        problems.append(
            Text(
                "ユーザー名・表示名・メールアドレス・サイト名だけでできたパスワードは推測されます。ほかの言葉を足してください。",
                "A password made of your own names, your address or the site's name is easily guessed. Add other words.",
            )
        )
    return problems


def slips(password: str) -> list[Text]:
    """What is likely to have gone wrong when this did not open an account (A003, A004, A009, A010).

    Says what it sees in the typed characters first, then what people usually slip on; nothing about any account.
    """
    seen = []
    if password != password.strip():
        seen.append(
            Text(
                "入力したパスワードの先頭または末尾に空白があります。",
                "There is a space at the start or end of the password typed.",
            )
        )
    if any(unicodedata.east_asian_width(c) == "F" for c in password):
        seen.append(
            Text("入力したパスワードに全角文字があります。", "There are full-width characters in the password typed.")
        )
    letters = [c for c in password if c.isalpha() and c.isascii()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        seen.append(
            Text(
                "入力したパスワードの英字がすべて大文字です。CapsLockがオンになっていませんか。",
                "All letters of the password typed are capitals. Is Caps Lock on?",
            )
        )
    usual = [
        Text(
            "大文字と小文字は区別されます。数字・記号もパスワードの一部です。",
            "Capital and small letters count, and digits and symbols are part of a password.",
        ),
        Text(
            "登録したときのメールアドレスまたはユーザー名ですか。ほかのアドレスもお試しください。",
            "Is it the address or username you signed up with? Try other addresses you own.",
        ),
        Text(
            "コピーして貼り付けるか、「表示」を押して確かめながら入力すると間違いを防げます。",
            'Paste it, or press "Show" and watch what you type.',
        ),
    ]
    return seen + usual


class PasswordRules:
    """The same rules for whatever Django or allauth asks them of (AUTH_PASSWORD_VALIDATORS)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises Django's `ValidationError` with every reason."""
        names = tuple(getattr(user, f, "") or "" for f in ("username", "display_name", "email")) if user else ()
        problems = password_problems(password, min_length=policy.value("accounts.password_min_length"), names=names)
        if problems:
            raise ValidationError([ValidationError(str(problem), code="password") for problem in problems])

    def get_help_text(self) -> str:
        return str(help_text())


def help_text() -> Text:
    """What stands under the field for a new password (A009, A025, A027)."""
    return Text(
        "{min}文字以上。大文字・小文字・数字・記号・空白・日本語、どの文字も使えます(区別されます)。"
        "ほかのサービスと同じパスワードは使わないでください。",
        "At least {min} characters, of any kind; capitals count. Do not use a password that you use elsewhere.",
    ).format(min=policy.value("accounts.password_min_length"))


def _surprises(plain: str) -> int:
    """How many characters neither repeat nor continue the one before; the first counts."""
    return 1 + sum(abs(ord(b) - ord(a)) > 1 for a, b in pairwise(plain))


def _without(plain: str, names: tuple[str, ...]) -> str:
    words = {"kotowari", "ことわり", "理", "password", "パスワード"}
    for name in names:
        words.add("".join(name.lower().split()))
        words.update(name.lower().split("@"))
        words.update(name.lower().split())
    for word in sorted((w for w in words if len(w) >= 3), key=len, reverse=True):
        plain = plain.replace(word, "")
    return plain
