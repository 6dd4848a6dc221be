"""The ways on that refusals about accounts lead to."""

from kotowari.kernel.gates import Remedy
from kotowari.kernel.text import Text

TO_LOGIN = Remedy(Text("ログインする", "Sign in"), "/login/")
TO_RESET = Remedy(Text("パスワードを再設定する", "Set a new password"), "/password/reset/")
TO_CONFIRM = Remedy(Text("確認コードを入力して登録を終える", "Enter the code and finish signing up"), "/signup/verify/")
TO_NEW_CODE = Remedy(Text("新しいコードを送る", "Send a new code"), "/signup/verify/#resend")
TO_SIGN_UP = Remedy(Text("もう一度登録する", "Sign up again"), "/signup/")
TO_TOKENS = Remedy(Text("APIトークンの一覧を開く", "Open the list of tokens"), "/my/settings/api/")
TO_PROGRAMS = Remedy(Text("プログラムからのログインの手順を見る", "See how programs sign in"), "/api/v1/docs#sign-ins")
TO_DIAGNOSIS = Remedy(Text("ログインできない理由をメールで受け取る", "Get the reason by mail"), "/help/cannot-log-in/")
TO_DEVICES = Remedy(Text("ログイン中の端末の一覧を開く", "Open the list of devices"), "/my/settings/login/devices/")
TO_SECURITY_CHECK = Remedy(Text("セキュリティ点検を開く", "Open the security check"), "/my/security-check/")
TO_PROVE_AGAIN = Remedy(Text("本人であることを確かめる", "Show that it is you"), "/login/again/")
TO_LOGIN_SETTINGS = Remedy(Text("ログイン情報を開く", "Open login information"), "/my/settings/login/")
TO_ADDRESSES = Remedy(Text("メールアドレスの一覧を開く", "Open the list of addresses"), "/my/settings/login/#addresses")
TO_SET_PASSWORD = Remedy(Text("パスワードを設定する", "Set a password"), "/my/settings/login/#password")
TO_FACTORS = Remedy(Text("二段階認証の設定を開く", "Open the second factors"), "/my/settings/login/second-factor/")
TO_SECOND_FACTOR = Remedy(Text("二段階認証に進む", "Go on to the second factor"), "/login/second-factor/")
TO_GO_ON_RECOVERING = Remedy(
    Text("続きのリンクをメールで受け取る", "Have the link to go on mailed"), "/login/recovery/#ask"
)
TO_RECOVERY = Remedy(Text("二段階認証が使えないとき", "When you lost your second factor"), "/login/recovery/")
TO_RECOVERIES = Remedy(Text("復旧の一覧を開く", "Open the list of recoveries"), "/console/recoveries/")
TO_SIGN_IN_LINK = Remedy(Text("メールのリンクでログインする", "Sign in by a link from a mail"), "/login/by-mail/")
TO_EXTERNAL = Remedy(
    Text("つながっている外部アカウントを見る", "See the linked accounts"), "/my/settings/login/#external"
)
