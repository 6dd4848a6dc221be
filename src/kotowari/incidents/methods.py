"""The ways in that an announced change may be about: a closed list."""

from kotowari.kernel.text import Text

METHODS: dict[str, Text] = {
    "all": Text("すべてのログイン方法", "Every way of signing in"),
    "password": Text("パスワード", "Passwords"),
    "external": Text("外部アカウント", "External accounts"),
    "mail_link": Text("メールのリンク", "Links by mail"),
    "passkey": Text("パスキー", "Passkeys"),
    "totp": Text("認証アプリ", "Authenticator apps"),
    "sms": Text("SMSのコード", "Codes by text message"),
}
OF_SOME = frozenset({"external", "passkey", "totp", "sms"})
"""Ways that not everybody uses: only who does is told."""
