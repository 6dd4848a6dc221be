"""What keeps a password from being chosen (A025, A027), and the words under the field for a new one."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from kotowari.accounts.passwords import reasons
from kotowari.accounts.passwords.guessing import judge
from kotowari.accounts.passwords.words import SITE_WORDS, known, name_parts
from kotowari.foundation import policy
from kotowari.kernel.text import Text

MAX_LENGTH = 1024
"""No generator reaches it; it only keeps a hash from being fed with megabytes."""

LEFT_WITHOUT_NAMES = 8
"""So many characters must remain when the person's own names and the site's are taken out of a password."""

GUESSES_ALONE = 10**9
"""What a password must withstand that is the only factor: three of the words that are tried first do not."""

GUESSES_WITH_FACTOR = 10**6
"""… and one that opens nothing without a second factor: no more than the limits of tries let through in years."""


def min_length(*, has_second_factor: bool = False) -> int:
    """The least number of characters: more where the password is the only factor (NIST SP 800-63B-4, 3.1.1.2)."""
    key = "accounts.password_min_length_with_factor" if has_second_factor else "accounts.password_min_length"
    return int(policy.value(key))


def password_problems(password: str, *, names: Sequence[str] = (), has_second_factor: bool = False) -> list[Text]:
    """What keeps a password from being chosen, all at once; empty when nothing does.

    `names` are what somebody who knows the person would try: username, display name, address. `has_second_factor`
    says that a second factor is always asked for with this password. Takes some milliseconds, whatever is given.
    """
    if not password:
        return [reasons.EMPTY]
    too_long = [reasons.LONG.format(max=MAX_LENGTH)]
    if len(password) > MAX_LENGTH:
        return too_long
    plain = unicodedata.normalize("NFKC", password)
    problems = too_long if len(plain) > MAX_LENGTH else []
    least = min_length(has_second_factor=has_second_factor)
    if len(plain) < least:
        problems.append(reasons.SHORT.format(min=least, count=len(plain)))
    return problems + _guessable(plain, names, GUESSES_WITH_FACTOR if has_second_factor else GUESSES_ALONE)


class PasswordRules:
    """The same rules for whatever Django or allauth asks them of (AUTH_PASSWORD_VALIDATORS)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises Django's `ValidationError` with every reason."""
        names = [getattr(user, f, "") or "" for f in ("username", "display_name", "email")] if user else []
        problems = password_problems(password, names=names)
        if problems:
            raise ValidationError([ValidationError(str(problem), code="password") for problem in problems])

    def get_help_text(self) -> str:
        return str(help_text())


def help_text(*, has_second_factor: bool = False) -> Text:
    """What stands under the field for a new password (A009, A025, A027)."""
    return Text(
        "{min}文字以上。大文字・小文字・数字・記号・空白・日本語、どの文字も使えます(区別されます)。"
        "ほかのサービスと同じパスワードは使わないでください。",
        "At least {min} characters, of any kind; capitals count. Do not use a password that you use elsewhere.",
    ).format(min=min_length(has_second_factor=has_second_factor))


def _guessable(plain: str, names: Sequence[str], enough: float) -> list[Text]:
    if _is_made_of(plain.lower(), {*name_parts(names), *SITE_WORDS}):
        return [reasons.OWN]
    guessed = judge(plain, names=names, enough=enough)
    listed = known().get(plain.lower())
    if listed is None and guessed.guesses >= enough:
        return []
    if listed is not None and guessed.weaknesses == (listed.source,):
        return [reasons.LISTED]
    # What follows no pattern is only ever too short, which is told by its length.
    return [reasons.WEAK[weakness] for weakness in guessed.weaknesses]


def _is_made_of(plain: str, words: set[str]) -> bool:
    """Whether hardly anything is left without these words."""
    left = plain
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left != plain and len(left) < LEFT_WITHOUT_NAMES
