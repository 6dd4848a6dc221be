"""The field in which a password is typed; `static/account.js` finds everything it says in the field's attributes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from kotowari.accounts import passwords
from kotowari.kernel.text import Text
from kotowari.web import fields

PLAIN_TYPING = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
"""For whatever must stay as it was typed: names of accounts, passwords, codes."""

_SLIPS = {
    "data-show": Text("表示", "Show"),
    "data-hide": Text("隠す", "Hide"),
    "data-capslock": Text("CapsLockがオンになっています。", "Caps Lock is on."),
    "data-space": Text("先頭または末尾に空白があります。", "There is a space at the start or end."),
    "data-fullwidth": Text("全角文字が入っています。", "There are full-width characters."),
}
_STRENGTH = {
    "data-strength": Text("パスワードの強さ", "Strength of the password"),
    "data-weak": Text("まだ推測されやすいパスワードです", "Still easily guessed"),
    "data-enough": Text(
        "足りています(よく使われるものでないかは、送信したときに確かめます)",
        "Enough (whether it is a common one is checked when you send it)",
    ),
    "data-length": Text("長さ {count}/{least}文字", "Length: {count} of {least} characters"),
    "data-repeat": Text("同じ文字や言葉がくり返されています", "Characters or words are repeated"),
    "data-sequence": Text(
        "「1234」「qwerty」のような順番どおりの並びがあります", "There is a sequence such as 1234 or qwerty"
    ),
    "data-own": Text(
        "ユーザー名・表示名・メールアドレスが含まれています", "It contains your username, display name or address"
    ),
    "data-site": Text("このサイトの名前が含まれています", "It contains the name of this site"),
}


class PasswordField(fields.TextField):
    """A password: nothing of it is changed, pasting works, and it can be shown (A003–A007, A012).

    With `autocomplete="new-password"` it also tells how strong it is while it is typed, and what would be needed,
    unless it is the same one typed `again`. A form that knows whose it is sets `names` and `has_second_factor` on
    the field: the names already in the form are found by themselves.
    """

    widget = forms.PasswordInput

    def __init__(self, label: Text, *, autocomplete: str, again: bool = False, **kwargs: Any) -> None:
        super().__init__(label, max_length=passwords.MAX_LENGTH, autocomplete=autocomplete, **kwargs)
        self.chooses = autocomplete == "new-password" and not again
        self.names: Sequence[str] = ()
        self.has_second_factor = False
        self.widget.attrs.update({**PLAIN_TYPING, **_SLIPS})

    def to_python(self, value: Any) -> str:
        return str(value or "")

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        """As drawn in this form: what is asked for now, by the policy in force, comes with it."""
        if self.chooses:
            self.widget.attrs.update(
                {
                    **_STRENGTH,
                    "data-least": passwords.min_length(has_second_factor=self.has_second_factor),
                    "data-names": "\n".join(sorted(passwords.name_parts(self.names))),
                    "data-site-names": "\n".join(passwords.SITE_WORDS),
                }
            )
            if not str(self.help_text):
                words = passwords.help_text(has_second_factor=self.has_second_factor)
                self.help_text = words  # type: ignore[assignment]  # bilingual until it is drawn
        return super().get_bound_field(form, field_name)
