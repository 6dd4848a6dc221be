"""Forms of the second factor: codes, telephone numbers, names."""

from typing import Any

from kotowari.accounts import phones
from kotowari.foundation import policy
from kotowari.kernel.text import Text
from kotowari.web import fields
from kotowari.web.forms import KotowariForm
from kotowari.web.password_fields import PLAIN_TYPING, PasswordField

CODE_HINT = Text("6桁の数字。全角でも、間に空白があってもかまいません。", "Six digits; spaces between do not matter.")


def code_field(label: Text, hint: Text = CODE_HINT) -> fields.TextField:
    """A field for six digits, which telephones fill in by themselves."""
    return fields.TextField(
        label,
        hint=hint,
        max_length=40,
        fold=True,
        autocomplete="one-time-code",
        attrs={**PLAIN_TYPING, "inputmode": "numeric"},
    )


class CodeForm(KotowariForm):
    """A code, and nothing else."""

    code = code_field(Text("確認コード", "Code"))


class PasswordForm(KotowariForm):
    """The present password, and nothing else."""

    password = PasswordField(Text("いまのパスワード", "Your present password"), autocomplete="current-password")


class _TrustingForm(KotowariForm):
    """A form of the second step of signing in, with a box to trust the device where that is offered."""

    trust = fields.AgreeField(Text("この端末を信頼する", "Trust this device"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = policy.value("accounts.factor_trust_days")
        if days == 0:
            del self.fields["trust"]
            return
        self.fields["trust"].help_text = Text(  # type: ignore[assignment]
            "この端末では{days}日間、二段階認証を省きます。共用の端末では選ばないでください。",
            "This device is not asked for {days} days. Do not choose it on a device that others use.",
        ).format(days=days)


class AppForm(_TrustingForm):
    """The code that an app shows."""

    code = code_field(Text("認証アプリに表示されているコード", "The code your app shows"))
    field_order = ["code", "trust"]


class SmsForm(_TrustingForm):
    """The code that came by text message."""

    code = code_field(Text("SMSで届いたコード", "The code that came by text message"))
    field_order = ["code", "trust"]


class RecoveryCodeForm(_TrustingForm):
    """One of the codes that were printed."""

    code = fields.TextField(
        Text("回復コード", "Recovery code"),
        hint=Text(
            "控えておいた12文字のうち、まだ使っていないもの。大文字・小文字・ハイフンは気にせず入力できます。",
            "One of the twelve-letter codes you kept, not used before. Case and dashes do not matter.",
        ),
        max_length=40,
        fold=True,
        attrs={**PLAIN_TYPING, "autocapitalize": "characters"},
    )
    field_order = ["code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("trust", None)


class PasskeyForm(_TrustingForm):
    """What `static/passkeys.js` brings from the browser."""

    answer = fields.TextField(Text("パスキー", "Passkey"), max_length=20_000, required=False)
    field_order = ["answer", "trust"]


class TelephoneForm(KotowariForm):
    """A mobile number; the keywords of `begin_telephone`."""

    number = fields.TextField(
        Text("携帯電話の番号", "Mobile number"),
        hint=Text("例: 090-1234-5678(全角でもかまいません)", "For example 090-1234-5678."),
        max_length=phones.TYPED_MAX,
        fold=True,
        autocomplete="tel",
        attrs={"inputmode": "tel"},
    )


class NameForm(KotowariForm):
    """What one's own second factor is called."""

    name = fields.TextField(
        Text("名前", "Name"),
        hint=Text("どの端末のものか見分けるための名前です。", "By which you tell it from others."),
        max_length=50,
    )


class NewPasskeyForm(NameForm):
    """The name of a new passkey, and what `static/passkeys.js` brings from the browser."""

    answer = fields.TextField(Text("パスキー", "Passkey"), max_length=20_000, required=False)
