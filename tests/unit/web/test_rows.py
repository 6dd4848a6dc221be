from django.test import RequestFactory

from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text
from kotowari.web import fields
from kotowari.web.form_drawing import shown_value
from kotowari.web.forms import KotowariForm
from kotowari.web.rows import Rows, read


class Milestone(KotowariForm):
    title = fields.TextField(Text("内容", "What"))
    price_yen = fields.AmountField(Text("金額", "Price"))


class Proposal(KotowariForm):
    message = fields.LongTextField(Text("本文", "Message"))


TYPED = "message=m&milestones.0.title=a&milestones.0.price_yen=1,000&milestones.1.title=b&milestones.1.price_yen=x"


def posted(query: str):
    return RequestFactory().post("/", query, content_type="application/x-www-form-urlencoded")


def titles(rows: Rows) -> list[str]:
    return [shown_value(form["title"]) for form in rows.forms]


def test_a_fresh_form_shows_the_least_number_of_rows() -> None:
    rows = Rows("milestones", Milestone, RequestFactory().get("/"), least=2)
    assert titles(rows) == ["", ""]
    assert rows.may_grow
    assert not rows.may_shrink


def test_rows_are_read_in_order_and_each_is_checked() -> None:
    rows = Rows("milestones", Milestone, posted(TYPED))
    assert not rows.is_valid()
    assert list(rows.forms[1].errors) == ["price_yen"]
    assert rows.wrong_count == 1
    good = Rows("milestones", Milestone, posted(TYPED.replace("=x", "=２０００円")))
    assert good.is_valid()
    assert good.cleaned == [{"title": "a", "price_yen": 1000}, {"title": "b", "price_yen": 2000}]


def test_adding_a_row_keeps_what_was_typed_and_checks_nothing() -> None:
    request = posted(TYPED + "&add_row=milestones")
    rows = Rows("milestones", Milestone, request)
    assert titles(rows) == ["a", "b", ""]
    assert shown_value(rows.forms[1]["price_yen"]) == "x"
    assert rows.wrong_count == 0
    assert shown_value(read(Proposal, request)["message"]) == "m"
    assert read(Proposal, request).status == 200


def test_taking_a_row_away_numbers_the_rest_anew() -> None:
    rows = Rows("milestones", Milestone, posted(TYPED + "&remove_row=milestones.0"))
    assert titles(rows) == ["b"]
    assert rows.forms[0].prefix == "milestones.0"


def test_no_more_rows_are_read_than_there_may_be() -> None:
    many = "&".join(f"milestones.{i}.title=t{i}" for i in range(200))
    assert len(Rows("milestones", Milestone, posted(many), most=3).forms) == 3
    assert len(Rows("milestones", Milestone, posted(many + "&add_row=milestones"), most=3).forms) == 3


def test_what_a_service_says_of_a_row_is_shown_in_that_row() -> None:
    request = posted(TYPED.replace("=x", "=5"))
    form, rows = read(Proposal, request), Rows("milestones", Milestone, request)
    assert form.is_valid()
    assert rows.is_valid()
    with form.merging(rows=[rows]):
        raise InputError(
            {
                "milestones.1.price_yen": [Text("安すぎます", "Too little")],
                "milestones": [Text("合計が足りません", "The sum is too small")],
                "message": [Text("短すぎます", "Too short")],
            }
        )
    assert rows.forms[1].errors["price_yen"] == ["安すぎます"]
    assert [str(p) for p in rows.problems] == ["合計が足りません"]
    assert form.errors == {"message": ["短すぎます"]}
    assert rows.wrong_count == 2


def test_rows_that_never_came_are_asked_for() -> None:
    rows = Rows("milestones", Milestone, posted("message=m"))
    assert not rows.is_valid()
