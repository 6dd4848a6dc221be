"""A frozen member contests the freeze from the mail, without signing in; somebody else of staff answers."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.flows.test_contract_pages import as_member
from tests.service.accounts.conftest import PASSWORD, Join

from kotowari.accounts import authentication
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Member, Restriction
from kotowari.accounts.services import appoint_staff, restrict
from kotowari.enforcement.models import Appeal
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import OutgoingMail
from kotowari.kernel.errors import Refused

pytestmark = pytest.mark.django_db
NOWHERE = "/appeals/00000000-0000-7000-8000-000000000000/"


@pytest.fixture
def maker(clock: MovableClock, join: Join) -> Member:
    return appoint_staff(actor=SYSTEM, member_id=join("unei_one", display_name="運営 鈴木").pk)


@pytest.fixture
def other(clock: MovableClock, join: Join) -> Member:
    return appoint_staff(actor=SYSTEM, member_id=join("unei_two", display_name="運営 佐藤").pk)


@pytest.fixture
def hanako(clock: MovableClock, join: Join) -> Member:
    return join()


@pytest.fixture
def freeze(maker: Member, hanako: Member, clock: MovableClock) -> Restriction:
    return restrict(
        actor=maker,
        member_id=hanako.pk,
        cause="multiple_accounts",
        until=clock.moment + timedelta(days=30),
        explanation="同じ口座が2つのアカウントに登録されていました。",
    )


def address_in_mail(member: Member) -> str:
    body = OutgoingMail.objects.filter(to=member.email, body__contains="/appeals/").latest("id").body
    found = re.search(r"https?://[^/\s]+(/appeals/[^\s]+)", body)
    assert found, body
    return found[1]


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


@pytest.mark.rule("A123", "A126", "A127", "A128")
def test_from_the_mail_to_the_answer_without_signing_in(
    freeze: Restriction, hanako: Member, maker: Member, other: Member
) -> None:
    visitor, address = Client(), address_in_mail(hanako)
    seen = page(visitor, address)
    for words in (
        "複数アカウントによる凍結",
        "同じ口座が2つの",
        "A125",
        "12月20日",
        "ログイン",
        "出金",
        "運営の担当者",
    ):
        assert words in seen, words
    assert "運営 鈴木" not in seen, "staff are not named"
    key = address.partition("?key=")[2]
    assert visitor.post(freeze_page(freeze), {"key": key, "statement": ""}).status_code == 422
    sent = visitor.post(
        freeze_page(freeze), {"key": key, "statement": "妻の口座です。", "evidence": "世帯の証明を出せます。"}
    )
    assert sent.status_code == 303
    assert "key=" in sent["Location"], "the way stays open to who cannot sign in"
    waiting = page(visitor, sent["Location"])
    for words in ("別の担当者が確認", "運営の回答を待っています", "妻の口座です。", "あと"):
        assert words in waiting, words
    assert 'name="statement"' not in waiting
    appeal = Appeal.objects.get()
    case = f"/console/appeals/{appeal.pk}/"
    own = page(as_member(maker), case)
    assert "この制限を決めたのはあなたです" in own
    assert 'name="answer"' not in own
    assert as_member(maker).post(case, {"act": "grant", "answer": "x"}).status_code == 403
    staff = as_member(other)
    assert "異議申立て" in page(staff, "/console/")
    assert hanako.display_name in page(staff, "/console/appeals/")
    assert "妻の口座です。" in page(staff, case)
    assert staff.post(case, {"act": "grant", "answer": ""}).status_code == 422
    assert staff.post(case, {"answer": "x"}).status_code == 404
    assert staff.post(case, {"act": "uphold", "answer": "証明が届きませんでした。"}).status_code == 303
    assert "証明が届きませんでした。" in page(visitor, address)
    assert staff.post(case, {"act": "grant", "answer": "x"}).status_code == 409
    assert str(appeal.pk) in page(staff, "/console/appeals/?show=")


def freeze_page(row: Restriction) -> str:
    return f"/appeals/{row.pk}/"


@pytest.mark.rule("A128")
def test_the_whole_record_is_one_file_without_keys_and_without_names_of_staff(
    freeze: Restriction, hanako: Member, other: Member, maker: Member
) -> None:
    visitor, address = Client(), address_in_mail(hanako)
    key = address.partition("?key=")[2]
    visitor.post(freeze_page(freeze), {"key": key, "statement": "妻の口座です。", "evidence": "世帯の証明"})
    appeal = Appeal.objects.get()
    as_member(other).post(f"/console/appeals/{appeal.pk}/", {"act": "uphold", "answer": "確かめました。"})
    sent = visitor.get(f"{freeze_page(freeze)}file/", {"key": key})
    assert sent["Content-Type"] == "text/plain; charset=utf-8"
    assert "attachment" in sent["Content-Disposition"]
    text = sent.content.decode()
    for words in (
        hanako.display_name,
        "同じ口座が2つの",
        "妻の口座です。",
        "世帯の証明",
        "確かめました。",
        "制限を決めた人とは別の運営の担当者",
        "異議申立てを受け付けました",
        str(freeze.pk),
    ):
        assert words in text, words
    for secret in ("key=", maker.display_name, other.display_name):
        assert secret not in text, secret
    visitor.cookies["language"] = "en"
    assert "The whole record of a restriction" in visitor.get(f"{freeze_page(freeze)}file/?key={key}").content.decode()


@pytest.mark.rule("A129")
def test_a_granted_appeal_lets_the_member_in_at_once(freeze: Restriction, hanako: Member, other: Member) -> None:
    browser, address = Client(), address_in_mail(hanako)
    credentials = {"login": hanako.username, "password": PASSWORD}
    assert browser.post("/login/", credentials).status_code == 422
    browser.post(freeze_page(freeze), {"key": address.partition("?key=")[2], "statement": "妻の口座です。"})
    staff = as_member(other)
    staff.post(f"/console/appeals/{Appeal.objects.get().pk}/", {"act": "grant", "answer": "別の世帯員と確認しました。"})
    assert "誤りとして取り消されました" in page(browser, address)
    assert browser.post("/login/", credentials).status_code == 302
    member_view = page(staff, f"/console/members/{hanako.pk}/")
    assert "誤りとして取り消し" in member_view


@pytest.mark.rule("A126")
def test_the_owner_signed_in_sees_a_restriction_and_a_stranger_learns_nothing(
    hanako: Member, join: Join, maker: Member, freeze: Restriction, clock: MovableClock
) -> None:
    hold = restrict(actor=hanako, member_id=hanako.pk, cause="not_me", until=clock.moment + timedelta(days=5))
    mine = page(as_member(hanako), freeze_page(hold))
    assert "担当者の判断ではなく" in mine
    keys = ["", "x" * 400, address_in_mail(hanako).partition("?key=")[2][:-1]]
    for browser in (Client(), as_member(join("tanin")), as_member(maker)):
        for key in keys:
            there, nowhere = (browser.get(a, {"key": key}) for a in (freeze_page(freeze), NOWHERE))
            assert there.status_code == nowhere.status_code == 404
            assert "届いたメールのリンクの全体から" in there.content.decode()
            assert blank(there.content.decode(), freeze_page(freeze)) == blank(nowhere.content.decode(), NOWHERE)
        assert browser.post(freeze_page(freeze), {"statement": "x"}).status_code == 404
        assert browser.get(f"{freeze_page(freeze)}file/").status_code == 404
    assert not Appeal.objects.exists()


def blank(text: str, address: str) -> str:
    text = re.sub(r'(name="(csrfmiddlewaretoken|idempotency_key)" value|nonce)="[^"]*"', "", text)
    return text.replace(address, "HERE")


def test_the_key_of_one_restriction_opens_no_other(freeze: Restriction, maker: Member, join: Join) -> None:
    other = join("jiro")
    theirs = restrict(
        actor=maker, member_id=other.pk, cause="terms_breach", until=freeze.until, explanation="別の方のこと"
    )
    key = address_in_mail(other).partition("?key=")[2]
    assert Client().get(freeze_page(theirs), {"key": key}).status_code == 200
    assert Client().get(freeze_page(freeze), {"key": key}).status_code == 404


@pytest.mark.rule("A123")
def test_who_proves_by_another_way_is_led_to_the_appeal_with_the_key(freeze: Restriction, hanako: Member) -> None:
    with pytest.raises(Refused) as refused:
        authentication.require_entry(
            hanako, way="passkey", caller=Caller(network="192.0.2.0/24", label="Firefox / Linux")
        )
    appeal = refused.value.decision.blockers[0].appeal
    assert appeal is not None
    assert "複数アカウントによる凍結" in page(Client(), appeal.url)


def test_the_pages_speak_english(freeze: Restriction, hanako: Member, other: Member) -> None:
    address = address_in_mail(hanako)
    visitor, staff = Client(), as_member(other)
    visitor.cookies["language"] = staff.cookies["language"] = "en"
    assert "Contest this decision" in page(visitor, address)
    visitor.post(freeze_page(freeze), {"key": address.partition("?key=")[2], "statement": "x"})
    assert "Being looked at" in page(staff, "/console/appeals/")
    assert "Answer and reasons" in page(staff, f"/console/appeals/{Appeal.objects.get().pk}/")
