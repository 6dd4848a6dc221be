"""What is said about second factors, in pages and notices alike."""

from kotowari.kernel.text import Text

SETTINGS = "/my/settings/login/second-factor/"

KINDS: dict[str, Text] = {
    "totp": Text("認証アプリ", "Authenticator app"),
    "passkey": Text("パスキー", "Passkey"),
    "sms": Text("SMS(電話番号)", "Text message"),
    "recovery": Text("回復コード", "Recovery code"),
}
"""What each kind of second factor is called."""

WRONG_CODE = Text(
    "コードが違うか、もう使えないコードです。いま表示されている、またはいちばん新しく届いたコードを入力してください。",
    "This is not the code, or it does not work any more. Enter the one that is shown now, or the newest that came.",
)
WRONG_RECOVERY_CODE = Text(
    "この回復コードは使えません。入力の間違いか、すでに使ったコードか、作り直す前のコードです。",
    "This recovery code does not work: it is mistyped, used already, or of a sheet that was replaced.",
)
NOT_THE_PASSKEY = Text(
    "このパスキーでは確かめられませんでした。この端末に登録したパスキーを選んで、もう一度お試しください。",
    "This passkey was not accepted. Choose the one that you registered here and try once more.",
)
NO_PASSKEY_MADE = Text(
    "パスキーを受け取れませんでした。画面を開き直して、もう一度お試しください。",
    "No passkey reached us. Open the page again and try once more.",
)
PASSKEY_KNOWN = Text("このパスキーは、すでに登録されています。", "This passkey is registered already.")
NAME_MISSING = Text(
    "見分けがつく名前を付けてください。例: 自分のスマートフォン", "Give it a name, for example my phone."
)

CODES_MADE = (
    Text("回復コードを作りました", "Recovery codes were made"),
    Text(
        "新しい回復コードが作られ、前のものは使えなくなりました。心当たりがない場合は、すぐにパスワードを変え、二段階認証の設定を"
        "お確かめください。",
        "New recovery codes were made; those before work no more. If it was not you, change your password at once and "
        "check your second factors.",
    ),
)
CODES_WRONG = (
    Text("コードの間違いが続きました", "Wrong codes, again and again"),
    Text(
        "正しいパスワードのあとの二段階認証で、コードの間違いが続きました。ご自身でない場合は、パスワードがほかの人に知られています。"
        "すぐにパスワードを変えてください。二段階認証があるため、まだ中には入られていません。",
        "After your right password, wrong codes were entered again and again. If it was not you, somebody knows your "
        "password: change it at once. Thanks to the second factor nobody got in.",
    ),
)


def added(name: str) -> tuple[Text, Text]:
    """A second factor was added."""
    return (
        Text("二段階認証を登録しました", "A second factor was added"),
        Text(
            "「{name}」が二段階認証に登録されました。次のログインから、これも確かめます。心当たりがない場合は、すぐに外し、"
            "パスワードを変えてください。",
            "“{name}” is a second factor of yours now and is asked for from the next sign-in on. If it was not you, remove "
            "it at once and change your password.",
        ).format(name=name),
    )


def removed(name: str) -> tuple[Text, Text]:
    """A second factor was removed."""
    return (
        Text("二段階認証を外しました", "A second factor was removed"),
        Text(
            "「{name}」が二段階認証から外されました。心当たりがない場合は、すぐにパスワードを変え、二段階認証を登録し直してください。",
            "“{name}” is no second factor of yours any more. If it was not you, change your password at once and register "
            "a second factor again.",
        ).format(name=name),
    )


def recovery_code_used(left: int) -> tuple[Text, Text]:
    """One recovery code fewer."""
    return (
        Text("回復コードが使われました", "A recovery code was used"),
        Text(
            "回復コードでログインがありました。残りは{left}個です。少なくなったら、新しく作ってください。心当たりがない場合は、"
            "すぐにパスワードを変え、回復コードを作り直してください。",
            "Somebody signed in with a recovery code of yours; {left} are left. When few remain, make new ones. If it was "
            "not you, change your password at once and make new codes.",
        ).format(left=left),
    )


def sms_code(code: str, minutes: int, host: str) -> Text:
    """The words of a text message; by the last line telephones fill the code in, on our own pages only."""
    return Text(
        "ことわりの確認コード: {code}\n{minutes}分間、1回だけ使えます。だれにも教えないでください。\n\n@{host} #{code}",
        "Kotowari code: {code}\nIt works once, within {minutes} minutes. Tell it to nobody.\n\n@{host} #{code}",
    ).format(code=code, minutes=minutes, host=host)
