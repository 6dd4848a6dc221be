"""How contacting us goes."""

from datetime import date

from kotowari.kernel.text import Text
from kotowari.support.faq import Article, Part, Way

ABOUT_CONTACT = Article(
    slug="about-contact",
    audience="all",
    group="contact",
    title=Text("お問い合わせについて", "Contacting us"),
    lead=Text(
        "どのページの下にもある、オレンジ色の「お問い合わせ」から送れます。ログインしていなくても使えます。",
        "The orange button at the foot of every page leads to the form, signed in or not.",
    ),
    parts=(
        Part(
            title=Text("送る前に", "Before you send"),
            points=(
                Text(
                    "用件を選ぶと、近い「よくある質問」をお見せします。読まずに送ってもかまいません。",
                    "Choosing a subject shows matching articles. You may send without reading them.",
                ),
                Text(
                    "「どのアドレスで登録しましたか」には、お知らせメールが届いているアドレスを入れてください。"
                    "アドレスを複数お持ちの方はご注意ください。",
                    "Where we ask for the address you registered with, give the one at which our mails arrive, "
                    "especially if you have several.",
                ),
                Text(
                    "画面に出たメッセージのコードとブラウザは自動で入ります。送る前に見て、直すことができます。",
                    "The code of the message and your browser are filled in; you can see and change them.",
                ),
                Text(
                    "パスワードや確認コードは書かないでください。運営がたずねることはありません。",
                    "Never write passwords or codes. We do not ask for them.",
                ),
            ),
            ways=(Way("/contact/", Text("お問い合わせのフォームを開く", "Open the form")),),
        ),
        Part(
            title=Text("回答はいつ、どこに届きますか", "When and where the answer comes"),
            words=(
                Text(
                    "送ったときに、受付番号、順番、回答の予定日時をお伝えします。回答の期限は{days}、"
                    "ログインできないときと覚えのないログインは{urgent}です。",
                    "On sending you get a number, your place in the queue and the time of the answer. The limit is "
                    "{days}; {urgent} when you cannot sign in or somebody else did.",
                ),
                Text(
                    "回答はメールで届きます。メールのリンクから、ログインしなくてもやりとりの全体を読み、返信できます。",
                    "The answer comes by mail. Its link opens the whole conversation, and you can write back, without "
                    "signing in.",
                ),
                Text(
                    "期限に遅れるときは、こちらからお詫びと新しい予定をお送りします。",
                    "If we are late we say so, with a new time.",
                ),
            ),
        ),
        Part(
            title=Text("登録アドレスと違うアドレスから送ったとき", "Writing from another address"),
            words=(
                Text(
                    "ご本人の大切な情報を守るため、アカウントについての回答は登録アドレスにだけ差し上げます。"
                    "ログイン中にアドレスが登録と違うときは、送る前に画面でお知らせします。"
                    "登録アドレスが使えないときは、用件で「登録したアドレスが使えない」を選んでください。",
                    "To protect you, answers about an account go to its registered address only. Signed in, the form "
                    "says at once when the address is not one of yours. If the registered address is gone, choose that "
                    "as the subject.",
                ),
            ),
        ),
        Part(
            title=Text("やりとりの終わり方", "How it ends"),
            words=(
                Text(
                    "回答のあと{silent}お返事がないと、やりとりは自動で完了になります。そのあとも{reopen}は、"
                    "同じページから続きを送れます。",
                    "After an answer and {silent} without a word the conversation closes by itself. For {reopen} more "
                    "you can take it up again on the same page.",
                ),
            ),
        ),
    ),
    keywords=Text(
        "問い合わせ 連絡 電話 返事が来ない 回答 受付番号 サポート", "support help desk ticket reply answer phone"
    ),
    related=("sign-in-trouble",),
    topics=("other",),
    numbers={
        "days": "support.answer_bank_days",
        "urgent": "support.urgent_answer_bank_days",
        "silent": "support.silent_close_days",
        "reopen": "support.reopen_days",
    },
    checked_on=date(2026, 11, 21),
)
