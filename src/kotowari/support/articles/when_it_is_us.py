"""When the fault is ours, and when a way of signing in changes."""

from datetime import date

from kotowari.kernel.text import Text
from kotowari.support.faq import Article, Part, Way

_STATUS = Way("/status/", Text("稼働状況を見る", "See the status"))

OUR_FAULT = Article(
    slug="our-fault",
    audience="all",
    group="safety",
    title=Text("サイトの障害や情報の事故があったとき", "When something is wrong on our side"),
    lead=Text(
        "こちらの不具合のあいだは、すべてのページの上にお知らせが出ます。くわしい経過は「稼働状況」にあります。",
        "While something is wrong on our side, every page says so at its top; the status page tells the whole of it.",
    ),
    parts=(
        Part(
            title=Text("いま何が起きているか", "What is happening now"),
            points=(
                Text(
                    "稼働状況には、機能ごとの状態、これまでの経過、次の続報の時刻が出ます。過去{history_days}の記録もあります。",
                    "The status page tells of each function, what was said so far, when there is further word, and of the "
                    "past {history_days}.",
                ),
                Text(
                    "こちらの不具合でできなかったログインは、間違いの回数に数えません。",
                    "Sign-ins that fail through our fault are not counted as wrong tries.",
                ),
                Text(
                    "ログインしていると、自分のアカウントのロックや制限、自分にかかわる事故も同じページで見られます。",
                    "When you are signed in, the same page shows locks and restrictions of yours and incidents that touch you.",
                ),
            ),
            ways=(_STATUS,),
        ),
        Part(
            title=Text("自分の情報がかかわるとき", "When your data are touched"),
            words=(
                Text(
                    "影響を受けた方には、何が起きたか、どの情報か、何をすればよいか、いつまでにかを、メールとサイト内のお知らせの"
                    "両方で伝えます。この種のメールがサイト内のお知らせにないときは、なりすましを疑ってください。",
                    "Whoever is affected is told what happened, which data, what to do and by when, by mail and as a notice on "
                    "the site. If such a mail is not among your notices, do not trust it.",
                ),
            ),
            ways=(
                Way("/notices/", Text("お知らせを見る", "See my notices")),
                Way("/my/security-check/", Text("セキュリティ点検を開く", "Open the security check")),
            ),
        ),
    ),
    keywords=Text(
        "障害 サーバー 落ちている 開かない 情報漏えい 事故 メンテナンス 稼働状況",
        "outage down server leak breach incident status maintenance",
    ),
    related=("sign-in-trouble", "unknown-sign-in"),
    numbers={"history_days": "incidents.history_days"},
    checked_on=date(2026, 11, 30),
)

LOGIN_CHANGES = Article(
    slug="login-changes",
    audience="all",
    group="signing_in",
    title=Text("ログイン方法の変更のお知らせが届いた", "A way of signing in is going to change"),
    lead=Text(
        "ログイン方法を変えるときは、{notice_days}以上前に知らせます。いままでの方法も、お知らせした日まで使えます。",
        "Changes of signing in are told at least {notice_days} ahead, and the old way works through the day that is named.",
    ),
    parts=(
        Part(
            title=Text("することは3つです", "Three steps"),
            points=(
                Text("変更のお知らせで、いつ何が変わるかを確かめます。", "See what changes on which day."),
                Text(
                    "ログイン情報で、ほかの方法(パスワードやパスキー)を用意します。",
                    "Set up another way (a password or a passkey) in your login information.",
                ),
                Text(
                    "間に合わなくても、登録したメールアドレスに届くリンクでログインできます。",
                    "If you are late, a link in a mail to your registered address still signs you in.",
                ),
            ),
            ways=(
                Way("/terms/changes/", Text("変更のお知らせを見る", "See announced changes")),
                Way("/my/settings/login/", Text("ログイン情報を開く", "Open the login information")),
                Way("/login/by-mail/", Text("メールのリンクでログインする", "Sign in by a link from a mail")),
            ),
        ),
    ),
    keywords=Text(
        "ログイン方法 変更 終了 外部アカウント 移行",
        "login method change end external account migrate",
    ),
    related=("sign-in-trouble",),
    codes=("accounts.external.enter.provider_over",),
    numbers={"notice_days": "incidents.login_change_days"},
    checked_on=date(2026, 11, 30),
)
