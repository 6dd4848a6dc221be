"""Forms of signing up, signing in, new passwords and own settings."""

from typing import Any

from kotowari.accounts import consents, names, services
from kotowari.accounts.models import Member
from kotowari.accounts.scopes import SCOPES
from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text
from kotowari.web import fields
from kotowari.web.forms import KotowariForm
from kotowari.web.password_fields import PLAIN_TYPING, PasswordField


class ConsentField(fields.AgreeField):
    """One consent, with its full words under it."""

    def __init__(self, consent: consents.ConsentText) -> None:
        self.asks = consents.consent_missing(consent)
        super().__init__(consent.label, hint=consent.explanation)


class SignUpForm(KotowariForm):
    """What is needed to become a member; its fields are the keywords of `start_sign_up`, and the consents."""

    username = fields.TextField(
        Text("ユーザー名", "Username"),
        hint=Text(
            "半角の英小文字・数字・下線(_)で3〜20文字。プロフィールのアドレスになります。例: hanako_s",
            "3 to 20 lower-case letters, digits or underscores. It becomes the address of your profile.",
        ),
        fold=True,
        autocomplete="username",
        attrs=PLAIN_TYPING,
    )
    display_name = fields.TextField(
        Text("表示名", "Display name"),
        hint=Text(
            "ほかの会員に見える名前です。いつでも変えられます。", "What others see. You can change it at any time."
        ),
        max_length=names.DISPLAY_NAME_MAX,
        autocomplete="nickname",
    )
    email = fields.EmailField(
        Text("メールアドレス", "E-mail address"),
        hint=Text(
            "確認コードをお送りします。ほかの会員には見えません。", "We send a code there. No other member sees it."
        ),
    )
    password = PasswordField(Text("パスワード", "Password"), autocomplete="new-password")
    kind = fields.ChoiceField(
        Text("個人・法人", "Individual or company"),
        choices=[
            (Member.Kind.INDIVIDUAL.value, Text("個人", "Individual")),
            (Member.Kind.COMPANY.value, Text("法人", "Company")),
        ],
        initial=Member.Kind.INDIVIDUAL.value,
    )
    terms = ConsentField(consents.TERMS)
    message_check = ConsentField(consents.MESSAGE_CHECK)

    def clean(self) -> None:
        """Ask the service too, so that everything that is wrong is told at once."""
        try:
            services.check_sign_up(**self.typed())
        except InputError as problem:
            unsaid = {name: texts for name, texts in problem.fields.items() if name not in self.errors}
            if unsaid:
                self.merge(InputError(unsaid))

    def typed(self) -> dict[str, Any]:
        """The keywords of `check_sign_up`."""
        given = {name: self.cleaned_data.get(name, "") for name in self.fields}
        given["agreed"] = [consent.kind for consent in consents.ALL if given.pop(consent.kind)]
        return given


class ConfirmForm(KotowariForm):
    """The code from the mail; the name when it was taken meanwhile; the password in another browser."""

    code = fields.TextField(
        Text("確認コード", "Code"),
        hint=Text(
            "メールで届いた8文字。大文字・小文字やハイフンは気にせず入力できます。", "The eight letters from the mail."
        ),
        max_length=40,
        fold=True,
        autocomplete="one-time-code",
        attrs={**PLAIN_TYPING, "autocapitalize": "characters"},
    )
    username = fields.TextField(
        Text("別のユーザー名", "Another username"),
        fold=True,
        autocomplete="username",
        required=False,
        attrs=PLAIN_TYPING,
    )
    password = PasswordField(
        Text("登録のときに決めたパスワード", "The password you chose when you began"),
        hint=Text(
            "登録を始めたのとは別のブラウザのため、ご本人かどうかを確かめます。",
            "This is not the browser you began in, so we ask whether it is you.",
        ),
        autocomplete="current-password",
    )

    def __init__(self, *args: Any, elsewhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not elsewhere:
            del self.fields["password"]

    @property
    def asks_username(self) -> bool:
        """Whether the name was taken meanwhile, so that the form shows its field."""
        return self.is_bound and ("username" in self.errors or bool(self.data.get("username")))


class SignInForm(KotowariForm):
    """Address or username, and password."""

    login = fields.TextField(
        Text("メールアドレスまたはユーザー名", "E-mail address or username"),
        max_length=names.EMAIL_MAX,
        fold=True,
        autocomplete="username",
        attrs=PLAIN_TYPING,
    )
    password = PasswordField(
        Text("パスワード", "Password"),
        hint=Text("大文字と小文字は区別されます。貼り付けもできます。", "Capitals count. Pasting works."),
        autocomplete="current-password",
    )
    remember = fields.AgreeField(
        Text("ログイン状態を保存する", "Keep me signed in on this device"),
        hint=Text("共用の端末では選ばないでください。", "Not on a device that others use."),
        required=False,
    )


class AskWhyForm(KotowariForm):
    """What was typed to sign in."""

    login = fields.TextField(
        Text("ログインに使ったメールアドレスまたはユーザー名", "The address or username you sign in with"),
        hint=Text(
            "登録されたメールアドレスにだけ、理由と次の一歩をお送りします。この画面にはお知らせしません。",
            "The reason and the next step go to the registered address only, not to this page.",
        ),
        max_length=names.EMAIL_MAX,
        fold=True,
        autocomplete="username",
        attrs=PLAIN_TYPING,
    )


class AskResetForm(KotowariForm):
    """The registered address, and nothing else (A021)."""

    email = fields.EmailField(Text("登録したメールアドレス", "The address you signed up with"), autocomplete="username")


class NewPasswordForm(KotowariForm):
    """A new password, twice (A031)."""

    password = PasswordField(Text("新しいパスワード", "New password"), autocomplete="new-password")
    password_again = PasswordField(
        Text("新しいパスワード(確認)", "New password, again"), autocomplete="new-password", again=True
    )

    def __init__(self, *args: Any, owner: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        assert isinstance(field, PasswordField)
        field.names = (owner.username, owner.display_name, owner.email)

    def clean(self) -> None:
        first, again = self.cleaned_data.get("password"), self.cleaned_data.get("password_again")
        if first and again and first != again:
            words = Text("上のパスワードと違います。同じものを入力してください。", "This differs from the one above.")
            self.add_error("password_again", fields.said([words]))


class SettingsForm(KotowariForm):
    """The display name and the language; the keywords of `change_settings`."""

    display_name = fields.TextField(
        Text("表示名", "Display name"),
        hint=Text("ほかの会員に見える名前です。", "What others see."),
        max_length=names.DISPLAY_NAME_MAX,
        autocomplete="nickname",
    )
    language = fields.ChoiceField(
        Text("画面とメールの言語", "Language of pages and mails"),
        choices=[("ja", Text("日本語", "日本語")), ("en", Text("English", "English"))],
    )


class TokenForm(KotowariForm):
    """A token to be made; the keywords of `create_api_token`."""

    name = fields.TextField(
        Text("名前", "Name"),
        hint=Text("何に使うかがわかる名前。例: 会計ソフト連携", "What it is for, for example bookkeeping."),
        max_length=50,
    )
    scopes = fields.ManyChoicesField(
        Text("できること", "What it may do"),
        choices=[
            (scope, Text("{words}({scope})", "{words} ({scope})").format(words=words, scope=scope))
            for scope, words in SCOPES.items()
        ],
    )
