"""Keeping others out: passwords, security questions, sign-ins that one does not know."""

from datetime import date

from kotowari.kernel.text import Text
from kotowari.support.faq import Article, Part, Way

_RESET = Way("/password/reset/", Text("パスワードを再設定する", "Set a new password"))
_SECURITY_CHECK = Way("/my/security-check/", Text("セキュリティ点検を開く", "Open the security check"))
_LOGIN_SETTINGS = Way("/my/settings/login/", Text("ログイン情報を開く", "Open the login information"))

SECURITY_QUESTIONS = Article(
    slug="security-questions",
    audience="all",
    group="safety",
    title=Text("秘密の質問はありますか", "Are there security questions?"),
    lead=Text(
        "ありません。秘密の質問は、ご本人が答えを忘れやすく、他人には調べやすいため、使わないことにしています。",
        "No. Owners forget the answers and others find them out, so we do not use them.",
    ),
    parts=(
        Part(
            title=Text("なぜ使わないのですか", "Why not"),
            words=(
                Text(
                    "母親の旧姓や出身校は、家族や知人が知っていて、SNSから分かることもあります。表記のゆれ(漢字・かな・空白)で、"
                    "ご本人が正しく答えても一致しないことも多くあります。",
                    "Family and friends know a mother's maiden name or a school, and social networks tell the rest. "
                    "Owners themselves fail over the spelling.",
                ),
                Text(
                    "米国国立標準技術研究所(NIST)の認証の指針 SP 800-63B も、知識による質問を認証に使うことを禁じています。",
                    "The guideline of NIST on authentication, SP 800-63B, forbids questions about what somebody knows.",
                ),
            ),
        ),
        Part(
            title=Text("代わりになるもの", "What replaces them"),
            points=(
                Text(
                    "回復コード: 端末をなくしても入れる、使い切りのコードです。発行したら、端末とは別の場所に保管してください。",
                    "Recovery codes: each opens the account once when the device is lost. Keep them apart from it.",
                ),
                Text(
                    "パスキー: 2台以上の端末に登録しておくと、1台をなくしても入れます。",
                    "Passkeys: set up on two devices, the loss of one locks nobody out.",
                ),
                Text(
                    "複数のメールアドレス: 確認済みのアドレスを2つ以上登録しておくと、1つが使えなくなっても知らせを受け取れます。",
                    "Several addresses: with two confirmed ones you are still reached when one is gone.",
                ),
            ),
            ways=(_LOGIN_SETTINGS,),
        ),
    ),
    keywords=Text(
        "セキュリティ質問 合言葉 母の旧姓 本人確認の質問", "secret question answer mother's maiden name knowledge"
    ),
    related=("second-factor", "passwords"),
    topics=("account",),
    checked_on=date(2026, 11, 21),
)

PASSWORDS = Article(
    slug="passwords",
    audience="all",
    group="safety",
    title=Text("パスワードの決め方", "Choosing a password"),
    lead=Text(
        "長く、ほかで使っていないこと。この2つがすべてです。大文字や記号を必ず入れる、といった決まりはありません。",
        "Long, and used nowhere else: that is all. There are no rules about capitals or symbols.",
    ),
    parts=(
        Part(
            title=Text("決めるとき", "When you choose one"),
            points=(
                Text(
                    "{length}文字以上(いつも二段階認証も使う方は{with_factor}文字以上)にしてください。つながりのない単語をいくつか並べると、長くて覚えやすくなります。",
                    "Use at least {length} characters, or {with_factor} if you always use a second factor as well. A few unrelated words in a row are long and easy to remember.",
                ),
                Text(
                    "ほかのサービスと同じものを使わないでください。よそで漏れたパスワードは、すぐにここでも試されます。",
                    "Use it nowhere else: what leaks elsewhere is tried here within hours.",
                ),
                Text(
                    "名前・誕生日・メールアドレスの一部は避けてください。漏れたことのあるパスワードや、よくあるパスワードは、"
                    "理由をお伝えしてお断りします。",
                    "No names, birthdays or parts of your address. Leaked and common passwords are turned down, with "
                    "the reason.",
                ),
                Text(
                    "空白や絵文字も使えます。全角と半角は同じ文字として扱います。",
                    "Spaces and emoji are fine. Full-width and half-width letters count as the same.",
                ),
            ),
        ),
        Part(
            title=Text("覚えておくには", "Keeping it"),
            words=(
                Text(
                    "パスワードマネージャー(ブラウザやスマートフォンに付いているものでかまいません)に任せるのが、いちばん確かです。"
                    "長いパスワードを作り、正しいサイトにだけ入力してくれます。貼り付けも自動入力も妨げません。",
                    "Leave it to a password manager, such as the one in your browser or telephone: it makes long "
                    "passwords and fills them in on the right site only. We never stand in its way.",
                ),
                Text(
                    "メモ帳アプリやメールの下書き、付せんなど、だれでも読める形では残さないでください。",
                    "Do not leave it in a notes app, a draft or on a slip of paper where anybody can read it.",
                ),
            ),
        ),
        Part(
            title=Text("定期的に変える必要はありますか", "Does it have to be changed regularly?"),
            words=(
                Text(
                    "ありません。漏れた疑いがあるときに変えてください。変更をすすめるお知らせは、はじめはオフです"
                    "(いまの設定: {reminder})。お知らせが届いても、変えるかどうかはご自身で決められます。",
                    "No: change it when it may have leaked. A reminder to change it is off to begin with (now: {reminder}). "
                    "Even when one comes, it is for you to decide.",
                ),
            ),
        ),
    ),
    keywords=Text("覚えられない 使い回し 強度 長さ 変更 マネージャー", "strong reuse remember manager length change"),
    related=("second-factor", "unknown-sign-in", "sign-in-trouble"),
    topics=("account",),
    codes=("accounts.password",),
    numbers={
        "length": "accounts.password_min_length",
        "with_factor": "accounts.password_min_length_with_factor",
        "reminder": "accounts.password_reminder_months",
    },
    checked_on=date(2026, 11, 21),
)

