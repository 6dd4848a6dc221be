"""What staff write about incidents and changes of signing in."""

from datetime import datetime

from kotowari.accounts.external.providers import offered
from kotowari.console.forced_resets import names_field
from kotowari.foundation import policy
from kotowari.incidents.kinds import FUNCTIONS, KINDS, SEVERITIES
from kotowari.incidents.methods import METHODS
from kotowari.incidents.services.affected import LETTER_MAX
from kotowari.incidents.services.incidents import MINUTES_MAX, TITLE_MAX, WORDS_MAX
from kotowari.kernel.text import Text
from kotowari.web.fields import (
    AgreeField,
    ChoiceField,
    DateField,
    LongTextField,
    ManyChoicesField,
    MomentField,
    NumberField,
    TextField,
)
from kotowari.web.forms import KotowariForm

READ_AS_IT_IS = Text("読む人がこのまま読みます。", "Its readers read this as it is.")


class BilingualForm(KotowariForm):
    """Fields named `…_ja` and `…_en` that belong together."""

    def pair(self, name: str) -> Text:
        """The words in both languages; what is not given in English stands in Japanese."""
        given = self.cleaned_data
        return Text(given[f"{name}_ja"], given[f"{name}_en"] or given[f"{name}_ja"])


def long(ja: str, en: str, most: int = WORDS_MAX, rows: int = 4) -> tuple[LongTextField, LongTextField]:
    """The two fields of words that are read as they are."""
    return (
        LongTextField(Text(f"{ja}(日本語)", f"{en}, in Japanese"), hint=READ_AS_IT_IS, max_length=most, rows=rows),
        LongTextField(
            Text(f"{ja}(英語)", f"{en}, in English"),
            hint=Text("空ならば、日本語がそのまま使われます。", "Without it, the Japanese words stand in its place."),
            max_length=most,
            rows=rows,
            required=False,
        ),
    )


def _minutes() -> NumberField:
    return NumberField(
        Text("次の続報までの分", "Minutes until further word"),
        hint=Text(
            "約束した時刻は全員に見えます。過ぎると、担当者全員に催促が届きます。",
            "Everybody sees the promised time; when it has passed, all of staff are reminded.",
        ),
        minimum=5,
        maximum=MINUTES_MAX,
        initial=lambda: policy.value("incidents.update_minutes"),
    )


class OpenForm(BilingualForm):
    """The beginning of a record."""

    kind = ChoiceField(Text("種類", "Kind"), choices=list(KINDS.items()))
    severity = ChoiceField(Text("大きさ", "How bad"), choices=list(SEVERITIES.items()))
    functions = ManyChoicesField(
        Text("影響のある機能", "Functions"), choices=[(name, each.title) for name, each in FUNCTIONS.items()]
    )
    title_ja = TextField(Text("見出し(日本語)", "Title, in Japanese"), max_length=TITLE_MAX)
    title_en = TextField(Text("見出し(英語)", "Title, in English"), max_length=TITLE_MAX, required=False)
    words_ja, words_en = long("何が起きているか", "What is happening")
    started_at = MomentField(Text("始まった時刻", "When it began"))
    is_public = AgreeField(
        Text("すぐに公開する", "Make it public at once"),
        hint=Text("障害は、いつも公開されます。", "An outage is always public."),
        required=False,
    )
    next_minutes = _minutes()


class UpdateForm(BilingualForm):
    """Further word."""

    words_ja, words_en = long("続報", "Further word", rows=3)
    next_minutes = _minutes()


class OverForm(BilingualForm):
    """That it works again."""

    words_ja, words_en = long("復旧の知らせ", "That it is over", rows=3)
    ended_at = MomentField(
        Text("復旧した時刻", "Since when"),
        hint=Text("空ならば、いまです。", "Without it: now."),
        required=False,
    )


class ClosingForm(BilingualForm):
    """The last word."""

    words_ja, words_en = long("終わりの言葉", "The last word", rows=3)


class NamesForm(KotowariForm):
    """Affected members by name."""

    names = names_field(required=True)


class SignedInForm(KotowariForm):
    """Affected members by when and from where they signed in."""

    begins_at = MomentField(Text("ログインした時刻(から)", "Signed in from"))
    ends_at = MomentField(Text("ログインした時刻(まで)", "Signed in until"))
    network = TextField(
        Text("回線", "Network"),
        hint=Text(
            "203.0.113.0/24 のような回線か、1つのアドレス。空ならば、どこからでも。", "Like 203.0.113.0/24; empty: any."
        ),
        max_length=60,
        fold=True,
        required=False,
    )


class LetterForm(BilingualForm):
    """What the affected read beside what happened."""

    data_ja, data_en = long("どの情報か", "Which data", LETTER_MAX, 3)
    advice_ja, advice_en = long("していただきたいこと", "What to do", LETTER_MAX, 3)
    act_on = DateField(Text("いつまでに", "By when"), required=False)


class ResetForm(BilingualForm):
    """Why new passwords are needed."""

    reason_ja, reason_en = long("新しいパスワードを求める理由", "Why a new password is needed", 500, 2)


class ChangeForm(BilingualForm):
    """A change of signing in."""

    method = ChoiceField(Text("ログイン方法", "Way of signing in"), choices=list(METHODS.items()))
    provider = ChoiceField(
        Text("終わる外部アカウント", "External account that ends"),
        choices=[],
        as_list=True,
        empty=Text("なし", "None"),
        required=False,
        hint=Text(
            "選ぶと、「いままでの方法」の最後の日の翌日から、自動で使えなくなります。",
            "If one is chosen, it stops by itself on the day after the last day of the old way.",
        ),
    )
    title_ja = TextField(Text("見出し(日本語)", "Title, in Japanese"), max_length=TITLE_MAX)
    title_en = TextField(Text("見出し(英語)", "Title, in English"), max_length=TITLE_MAX, required=False)
    words_ja, words_en = long("何が変わり、どう移るか", "What changes, and how to move over", 3_000)
    takes_effect_on = DateField(Text("変わる日", "Changes on"))
    old_until_on = DateField(Text("いままでの方法が使える最後の日", "Last day of the old way"), required=False)
    guide_url = TextField(
        Text("案内のページ", "Page that guides"),
        hint=Text("/help/ から始まる、このサイトの記事。", "An article of this site, beginning with /help/."),
        max_length=200,
        fold=True,
        required=False,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["provider"]
        assert isinstance(field, ChoiceField), "declared above"
        field.choices = [(each.id, each.name) for each in offered()]


class WithdrawForm(BilingualForm):
    """Why a change does not take place."""

    because_ja, because_en = long("取りやめる理由", "Why it is withdrawn", 500, 2)


def minute(moment: datetime) -> str:
    """A moment as its field shows it."""
    return f"{moment:%Y-%m-%dT%H:%M}"
