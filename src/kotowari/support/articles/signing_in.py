"""Getting in: what to look at in which order, locks, external accounts, second factors."""

from datetime import date

from kotowari.kernel.text import Text
from kotowari.support.faq import Article, Part, Way

_RESET = Way("/password/reset/", Text("パスワードを再設定する", "Set a new password"))
_FACTS_BY_MAIL = Way(
    "/help/cannot-log-in/",
    Text(
        "アカウントの状態と次の一歩を、登録アドレスに送る", "Have your account's facts sent to the registered address"
    ),
)
_LOGIN_SETTINGS = Way("/my/settings/login/", Text("ログイン情報を開く", "Open the login information"))

SIGN_IN_TROUBLE = Article(
    slug="sign-in-trouble",
    audience="all",
    group="signing_in",
    title=Text("ログインができない", "I cannot sign in"),
    lead=Text(
        "接続、入力、再設定、お問い合わせの順に確かめると、どこで止まっているかが分かります。"
        "どの段階からでも、このページの下の「お問い合わせ」を使えます。",
        "Connection, input, a new password, contacting us: in this order you find out where it stops. "
        "The button at the foot of this page is there for you at every step.",
    ),
    parts=(
        Part(
            title=Text("1. 接続を確かめる", "1. The connection"),
            points=(
                Text("ほかのサイトが開けるかを確かめてください。", "See whether other sites open."),
                Text(
                    "「繋がりにくくなっています」と出るときは、こちらの不具合です。入力の間違いではなく、"
                    "パスワードを試せる回数も減りません。少し待ってからお試しください。",
                    "“The service is hard to reach” means that the fault is ours. Nothing you typed is wrong and no "
                    "try is counted. Please wait a little.",
                ),
                Text(
                    "接続が切れているときに、パスワードの間違いと表示することはありません。",
                    "A lost connection is never shown as a wrong password.",
                ),
            ),
            ways=(Way("/status/", Text("稼働状況を見る", "See the status")),),
        ),
        Part(
            title=Text("2. 入力を確かめる", "2. What you type"),
            points=(
                Text(
                    "登録したメールアドレスか、ユーザー名を入力してください。アドレスを複数お持ちの方は、"
                    "お知らせメールが届くアドレスが登録アドレスです。",
                    "Type the address you registered with, or your username. If you have several addresses, the "
                    "registered one is where our mails arrive.",
                ),
                Text(
                    "パスワードは大文字と小文字を区別し、数字や記号も1文字ずつ一致する必要があります。"
                    "「表示」で入力した文字を見て確かめてください。",
                    "Capital and small letters, digits and symbols of the password all count. Press “show” to see "
                    "what you typed.",
                ),
                Text(
                    "Caps Lockと、パスワードの前後の空白に気をつけてください。画面でもお知らせします。",
                    "Mind Caps Lock and spaces around the password; the page points them out.",
                ),
                Text(
                    "パスワードマネージャーや貼り付けはそのまま使えます。",
                    "Pasting and password managers work everywhere.",
                ),
            ),
            ways=(Way("/login/", Text("ログイン画面を開く", "Open the sign-in page")),),
        ),
        Part(
            title=Text("3. パスワードを再設定する", "3. A new password"),
            words=(
                Text(
                    "パスワードが分からないときは、推測を続けるより再設定が早道です。登録アドレスに届くリンクから、"
                    "新しいパスワードを決められます。リンクは{reset_minutes}、1回だけ使えます。",
                    "If you do not know the password, a new one is quicker than guessing. The link that comes by mail "
                    "works once, for {reset_minutes}.",
                ),
                Text(
                    "メールが届かないときは、迷惑メールのフォルダと、別のアドレスで登録していないかを確かめてください。"
                    "画面の表示は、登録のあるアドレスでもないアドレスでも同じです。違いは、届いたメールにだけ書きます。",
                    "If no mail arrives, look among the spam and think of other addresses of yours. The page says the "
                    "same for every address; only the mail tells whether there is an account.",
                ),
            ),
            ways=(_RESET, _FACTS_BY_MAIL),
        ),
        Part(
            title=Text("4. お問い合わせ", "4. Contacting us"),
            words=(
                Text(
                    "入力したアドレス、画面に出たメッセージのコード、お使いのブラウザは、フォームに自動で入ります。"
                    "送る前に見て、直すことができます。回答は登録アドレスに届きます。",
                    "The address you tried, the code of the message and your browser are filled in for you; you can see "
                    "and change them before sending. The answer goes to the registered address.",
                ),
            ),
        ),
    ),
    keywords=Text(
        "入れない サインイン エラー 開けない パスワードが違う 忘れた", "log in login password wrong forgot error"
    ),
    related=("account-locked", "external-accounts", "passwords", "about-contact"),
    topics=("cannot_sign_in", "address_lost"),
    codes=("accounts.sign_in", "accounts.password", "web.open_member_page"),
    numbers={"reset_minutes": "accounts.reset_link_minutes"},
    checked_on=date(2026, 11, 21),
)

