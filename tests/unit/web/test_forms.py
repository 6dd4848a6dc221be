from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text, use_language
from kotowari.web import fields
from kotowari.web.form_drawing import input_attributes, input_type, shown_value
from kotowari.web.forms import KotowariForm, posted_key

NAME = Text("項目", "Field")


def form_with(field, **fixed):
    return type("OneField", (KotowariForm,), {"value": field, **fixed})


def clean(field, typed):
    form = form_with(field)({"value": typed})
    form.is_valid()
    return form.cleaned_data.get("value"), list(form.errors.get("value", []))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  ロゴ制作　", "ロゴ制作"),
        ("①ロゴ（夏）", "①ロゴ（夏）"),
        ("か\u3099くせい", "がくせい"),
        ("a\u202eb\x00c", "abc"),
        ("二行\r\nになる", "二行 になる"),
    ],
)
def test_a_line_keeps_what_was_meant_and_loses_what_cannot_be_seen(typed, kept) -> None:
    assert clean(fields.TextField(NAME), typed) == (kept, [])


def test_identifiers_are_folded_to_half_width() -> None:
    assert clean(fields.TextField(NAME, fold=True), "ｔａｒｏ１２３") == ("taro123", [])


def test_running_text_keeps_its_lines() -> None:
    assert clean(fields.LongTextField(NAME), "一\r\n\r\n二 ")[0] == "一\n\n二"


def test_too_long_says_how_much_to_remove_in_the_readers_language() -> None:
    form = form_with(fields.TextField(NAME, max_length=5))({"value": "ロゴ制作一式です"})
    assert form.errors["value"][0] == "5文字以内で入力してください(いま8文字。あと3文字減らすと送信できます)。"
    with use_language("en"):
        assert form.errors["value"][0] == "Use at most 5 characters (now 8; remove 3)."


@pytest.mark.rule("A003", "A004")
@pytest.mark.parametrize("typed", ["　ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ ", "taro@example.com"])
def test_a_mail_address_typed_in_full_width_is_understood(typed) -> None:
    assert clean(fields.EmailField(NAME), typed) == ("taro@example.com", [])


def test_a_wrong_mail_address_is_answered_with_its_form() -> None:
    value, errors = clean(fields.EmailField(NAME), "taro＠example")
    assert value is None
    assert errors == [
        "「taro@example」はメールアドレスの形になっていません。「name@example.com」のように入力してください。"
    ]


@pytest.mark.parametrize(
    ("typed", "yen"), [("１０，０００円", 10_000), ("¥10,000", 10_000), (" 10000 ", 10_000), ("1.5万", 15_000)]
)
def test_yen_are_understood_as_people_type_them(typed, yen) -> None:
    assert clean(fields.AmountField(NAME), typed) == (yen, [])


@pytest.mark.parametrize("typed", ["八千円", "10.5", "-5", "999"])
def test_an_unusable_amount_is_told_and_never_guessed(typed) -> None:
    value, errors = clean(fields.AmountField(NAME, minimum_yen=1_000), typed)
    assert value is None
    assert len(errors) == 1


@pytest.mark.parametrize(
    "typed", ["2026-12-01", "2026/12/1", "２０２６年１２月１日", "2026.12.01", " 2026年 12月 1日 "]
)
def test_a_day_is_understood_however_it_is_written(typed) -> None:
    assert clean(fields.DateField(NAME), typed) == (date(2026, 12, 1), [])


@pytest.mark.parametrize("typed", ["2026-02-30", "あした", "12/1"])
def test_a_day_that_is_none_comes_back_as_it_was_typed(typed) -> None:
    form = form_with(fields.DateField(NAME))({"value": typed})
    assert not form.is_valid()
    assert typed in form.errors["value"][0]
    assert shown_value(form["value"]) == typed
    assert input_type(form["value"]) == ("date" if typed == "2026-02-30" else "text")


