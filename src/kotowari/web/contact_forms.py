"""The forms of お問い合わせ."""

from typing import Any

from kotowari.kernel.text import Text
from kotowari.support.faq import ARTICLES
from kotowari.support.inputs import BODY_MAX, LOGIN_MAX, SHORT_MAX, Question
from kotowari.support.topics import RESULTS, TOPICS, TRIED
from kotowari.web import fields
from kotowari.web.forms import KotowariForm

_ASK_AGAIN = {
    "hx-post": "/contact/answers/",
    "hx-trigger": "change",
    "hx-target": "#answers",
    "hx-swap": "outerHTML",
    "hx-include": "closest form",
}
"""Matching articles follow what is chosen and written; without JavaScript those of the topic in the link are shown."""


class QuestionForm(KotowariForm):
    """Field names are those of `support.inputs.Question`. `login` is asked of visitors only."""

    FIRST = ("topic", "email", "body")
    ATTEMPTS = ("tried", "result")
    COLLECTED = ("login", "code", "browser", "came_from", "article")

    topic = fields.ChoiceField(
        Text("用件", "What it is about"), choices=list(TOPICS.items()), as_list=True, attrs=_ASK_AGAIN
    )
    email = fields.EmailField(
        Text("どのアドレスで登録しましたか", "Which address did you register with?"),
        hint=Text(
            "お知らせメールが届いているアドレスです。回答はここに届きます。アドレスを複数お持ちの方はご注意ください。",
            "The one at which our mails arrive; the answer goes there. Mind this if you have several.",
        ),
    )
    body = fields.LongTextField(
        Text("具体的な内容", "What happened"),
        hint=Text(
            "何をしようとして、何が起きましたか。期限が迫っているときは、契約の名前と期限も書いてください。"
            "パスワードや確認コードは書かないでください。",
            "What did you try to do, and what happened? If a deadline is near, name the contract and the deadline. "
            "Leave out passwords and codes.",
        ),
        max_length=BODY_MAX,
        attrs=_ASK_AGAIN,
    )
    tried = fields.ManyChoicesField(
        Text("すでに試したこと", "What you have tried already"), choices=list(TRIED.items()), required=False
    )
    result = fields.ChoiceField(
        Text("その結果", "And how it went"), choices=list(RESULTS.items()), required=False, as_list=True
    )
    login = fields.TextField(
        Text("ログイン画面で入力したもの", "What you typed on the sign-in page"),
        hint=Text("メールアドレスまたはユーザー名", "Address or username"),
        required=False,
        fold=True,
        max_length=LOGIN_MAX,
    )
    code = fields.TextField(
        Text("表示されたメッセージのコード", "The code of the message"), required=False, fold=True, max_length=SHORT_MAX
    )
    browser = fields.TextField(
        Text("お使いのブラウザとバージョン", "Your browser and its version"), required=False, max_length=SHORT_MAX
    )
    came_from = fields.TextField(
        Text("直前に開いていたページ", "The page you came from"), required=False, fold=True, max_length=SHORT_MAX
    )
    article = fields.ChoiceField(
        Text("読んだ「よくある質問」", "The article you have read"),
        choices=[(article.slug, article.heading) for article in ARTICLES.values()],
        as_list=True,
        required=False,
    )

    def __init__(self, *args: Any, is_member: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_member:
            del self.fields["login"]

    def parts(self, names: tuple[str, ...]) -> list[Any]:
        """The bound fields of one part of the page."""
        return [self[name] for name in names if name in self.fields]

    @property
    def question(self) -> Question:
        """What was typed, as the room takes it."""
        return Question(**{**self.cleaned_data, "tried": tuple(self.cleaned_data["tried"])})


class WordsForm(KotowariForm):
    """One message in a conversation."""

    body = fields.LongTextField(
        Text("返信", "Your reply"),
        hint=Text("パスワードや確認コードは書かないでください。", "Leave out passwords and codes."),
        max_length=BODY_MAX,
        rows=5,
    )


class LinkForm(KotowariForm):
    """To have the link mailed again."""

    email = fields.EmailField(
        Text("お問い合わせに使ったアドレス", "The address you gave"),
    )
    number = fields.TextField(
        Text("受付番号", "Number of the conversation"),
        hint=Text(
            "QDVF-SNDJ のような8文字です。受付のメールにあります。", "Eight letters like QDVF-SNDJ, from our mail."
        ),
        fold=True,
        max_length=20,
    )