ACCOUNT_LOCKED = Article(
    slug="account-locked",
    audience="all",
    group="signing_in",
    title=Text("アカウントがロックされた", "My account is locked"),
    lead=Text(
        "ロックは、ほかの人があなたになりすますのを防ぐ一時的な措置です。データが消えたり変わったりすることはありません。",
        "A lock keeps others from getting in as you, for a while. It removes and changes nothing in your account.",
    ),
    parts=(
        Part(
            title=Text("何が起きているのですか", "What is going on"),
            points=(
                Text(
                    "待ち時間: 同じ回線や端末から間違いが続けて{tries}回になると、{wait}の待ち時間が入り、間違えるたびに"
                    "2倍になります。残りの回数と、次に試せる時刻は画面に出ます。",
                    "A wait: after {tries} wrong tries in a row from one network or device you wait {wait}, and twice as "
                    "long each further time. The page shows the tries left and the time of the next one.",
                ),
                Text(
                    "ロック: 知らない端末からの間違いが合わせて{lock_tries}回続くと、知らない端末からは{minutes}ログイン"
                    "できなくなります。くり返すと長くなり、最長で{longest}です。登録アドレスにメールでお知らせします。",
                    "A lock: after {lock_tries} in a row from devices unknown to the account, such devices stay out for "
                    "{minutes}; repeated locks grow up to {longest}. We tell you by mail.",
                ),
                Text(
                    "前に使ったことのある端末は、別に数えます。ほかの人がどこかで間違え続けても、あなたの端末は締め出されません。",
                    "A device you have used before is counted apart: whatever strangers try elsewhere, yours gets in.",
                ),
                Text(
                    "こちらの不具合による失敗は数えません。",
                    "Failures that are our fault are not counted.",
                ),
            ),
        ),
        Part(
            title=Text("開けるには", "How it opens again"),
            points=(
                Text(
                    "パスワードを再設定する。いちばん早い方法で、ロックはすぐに解けます。",
                    "Set a new password: the quickest way, and the lock is gone at once.",
                ),
                Text(
                    "ロックのお知らせメールにあるリンクで開ける。",
                    "Open it through the link in the mail about the lock.",
                ),
                Text(
                    "前に使ったことのある端末からログインする。",
                    "Sign in from a device you have used before.",
                ),
                Text(
                    "待つ。画面とメールにある時刻になれば、自然に解けます。",
                    "Wait: it ends by itself at the time on the page and in the mail.",
                ),
                Text(
                    "お問い合わせで頼む。運営の担当者もロックを開けられます。",
                    "Ask us: staff can open a lock, too.",
                ),
            ),
            ways=(_RESET, _FACTS_BY_MAIL),
        ),
        Part(
            title=Text("自分では間違えていないとき", "If it was not you who tried"),
            words=(
                Text(
                    "ほかの人が試した可能性があります。ログインできたら、パスワードを変え、ログインの記録を確かめてください。",
                    "Somebody else may have tried. Once you are in, change the password and look at the sign-ins.",
                ),
            ),
        ),
    ),
    keywords=Text("ロック 凍結 制限 解除 間違えた 何回", "locked lock unlock tries too many"),
    related=("sign-in-trouble", "unknown-sign-in", "passwords"),
    topics=("cannot_sign_in",),
    codes=("accounts.sign_in.too_many_tries", "accounts.sign_in.locked", "accounts.sign_in.frozen"),
    numbers={
        "tries": "accounts.login_tries",
        "wait": "accounts.login_wait_seconds",
        "lock_tries": "accounts.lock_tries",
        "minutes": "accounts.login_lock_minutes",
        "longest": "accounts.login_lock_max_minutes",
    },
    checked_on=date(2026, 11, 21),
)