UNKNOWN_SIGN_IN = Article(
    slug="unknown-sign-in",
    audience="all",
    group="safety",
    title=Text("覚えのないログインがあったとき", "A sign-in that was not mine"),
    lead=Text(
        "上から順に進めてください。パスワードを変えると、ほかの人は入れなくなります。",
        "Go through these from the top. A new password shuts everybody else out.",
    ),
    parts=(
        Part(
            title=Text("すぐに止める", "Stop it at once"),
            words=(
                Text(
                    "お知らせメールかログインの記録にある「これは私ではありません」を押してください。開いているログインがすべて終わり、"
                    "安全が確かめられるまで、出金と口座の変更が止まります。",
                    "Press “This was not me” in the mail or in the list of sign-ins: every open sign-in ends, and "
                    "payouts and changes of the bank account stop until you are safe.",
                ),
            ),
            ways=(_SECURITY_CHECK,),
            needs="/my/security-check/",
        ),
        Part(
            title=Text("パスワードを変える", "Change the password"),
            words=(
                Text(
                    "新しいパスワードにすると、すべての端末でログアウトされ、APIトークンも取り消されます。"
                    "同じパスワードを使っているほかのサービスも変えてください。メールのパスワードも忘れずに。",
                    "A new password signs out every device and revokes every API token. Change it wherever else you "
                    "used it, and at your mail provider too.",
                ),
            ),
            ways=(_RESET,),
        ),
        Part(
            title=Text("動きを確かめる", "Look at what happened"),
            points=(
                Text(
                    "報酬の画面で、覚えのない出金がないかを見てください。",
                    "On the page of rewards, look for payouts that you do not know.",
                ),
                Text("振込先の口座が変わっていないかを見てください。", "See whether the bank account was changed."),
                Text("送った覚えのないメッセージがないかを見てください。", "Look for messages that you did not write."),
            ),
            ways=(
                Way("/my/rewards/", Text("報酬を見る", "Rewards")),
                Way("/my/bank-account/", Text("口座登録を見る", "Bank account")),
                Way("/threads/", Text("メッセージを見る", "Messages")),
            ),
        ),
        Part(
            title=Text("次からに備える", "For the next time"),
            words=(
                Text(
                    "二段階認証かパスキーを設定してください。パスワードが漏れても、それだけでは入れなくなります。"
                    "新しい端末や地域からのログインは、メールとサイト内のお知らせでお伝えします。",
                    "Set up a second factor or a passkey. You are told by mail and in the site of every sign-in from a "
                    "new device or region.",
                ),
            ),
            ways=(_LOGIN_SETTINGS,),
            needs="/my/settings/login/",
        ),
        Part(
            title=Text("お金が動いていたとき", "If money was moved"),
            words=(
                Text(
                    "すぐにお問い合わせください。用件で「覚えのないログイン・お金の動き」を選ぶと、急ぎの件として先に扱います。",
                    "Contact us at once and choose “a sign-in or payment that was not mine”: it is handled first.",
                ),
            ),
        ),
    ),
    keywords=Text(
        "不正アクセス 乗っ取り 身に覚えがない 漏えい 情報漏れ 知らない端末 ログイン履歴",
        "hacked stolen breach leak unknown device unauthorised history",
    ),
    related=("passwords", "second-factor", "account-locked"),
    topics=("not_me",),
    codes=("accounts.hold", "accounts.security"),
    checked_on=date(2026, 11, 21),
)

LOGIN_TIME = Article(
    slug="login-time",
    audience="all",
    group="safety",
    title=Text("ログイン時間をほかの人に見せたくない", "Hiding when I was last here"),
    lead=Text(
        "はじめから、ほかの人には表示されていません。表示するかどうかは、プライバシー設定の「ログイン時間を表示しない」で選べます。",
        "It is hidden to begin with. Whether it is shown is one switch in the privacy settings.",
    ),
    parts=(
        Part(
            title=Text("設定の場所", "Where the switch is"),
            words=(
                Text(
                    "マイページ > 設定 > プライバシー の順に開きます。「ログイン時間の表示」をオフにする、と呼ばれているのも同じ"
                    "設定です。いまどう見えているかが、ページのはじめに書かれています。一度選べば、そのまま続きます。",
                    "Open My page, Settings, Privacy. “Showing the sign-in time” is another name for the same switch. The "
                    "page begins with what others see at this moment, and your choice stays.",
                ),
            ),
            ways=(Way("/my/settings/privacy/", Text("プライバシー設定を開く", "Open the privacy settings")),),
        ),
        Part(
            title=Text("表示すると、どう見えますか", "What is seen when it is shown"),
            words=(
                Text(
                    "「3日以内」「1週間以内」「1か月以内」「1か月より前」のどれかです。日時は、だれにも表示されません。長く"
                    "ログインできないときは、プロフィールに「○月○日まで不在」と出すこともできます。",
                    "“Within 3 days”, “within a week”, “within a month” or “more than a month ago”, never the time. When you "
                    "will be away for long, your profile can say until when.",
                ),
            ),
        ),
    ),
    keywords=Text(
        "ログイン時間の表示 ログイン時間を表示しない 最終ログイン オンライン 非公開 公開 プライバシー 不在",
        "last login seen online privacy hide public private away",
    ),
    related=("unknown-sign-in",),
    topics=("account",),
    checked_on=date(2026, 11, 21),
)
