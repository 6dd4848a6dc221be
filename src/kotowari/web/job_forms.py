"""The forms of the market: a posting with all its facts and terms, a proposal, a refusal, a profile."""

from datetime import timedelta
from typing import Any

from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.market import menus
from kotowari.market.models import Category
from kotowari.web.fields import AmountField, ChoiceField, DateField, LongTextField, NumberField, TextField
from kotowari.web.forms import KotowariForm

YES_NO = (("no", Text("なし", "No")), ("yes", Text("あり", "Yes")))


class PostingForm(KotowariForm):
    """Everything a posting must say (Act on freelancers, articles 3 and 12), in the order of the page."""

    title = TextField(Text("仕事のタイトル", "Title"), max_length=80)
    category = ChoiceField(Text("カテゴリー", "Category"), choices=[], as_list=True)
    description = LongTextField(
        Text("仕事の内容", "The work"),
        hint=Text("何を、どの状態まで仕上げるかを書いてください。", "Say what is to be made, and how far."),
        rows=10,
        max_length=10_000,
    )
    budget_min_yen = AmountField(
        Text("金額(税抜)", "Price without tax"),
        hint=Text("固定なら1つだけ入れてください。", "For a fixed price fill in this one alone."),
    )
    budget_max_yen = AmountField(Text("金額の上限(税抜)", "At most, without tax"), required=False)
    work_amount = NumberField(
        Text("作業量の目安", "Amount of work"),
        minimum=1,
        maximum=10_000_000,
        required=False,
        hint=Text(
            "書くと、1文字・1時間あたりの受取額が応募者に表示されます。",
            "Shows workers what they get per hour or character.",
        ),
    )
    work_unit = ChoiceField(
        Text("作業量の単位", "Unit"),
        choices=[("", Text("書かない", "Not said")), *menus.WORK_UNITS.items()],
        required=False,
    )
    hires_wanted = NumberField(Text("採用する人数", "How many to hire"), minimum=1, maximum=100, initial=1)
    apply_until_on = DateField(Text("応募の締切日", "Last day for proposals"), earliest=clock.today)
    starts_on = DateField(Text("開始日", "Start"), required=False)
    due_on = DateField(Text("納期", "Due date"), earliest=clock.today)
    stays_inside = ChoiceField(
        Text("やりとりの場所", "Where you talk"),
        choices=[
            ("yes", Text("すべてこのサービスの中で行う", "Everything stays inside this service")),
            ("no", Text("外部の連絡手段も使うことがある", "Other means may be used as well")),
        ],
        initial="yes",
    )
    poster_name = TextField(
        Text("発注者の氏名・会社名", "Name of the client"), max_length=100, autocomplete="organization"
    )
    poster_address = TextField(
        Text("発注者の住所", "Address of the client"), max_length=200, autocomplete="street-address"
    )
    poster_contact = TextField(Text("発注者の連絡先", "Contact of the client"), max_length=200)
    work_place = TextField(Text("就業の場所", "Place of work"), max_length=200, initial="在宅")
    rights = ChoiceField(Text("権利の扱い", "Rights"), choices=list(menus.RIGHTS.items()))
    rights_note = LongTextField(Text("権利についての補足", "More on rights"), rows=3, required=False, max_length=2000)
    delivery_place = TextField(
        Text("納品の場所", "Place of delivery"), max_length=200, initial="このサービスの契約ページ"
    )
    inspection_days = NumberField(
        Text("検収の期間", "Days to inspect"), minimum=1, maximum=60, unit=Text("日", "days"), initial=7
    )
    payment_due_days = NumberField(
        Text("支払期日(納品から)", "Days to pay after delivery"),
        minimum=1,
        maximum=60,
        unit=Text("日", "days"),
        initial=60,
    )
    has_non_cash_payment = ChoiceField(
        Text("現金以外の支払い", "Payment other than in money"), choices=YES_NO, initial="no"
    )
    non_cash_terms = TextField(Text("現金以外の支払いの内容", "What it is"), required=False, max_length=500)
    is_recommission = ChoiceField(
        Text("ほかから受けた仕事の再委託か", "Re-commission of another client's work"), choices=YES_NO, initial="no"
    )
    recommission_terms = TextField(Text("もとの委託の内容", "The original order"), required=False, max_length=500)
    has_withholding = ChoiceField(
        Text("源泉徴収", "Withholding tax"),
        choices=YES_NO,
        initial="no",
        hint=Text(
            "法人など源泉徴収をする発注者で、対象の仕事のとき「あり」にします。",
            "Yes if you withhold tax and the work is of such a kind.",
        ),
    )
    withholding_kind = ChoiceField(
        Text("源泉徴収の種類", "Kind of work for withholding"),
        choices=[("", Text("該当なし", "None")), *menus.WITHHOLDING_KINDS.items()],
        required=False,
        as_list=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            (c.slug, c.name) for c in Category.objects.order_by("position")
        ]

    def given(self) -> dict[str, Any]:
        """The fields of a `Posting`."""
        data = dict(self.cleaned_data)
        for name in ("stays_inside", "has_non_cash_payment", "is_recommission", "has_withholding"):
            data[name] = data[name] == "yes"
        return data


class ProposalForm(KotowariForm):
    """A proposal: what I would do for the client."""

    message = LongTextField(Text("応募のメッセージ", "Your message"), rows=6)


class PartForm(KotowariForm):
    """One part of the proposed work (a milestone), paid when it is accepted."""

    title = TextField(Text("内容", "What"), max_length=80)
    price_yen = AmountField(Text("金額(税抜)", "Price without tax"))
    due_on = DateField(Text("納期", "Due date"), earliest=clock.today)


class DeclineForm(KotowariForm):
    """Why a proposal is declined; the worker reads it."""

    reason = ChoiceField(
        Text("理由(応募者に伝わります)", "Reason (told to the worker)"),
        choices=list(menus.DECLINE_REASONS.items()),
        as_list=True,
    )
    note = LongTextField(Text("ひとこと", "A word"), rows=2, required=False, max_length=1000)


class ProfileForm(KotowariForm):
    """The seven parts of a profile, skills and time away (A112, A154)."""

    skills = TextField(
        Text("スキル", "Skills"),
        required=False,
        max_length=900,
        hint=Text("「、」または「,」で区切ってください。", "Separated by commas."),
    )
    away_until = DateField(
        Text("お休み中(この日まで)", "Away until"),
        required=False,
        earliest=clock.today,
        latest=lambda: clock.today() + timedelta(days=366),
        hint=Text(
            "この日まで返事ができないことが、相手に表示されます。", "Others see that you cannot answer until then."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in menus.PROFILE_PARTS.items():
            self.fields[name] = LongTextField(words, rows=4, required=False, max_length=3000)
        self.order_fields([*menus.PROFILE_PARTS, "skills", "away_until"])

    def given(self) -> dict[str, Any]:
        """The fields of a `ProfileText`."""
        data = dict(self.cleaned_data)
        data["skills"] = [s.strip() for s in data["skills"].replace("、", ",").split(",") if s.strip()]
        return data
