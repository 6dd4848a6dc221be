"""A lost second factor in a real browser: stopped by one press of whoever still has it, and gone through to its end."""

import re

import pytest
from tests.browser.conftest import Comes, Person
from tests.conftest import MovableClock
from tests.service.accounts.factors import with_app, with_telephone

from kotowari.accounts.models import Factor, FactorRecovery, Member, Restriction
from kotowari.accounts.services import register_member
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import run_all_due
from kotowari.foundation.models import MailboxMessage, OutgoingMail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery staple"
ANSWERS = {
    "happened": "電話を水に落としました。",
    "joined": "2026年の秋",
    "last_use": "昨日、自宅のパソコン",
    "dealings": "パンフレットの英訳",
}
BY_MAIL, CASE, CANCEL = "/login/recovery/start/", "/login/recovery/case/", "/login/recovery/cancel/"


def made(username: str, *, is_staff: bool = False) -> Member:
    member: Member = register_member(
        actor=SYSTEM, username=username, display_name=username, email=f"{username}@example.jp", password=PASSWORD
    )
    if is_staff:
        Member.objects.update_or_create(pk=member.pk, defaults={"is_staff": True})
    return Member.objects.get(pk=member.pk)


@pytest.fixture
def taro(clock: MovableClock) -> Member:
    member = made("taro")
    with_app(member)
    with_telephone(member)
    return member


def settle() -> None:
    run_all_due()
    while outbox.deliver_waiting():
        pass


def link(path: str, *, in_text: bool = False) -> str:
    """The newest link to this page, in the mails or in the text messages that were sent."""
    sent = MailboxMessage.objects.filter(channel="sms") if in_text else OutgoingMail.objects.all()
    for each in sent.order_by("-id"):
        if found := re.search(rf"http://[^/]+({path}\S+)", each.body):
            return found[1]
    raise AssertionError(f"nothing with {path}")


def signs_in(person: Person) -> Person:
    return person.open("/login/").fill(login="taro", password=PASSWORD).press("ログインする")


def two_of_staff_approve(comes: Comes) -> None:
    path = f"/console/recoveries/{FactorRecovery.objects.get().pk}/"
    first, second = (comes(made(name, is_staff=True), width=width) for name, width in (("ichiro", 1440), ("jiro", 360)))
    first.open("/console/recoveries/").sees("taro").open(path).sees(*ANSWERS.values())
    approves(first).sees("もう1人の承認を待ちます", "2人目の確認待ち")
    assert first.page.get_by_role("button", name="本人と認める").get_attribute("aria-disabled") == "true"
    approves(second.open(path)).sees("確認期間を始め、本人に知らせました")


def approves(staff: Person) -> Person:
    return staff.unfold("本人と認める").press("本人と認める", within="#decide .confirm form")


@pytest.mark.rule("A016", "A114", "P013")
@pytest.mark.parametrize("width", [360, 1440])
def test_with_the_password_and_stopped_by_the_link_in_the_text_message(
    comes: Comes, taro: Member, clock: MovableClock, width: int
) -> None:
    stranger = signs_in(comes(width=width)).sees("二段階認証").press("どれも使えないとき")
    stranger.press("二段階認証の復旧を始める").sees("あなたの番です")
    code = re.search(r"\b\d{6}\b", OutgoingMail.objects.filter(subject__contains="復旧の確認コード").latest("id").body)
    assert code
    stranger.fill(code=code[0], **ANSWERS).press("説明を送る").sees("説明を送りました", "1人目の確認待ち")
    two_of_staff_approve(comes)
    stranger.open(CASE).sees("確認期間")
    settle()

    clock.move(hours=30)
    settle()
    owner = comes(width=width)  # not signed in
    owner.open(link(CANCEL, in_text=True)).sees("ここで取りやめてください").press("復旧を取りやめる")
    owner.sees("復旧を取りやめました")
    clock.move(days=5)
    settle()
    assert Factor.objects.filter(member=taro).count() == 2
    stranger.open(CASE).sees("取りやめ", "もう一度始める")


@pytest.mark.rule("A114", "A121", "P013")
@pytest.mark.parametrize("width", [360, 1440])
def test_by_mail_with_a_question_to_its_end_and_in_again(
    comes: Comes, taro: Member, clock: MovableClock, width: int
) -> None:
    owner = comes(width=width).open("/login/recovery/")
    owner.fill(login="taro@example.jp").press("リンクを送る").sees("登録されたメールアドレス")
    settle()
    owner.open(link(BY_MAIL)).press("二段階認証の復旧を始める").sees("あなたの番です")
    closed, owner = owner, comes(width=width)
    closed.page.close()
    owner.open(link(CASE)).fill(**ANSWERS).press("説明を送る")
    staff = comes(made("saburo", is_staff=True), width=width)
    staff.open(f"/console/recoveries/{FactorRecovery.objects.get().pk}/")
    staff.fill(words="最初の取引の相手は?").press("本人にたずねる").sees("質問を送りました")
    owner.open(link(CASE)).sees("最初の取引の相手は?").fill(words="みほん商事").press("返事を送る").sees(
        "返事を送りました"
    )
    two_of_staff_approve(comes)
    for _ in range(12):
        clock.move(hours=6)
        settle()
    owner.open(CASE).sees("復旧済み").press("ログインする")
    signs_in(owner).sees("マイページ")
    held = Restriction.objects.get(member=taro)
    assert (held.cause, held.scope) == ("factor_reset", ["payout_destination"])
    owner.open("/my/bank-account/").sees("二段階認証を復旧したばかりです")
