"""本名・法人名 over HTTP: registered on its page, through the API, and seen by staff with their looking recorded."""

import json
from typing import Any

import pytest
from django.test import Client
from tests import story
from tests.flows.test_api import Program

from kotowari.accounts.models import Member, RegisteredName
from kotowari.foundation.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A151")]
PAGE = "/my/name/"


def browser_of(member: Member) -> Client:
    return story.signed_in(member)


def test_a_name_is_registered_on_its_page_and_what_was_typed_stays() -> None:
    browser = browser_of(story.member("hanako"))
    seen = browser.get(PAGE).content.decode()
    assert "ほかの会員には見えず" in seen
    assert 'name="reason"' not in seen, "a first name needs none"
    wrong = browser.post(PAGE, {"name": "髙橋 花子", "kana": "髙橋", "idempotency_key": "a"})
    assert wrong.status_code == 422
    assert (
        "1文字目の「高」は使えません" in wrong.content.decode()
        or "1文字目の「髙」は使えません" in wrong.content.decode()
    )
    assert 'value="髙橋 花子"' in wrong.content.decode()
    done = browser.post(PAGE, {"name": "髙橋 花子", "kana": "たかはし はなこ", "idempotency_key": "b"}, follow=True)
    assert "タカハシ ハナコ" in done.content.decode()
    seen = browser.get(PAGE).content.decode()
    assert 'name="reason"' in seen
    typed = {"name": "佐藤 花子", "kana": "サトウ ハナコ", "idempotency_key": "c"}
    assert "変える理由" in browser.post(PAGE, typed).content.decode()
    assert browser.post(PAGE, {**typed, "reason": "changed", "idempotency_key": "d"}).status_code == 303
    assert "これまでの登録" in browser.get(PAGE).content.decode()


def test_a_company_is_asked_for_its_name_alone() -> None:
    firm = story.member("mihon")
    Member.objects.filter(pk=firm.pk).update(kind=Member.Kind.COMPANY, language="en")
    browser = browser_of(Member.objects.get(pk=firm.pk))
    seen = browser.get(PAGE).content.decode()
    assert "Name of the company" in seen
    assert "trade_name" not in seen
    typed = {"name": "株式会社みほん", "kana": "カブシキガイシャ ミホン", "idempotency_key": "a"}
    assert browser.post(PAGE, typed).status_code == 303


def test_a_program_reads_and_registers_the_name() -> None:
    program = Program(story.member("hanako"))
    nothing = program.get("/me/name").json()
    assert set(nothing.values()) == {None}
    put = program.signs_in().http.put(
        "/api/v1/me/name",
        json.dumps({"name": "山田 花子", "kana": "ヤマダ ハナコ"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.token}"},
    )
    assert put.status_code == 200, put.content
    assert program.get("/me/name").json()["kana"] == "ヤマダ ハナコ"


def test_staff_see_it_beside_the_member_and_their_looking_is_recorded(django_assert_max_num_queries: Any) -> None:
    hanako, staff = story.member("hanako"), story.member("kanri", is_staff=True)
    browser_of(hanako).post(PAGE, {"name": "山田 花子", "kana": "ヤマダ ハナコ", "idempotency_key": "a"})
    seen = browser_of(staff).get(f"/console/members/{hanako.pk}/").content.decode()
    assert "山田 花子(ヤマダ ハナコ)" in seen
    assert AuditEntry.objects.filter(actor_id=staff.pk, subject_id=hanako.pk).exists()
    assert "山田 花子" not in browser_of(story.member("other")).get("/members/hanako/").content.decode()
    assert RegisteredName.objects.count() == 1
