"""What the component gallery shows: one sample of every component in every state, with no row behind any of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.http import HttpRequest

from kotowari.kernel import clock
from kotowari.kernel.gates import Action, Appeal, Blocker, Decision, Remedy
from kotowari.kernel.text import Text
from kotowari.web import fields
from kotowari.web.drawing import Crumb, Entry, Line, Step, Tab
from kotowari.web.forms import KotowariForm
from kotowari.web.paging import Page
from kotowari.web.rows import Rows

LONG_NAME = "特定非営利活動法人日本伝統工芸翻訳支援機構関西第二事業部海外連携推進室コンテンツ制作担当"


@dataclass(frozen=True, slots=True)
class SampleAction:
    """Looks like an `Action` and stands in no register, so the gallery adds nothing to the list of gates."""

    name: str
    title: Text
    no: Text


def _decision(action: SampleAction, *blockers: Blocker) -> Decision:
    return Decision(cast(Action, action), blockers, "2026-11-01")


def decisions() -> dict[str, Decision]:
    """Decisions of every kind: allowed, one reason, several, waiting on each kind of somebody, made by staff."""
    now = clock.now()
    leave = SampleAction("sample.leave", Text("退会する", "Leave"), Text("退会できません", "You cannot leave yet"))
    accept = SampleAction(
        "sample.accept", Text("納品を検収する", "Accept the delivery"), Text("検収できません", "It cannot be accepted")
    )
    pay = SampleAction(
        "sample.payout", Text("8,580円を出金する", "Pay out ¥8,580"), Text("出金できません", "It cannot be paid out")
    )
    propose = SampleAction(
        "sample.propose",
        Text("この仕事に応募する", "Propose for this job"),
        Text("応募できません", "You cannot propose"),
    )
    contract = Blocker(
        code="sample.leave.contract_in_progress",
        reason=Text("進行中の契約が1件あります。", "You have 1 contract in progress."),
        rule="A077",
        resolved_by="counterparty",
        facts={"items": [{"title": "ロゴ制作", "since": "2026-10-02", "url": "#refusal"}]},
        remedy=Remedy(Text("契約を終了または途中終了する", "Finish the contract or end it early"), "#refusal"),
        clears_at=clock.start_of(clock.today() + timedelta(days=12)),
    )
    paying = Blocker(
        code="sample.leave.payout_under_way",
        reason=Text("出金手続き中の報酬があります:8,580円。", "A payout of ¥8,580 is under way."),
        rule="A082",
        resolved_by="time",
        clears_at=now + timedelta(days=10, hours=3),
    )
    return {
        "allowed": _decision(accept),
        "two": _decision(leave, contract, paying),
        "you": _decision(
            pay,
            Blocker(
                code="sample.payout.no_bank_account",
                reason=Text("振込先の口座がまだ登録されていません。", "No bank account is registered to pay into yet."),
                rule="A151",
                resolved_by="you",
                remedy=Remedy(Text("口座を登録する", "Register a bank account"), "#refusal"),
            ),
        ),
        "operator": _decision(
            propose,
            Blocker(
                code="sample.propose.identity_pending",
                reason=Text("本人確認の書類を審査しています。", "Your identity documents are being examined."),
                rule="A140",
                resolved_by="operator",
                clears_at=now + timedelta(days=2, hours=5),
            ),
        ),
        "staff": _decision(
            propose,
            Blocker(
                code="sample.propose.restricted",
                reason=Text(
                    "応募の利用を、担当者の判断で11月27日まで止めています。理由:同じ文面の応募が1日に120件ありました。",
                    "Staff have stopped your proposals until 27 November, because 120 with the same words were sent "
                    "in one day.",
                ),
                rule="A127",
                resolved_by="time",
                clears_at=now + timedelta(days=7),
                decided_by="staff",
                appeal=Appeal("#refusal", now + timedelta(days=14)),
            ),
        ),
    }


def steps() -> dict[str, list[Step]]:
    """Rails: one under way, one finished, one stopped."""
    now = clock.now()
    funded = Step(Text("仮払い", "Funded"), "done", at=now - timedelta(days=9))
    delivered = Step(Text("納品", "Delivered"), "done", at=now - timedelta(days=1))
    fixed, paid = Text("報酬確定", "Reward fixed"), Text("出金", "Paid out")
    return {
        "under_way": [
            funded,
            delivered,
            Step(
                Text("検収", "Acceptance"),
                "now",
                until=now + timedelta(days=6, hours=2),
                then=Text("過ぎると自動で検収されます", "then it is accepted by itself"),
                mover=Text("発注者の確認を待っています", "waiting for the client"),
            ),
            Step(fixed, "todo"),
            Step(paid, "todo", mover=Text("11月30日の締め", "closing of 30 Nov")),
        ],
        "finished": [
            funded,
            delivered,
            Step(Text("検収", "Acceptance"), "done", at=now - timedelta(hours=20)),
            Step(fixed, "done", at=now - timedelta(hours=20)),
            Step(paid, "done", at=now - timedelta(hours=2)),
        ],
        "stopped": [
            funded,
            Step(
                Text("納品", "Delivery"),
                "stopped",
                mover=Text("話し合い中のため止まっています", "paused while a dispute is open"),
                until=now + timedelta(hours=30),
                then=Text("過ぎると運営が決めます", "then the operator decides"),
            ),
            Step(Text("検収", "Acceptance"), "todo"),
            Step(fixed, "todo"),
            Step(paid, "todo"),
        ],
    }


class SampleForm(KotowariForm):
    """A form with every kind of field."""

    title = fields.TextField(
        Text("仕事の題名", "Title of the job"),
        max_length=50,
        hint=Text(
            "何をする仕事かがひと目で分かるように。50文字まで。",
            "What is to be done, at a glance. At most 50 characters.",
        ),
    )
    email = fields.EmailField(Text("連絡先メールアドレス", "Contact address"), required=False)
    category = fields.ChoiceField(
        Text("カテゴリ", "Category"),
        choices=[
            ("writing", Text("ライティング・翻訳", "Writing and translation")),
            ("design", Text("デザイン", "Design")),
        ],
        as_list=True,
    )
    budget_yen = fields.AmountField(
        Text("報酬(税抜)", "Reward (without tax)"), minimum_yen=1_000, hint=Text("1,000円以上", "at least ¥1,000")
    )
    deliver_on = fields.DateField(Text("納期", "Deliver by"), earliest=clock.today)
    milestones = fields.NumberField(
        Text("マイルストーンの数", "Number of milestones"), minimum=1, maximum=20, unit=Text("個", ""), required=False
    )
    body = fields.LongTextField(Text("仕事の内容", "What is to be done"), rows=5)
    kind = fields.ChoiceField(
        Text("形式", "Kind"),
        choices=[
            ("project", Text("プロジェクト:相談しながら進める", "Project: worked out together")),
            ("task", Text("タスク:決まった作業をする", "Task: set work")),
            ("competition", Text("コンペ:作品から選ぶ", "Competition: chosen among entries")),
        ],
    )
    skills = fields.ManyChoicesField(
        Text("必要な技能", "Skills"),
        choices=[("ja_en", Text("日英翻訳", "Japanese to English")), ("proof", Text("校正", "Proofreading"))],
        required=False,
    )
    brief = fields.UploadField(Text("依頼書", "Brief"), endings=["pdf", "docx"], required=False)
    stays_inside = fields.AgreeField(
        Text("やりとりはすべてこのサイトの中で行います", "Everything stays inside this site"), required=False
    )


class SampleRow(KotowariForm):
    """One milestone."""

    title = fields.TextField(Text("内容", "What"), max_length=40)
    price_yen = fields.AmountField(Text("金額", "Price"))
    due_on = fields.DateField(Text("納期", "Due"))


def rows() -> Rows:
    """Two milestones, as they are typed."""
    typed: list[dict[str, Any]] = [
        {"title": Text("ラフ案", "Sketches"), "price_yen": "3,000"},
        {"title": Text("仕上げ", "Final")},
    ]
    return Rows("milestones", SampleRow, HttpRequest(), initial=typed)


def forms() -> dict[str, KotowariForm]:
    """The form fresh, and the form with everything typed wrongly."""
    wrong = {
        "title": "ロゴ制作" * 20,
        "email": "taro＠example",
        "category": "",
        "budget_yen": "八千円くらい",
        "deliver_on": "2026年2月30日",
        "milestones": "99",
        "body": "",
        "kind": "",
    }
    initial = {"deliver_on": clock.today() + timedelta(days=14)}
    return {
        "fresh": SampleForm(initial=initial, auto_id="fresh-%s"),
        "wrong": SampleForm(wrong, auto_id="wrong-%s"),
        "filters": SampleForm(auto_id="filter-%s"),
    }


def lots() -> list[dict[str, Any]]:
    """Rows of a table."""
    today = clock.today()
    return [
        {"title": "ロゴ制作", "by": "青空珈琲", "on": today - timedelta(days=3), "amount_yen": 8_580},
        {"title": "商品説明文の英訳 30点", "by": LONG_NAME, "on": today - timedelta(days=20), "amount_yen": 128_000},
        {"title": "アンケート集計", "by": "個人発注者", "on": date(2025, 12, 28), "amount_yen": 330},
    ]


def lines() -> list[Line]:
    """A calculation."""
    return [
        Line(Text("契約金額(税抜)", "Price without tax"), 10_000),
        Line(Text("消費税", "Consumption tax"), 1_000, Text("10%", "10%")),
        Line(Text("システム利用料", "System fee"), -2_200, Text("20%+消費税", "20% and its tax")),
        Line(Text("受け取る金額", "You receive"), 8_800, total=True),
    ]


def entries() -> list[Entry]:
    """A timeline."""
    now = clock.now()
    return [
        Entry(now - timedelta(hours=2), Text("検収されました", "Accepted"), Text("発注者", "client"), tone="done"),
        Entry(
            now - timedelta(days=1),
            Text("修正の依頼", "Changes requested"),
            Text("発注者", "client"),
            Text("1. 文字間を広く\n2. 背景を透過に", "1. wider letter spacing\n2. transparent background"),
            tone="wait",
        ),
        Entry(now - timedelta(days=2), Text("納品しました", "Delivered"), Text("受注者", "worker"), url="#timeline"),
        Entry(now - timedelta(days=9), Text("仮払いが届きました:11,000円", "¥11,000 were paid into escrow")),
    ]


def context() -> dict[str, Any]:
    """Everything for the gallery's template."""
    tabs = [
        Tab(Text("すべて", "All"), "#tabs", count=1284),
        Tab(Text("進行中", "In progress"), "#tabs", current=True, count=12),
        Tab(Text("終わったもの", "Finished"), "#tabs"),
    ]
    crumbs = [
        Crumb(Text("ホーム", "Home"), "/"),
        Crumb(Text("仕事を探す", "Find work"), "#crumbs"),
        Crumb(Text("{name}のロゴ制作", "A logo for {name}").format(name=LONG_NAME)),
    ]
    return {
        "decisions": decisions(),
        "steps": steps(),
        "forms": forms(),
        "milestones": rows(),
        "lots": lots(),
        "lines": lines(),
        "entries": entries(),
        "tabs": tabs,
        "crumbs": crumbs,
        "page_first": Page([], after="0"),
        "page_last": Page([], after=None, is_first=False),
        "soon": clock.now() + timedelta(days=3, hours=4),
        "past": clock.now() - timedelta(days=2),
        "long_name": LONG_NAME,
    }