def test_bounds_of_days_follow_the_clock(clock) -> None:
    field = fields.DateField(NAME, earliest=kernel_clock.today)
    assert clean(field, "2026-11-20") == (date(2026, 11, 20), [])
    clock.move(days=1)
    assert clean(field, "2026-11-20") == (None, ["2026年11月21日(土)以降の日付にしてください。"])


@pytest.mark.parametrize(("typed", "number"), [("３", 3), ("1,000", 1000), (" 7 ", 7)])
def test_numbers_are_understood_in_full_width(typed, number) -> None:
    assert clean(fields.NumberField(NAME, minimum=1, maximum=1000), typed) == (number, [])


@pytest.mark.parametrize("typed", ["0", "1001", "三", "1.5", "9" * 40])
def test_numbers_out_of_bounds_are_told_with_the_bounds(typed) -> None:
    value, errors = clean(fields.NumberField(NAME, minimum=1, maximum=1000, unit=Text("字", "")), typed)
    assert value is None
    assert "1から1,000字まで" in errors[0]


def test_a_choice_that_was_not_offered_is_not_taken() -> None:
    field = fields.ChoiceField(NAME, choices=[("a", Text("ア", "A"))])
    assert clean(field, "a") == ("a", [])
    assert clean(field, "b")[1] == ["選べるものの中から選んでください。"]
    assert clean(field, "")[1] == ["選んでください。"]


def test_many_choices_come_in_the_order_they_are_offered() -> None:
    field = fields.ManyChoicesField(NAME, choices=[("a", "A"), ("b", "B")], maximum=1, required=False)
    form = form_with(field)
    assert clean(field, ["zzz"]) == ([], [])
    assert form({"value": ["b", "a"]}).errors["value"] == ["1つまで選べます(いま2つ)。"]


def test_agreeing_is_agreeing() -> None:
    assert clean(fields.AgreeField(NAME), "on") == (True, [])
    assert clean(fields.AgreeField(NAME), "")[1] == ["続けるにはチェックを入れてください。"]
    assert clean(fields.AgreeField(NAME, required=False), "") == (False, [])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"x", "PDF, PNGのどれか"),
        ("a.pdf", b"", "空です"),
        ("a.pdf", b"x" * 2000, "MBまで"),
        ("a.PDF", b"x", ""),
    ],
)
def test_a_file_is_asked_for_its_size_and_kind(name, content, words) -> None:
    form = form_with(fields.UploadField(NAME, endings=["pdf", "png"], maximum_bytes=1024))(
        {}, {"value": SimpleUploadedFile(name, content)}
    )
    assert form.is_valid() is not bool(words)
    assert words in "".join(form.errors.get("value", [""]))


def test_what_the_service_says_is_shown_at_the_field_of_that_name() -> None:
    form = form_with(fields.AmountField(NAME))({"value": "5000"})
    assert form.is_valid()
    assert form.status == 200
    with form.merging({"price_yen": "value"}):
        raise InputError({"price_yen": [Text("高すぎます", "Too much")], "elsewhere": [Text("全体", "Whole")]})
    assert form.errors["value"] == ["高すぎます"]
    assert form.non_field_errors() == ["全体"]
    assert form.status == 422
    assert shown_value(form["value"]) == "5000"
    with use_language("en"):
        assert form.errors["value"] == ["Too much"]


def test_a_field_points_at_its_hint_and_its_errors() -> None:
    form = form_with(fields.TextField(NAME, hint=Text("ヒント", "Hint")))({"value": ""})
    form.is_valid()
    attributes = input_attributes(form["value"])
    assert attributes["aria-describedby"] == "f-value-hint f-value-errors"
    assert attributes["aria-invalid"] == "true"
    assert attributes["aria-required"] == "true"


@pytest.mark.parametrize(
    ("posted", "key"), [({}, None), ({"idempotency_key": "k"}, "k"), ({"idempotency_key": "k" * 65}, None)]
)
def test_the_idempotency_key_is_taken_when_it_can_be_one(posted, key) -> None:
    assert posted_key(posted) == key