EXTERNAL_ACCOUNTS = Article(
    slug="external-accounts",
    audience="all",
    group="signing_in",
    title=Text("Googleなどの外部アカウントでのログイン", "Signing in with Google and other accounts"),
    lead=Text(
        "外部アカウントで登録した方には、はじめはパスワードがありません。メールアドレスとパスワードの欄ではログインできず、"
        "登録したときと同じ外部アカウントのボタンからログインします。",
        "Whoever signed up through an external account has no password at first: the fields for address and password "
        "do not open it, the button of that provider does.",
    ),
    parts=(
        Part(
            title=Text("どの外部アカウントで登録したか分からない", "Which one was it?"),
            words=(
                Text(
                    "アカウントがあるかどうかと開け方は、登録アドレスへのメールでだけお伝えします。"
                    "他人があなたの登録の有無を調べられないようにするためです。",
                    "Whether there is an account and what opens it is told by mail to the registered address only, so "
                    "that nobody can find out about you.",
                ),
            ),
            ways=(_FACTS_BY_MAIL,),
        ),
        Part(
            title=Text("パスワードも使えるようにする", "Using a password as well"),
            words=(
                Text(
                    "外部アカウントでログインしたあと、右上の名前から「プロフィール編集」を開き、パスワードの欄に2回入力して"
                    "「ログイン情報を更新する」を押してください。以後は、どちらでもログインできます。",
                    "Signed in through the provider, open プロフィール編集 under your name at the top right, type a new "
                    "password twice and press ログイン情報を更新する. From then on both open the account.",
                ),
            ),
            ways=(Way("/my/profile/", Text("プロフィール編集を開く", "Edit the profile")), _LOGIN_SETTINGS),
        ),
        Part(
            title=Text("外部アカウントが使えなくなった", "The external account is gone"),
            words=(
                Text(
                    "登録アドレスのメールが読めれば、再設定のメールからパスワードを決めてログインできます。"
                    "アドレスも使えないときは、お問い合わせください。ご本人であることを確かめて進めます。",
                    "If you can read mail at the registered address, set a password through the reset mail. If that is "
                    "gone as well, contact us: we will make sure that it is you and go on from there.",
                ),
            ),
            ways=(_RESET,),
        ),
    ),
    keywords=Text(
        "グーグル フェイスブック ヤフー ライン アップル 連携 ソーシャルログイン",
        "google facebook yahoo line apple social oauth provider",
    ),
    related=("sign-in-trouble", "passwords"),
    topics=("cannot_sign_in", "account"),
    codes=("accounts.external",),
    checked_on=date(2026, 11, 21),
)

SECOND_FACTOR = Article(
    slug="second-factor",
    audience="all",
    group="signing_in",
    title=Text("二段階認証・パスキー", "Second factor and passkeys"),
    lead=Text(
        "パスワードのほかにもう一つ、あなただけが持つもので確かめる方法です。パスワードが漏れても、それだけでは入れません。",
        "Something that only you have, besides the password. A leaked password alone then opens nothing.",
    ),
    parts=(
        Part(
            title=Text("使える方法", "What there is"),
            points=(
                Text(
                    "パスキー: 端末の指紋・顔・画面ロックで確かめます。偽のサイトでは働かないため、いちばん安全です。",
                    "Passkey: fingerprint, face or screen lock of your device. It does not work on a forged site, which "
                    "makes it the safest.",
                ),
                Text(
                    "認証アプリ: アプリに出る6桁のコードを入力します。コードは1回だけ使えます。",
                    "Authenticator app: six digits that work once.",
                ),
                Text(
                    "回復コード: 端末をなくしたときのための使い切りのコードです。端末とは別の場所に保管してください。",
                    "Recovery codes: each works once, for when the device is lost. Keep them apart from it.",
                ),
            ),
            ways=(_LOGIN_SETTINGS,),
            needs="/my/settings/login/",
        ),
        Part(
            title=Text("コードが合わないとき", "When a code does not fit"),
            points=(
                Text(
                    "端末の時計を自動設定にしてください。数分ずれるとコードが合いません。",
                    "Let the device set its clock by itself: a few minutes off and codes do not fit.",
                ),
                Text(
                    "一度使ったコードは使えません。次のコードをお待ちください。",
                    "A used code is void: wait for the next.",
                ),
            ),
        ),
        Part(
            title=Text("端末をなくしたとき", "When the device is lost"),
            words=(
                Text(
                    "回復コードか、登録してあるもう一つのパスキーでログインできます。どちらもないときは、ログインの途中の"
                    "「どれも使えないとき」から復旧を始めてください。登録アドレスの確認と質問への答えを運営の担当者2人が確かめ、"
                    "確認期間のあとで二段階認証が外れます。確認期間は、なりすましに気づいて取りやめるための時間です。",
                    'Use a recovery code or another passkey. With neither, choose "I have none of these any more" while '
                    "signing in: two of staff look at the proved address and at your answers, and the second factor goes "
                    "after a time in which an impostor is noticed and stopped.",
                ),
            ),
        ),
    ),
    keywords=Text(
        "2段階認証 認証コード ワンタイムパスワード 指紋 顔認証 リカバリーコード 機種変更",
        "2fa mfa totp otp webauthn recovery code authenticator phone lost",
    ),
    related=("security-questions", "sign-in-trouble", "unknown-sign-in"),
    topics=("cannot_sign_in", "account"),
    codes=("accounts.second_factor",),
    checked_on=date(2026, 11, 21),
)
