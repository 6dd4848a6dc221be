import re

import pytest
from django.template import engines
from django.test import RequestFactory
from markupsafe import Markup

from kotowari.kernel.text import Text, use_language
from kotowari.web import current, kit_samples
from kotowari.web.drawing import Cells, Column


def draw(source: str, **context) -> str:
    template = engines["jinja2"].env.from_string(source)
    with current.answering(RequestFactory().get("/kit/?q=a&after=0")):
        return template.render(context)


ACTION = '{% from "kit/action.html" import action_button, action_link, action_submit %}'


def test_an_allowed_button_posts_with_its_seal_and_its_key(clock) -> None:
    html = draw(ACTION + '{{ action_button(d, "/do/", fields={"n": "<1>"}) }}', d=kit_samples.decisions()["allowed"])
    assert '<form class="action" method="post" action="/do/">' in html
    assert 'name="csrfmiddlewaretoken"' in html
    assert re.search(r'name="idempotency_key" value="[0-9a-f-]{36}"', html)
    assert 'name="n" value="&lt;1&gt;"' in html
    assert "納品を検収する" in html


@pytest.mark.parametrize("macro", ["action_button(d, '/do/')", "action_link(d, '/do/')", "action_submit(d)"])
def test_a_refused_button_stays_focusable_and_is_described_by_its_reasons(clock, macro) -> None:
    html = draw(ACTION + "{{ " + macro + " }}", d=kit_samples.decisions()["two"])
    described = re.search(r'aria-disabled="true" aria-describedby="([\w-]+)"', html)
    assert described
    assert f'id="{described[1]}"' in html
    assert " disabled" not in html
    assert "/do/" not in html


def test_a_refusal_says_fact_remedy_clock_waiting_rule_and_version(clock) -> None:
    html = draw('{% from "kit/refusal.html" import refusal %}{{ refusal(d) }}', d=kit_samples.decisions()["two"])
    order = [
        "いまはできません",
        "(2件)",
        "進行中の契約が1件あります。",
        "「ロゴ制作」",
        "10月2日(金)から",
        "契約を終了または途中終了する",
        "相手の対応を待っています。",
        "遅くとも12月1日(火)の終わりに自動で終わります",
        "出金手続き中の報酬があります",
        "規則 A077・A082(2026-11-01版)",
        "自動の判定",
    ]
    places = [html.find(words) for words in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_a_decision_of_staff_says_so_and_offers_the_appeal(clock) -> None:
    html = draw('{% from "kit/refusal.html" import refusal %}{{ refusal(d) }}', d=kit_samples.decisions()["staff"])
    assert "担当者の判断" in html
    assert "異議を申し立てる" in html
    assert "12月4日(金)10:00まで" in html


@pytest.mark.parametrize(
    ("sample", "ja", "en"),
    [
        ("you", "あと1件でできます", "1 thing to settle first"),
        ("two", "12月1日(火)の終わりにできます", "Possible at the end of Tue 1 Dec"),
    ],
)
def test_the_folded_refusal_is_one_line(clock, sample, ja, en) -> None:
    source = '{% from "kit/refusal.html" import refusal_line %}{{ refusal_line(d) }}'
    assert ja in draw(source, d=kit_samples.decisions()[sample])
    with use_language("en"):
        assert en in draw(source, d=kit_samples.decisions()[sample])


def test_what_members_typed_is_escaped_wherever_it_is_drawn(clock) -> None:
    html = draw(
        '{% from "kit/card.html" import card, row %}{% from "kit/facts.html" import facts %}'
        '{% call row(x, "#") %}{% endcall %}{{ facts([(x, x)]) }}{{ x|paragraphs }}{{ t("{x}", "{x}", x=x) }}',
        x='<script>alert("1")</script>',
    )
    assert "<script" not in html


def test_a_link_may_stand_inside_a_sentence_and_the_rest_is_escaped() -> None:
    html = draw('{{ t("{a}と{b}", "{a} and {b}", a=a, b=b) }}', a=Markup("<a>x</a>"), b="<b>")
    assert html == "<a>x</a>と&lt;b&gt;"


def test_cells_carry_their_columns_label_and_kind() -> None:
    cell = Cells([Column(Text("名前", "Name")), Column(Text("金額", "Amount"), "money")])
    assert cell("<x>") == (
        '<th scope="row" role="rowheader" class="cell cell--text" data-label="名前">'
        '<div class="cell__value">&lt;x&gt;</div></th>'
    )
    assert 'class="cell cell--money" data-label="金額"' in cell("1")
    with pytest.raises(ValueError, match="more cells"):
        cell("2")


def test_the_pager_keeps_the_query_and_changes_the_cursor() -> None:
    source = '{% from "kit/pager.html" import pager %}{{ pager(page) }}'
    page = kit_samples.context()["page_first"]
    assert 'href="/kit/?q=a&amp;after=0"' in draw(source, page=page)
    assert 'href="/kit/?q=a"' in draw(source, page=kit_samples.context()["page_last"])


def test_money_is_drawn_in_both_languages() -> None:
    source = '{% from "kit/money.html" import money %}{{ money(-2200) }}'
    assert draw(source) == '<span class="money">−2,200<span class="money__unit">円</span></span>'
    with use_language("en"):
        assert draw(source) == '<span class="money">−¥2,200</span>'


def test_a_name_that_is_not_there_is_an_error_not_a_blank() -> None:
    with pytest.raises(Exception, match="nowhere"):
        draw("{{ nowhere }}")
