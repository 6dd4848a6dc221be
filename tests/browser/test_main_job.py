"""The main job through the pages, from signing up to the money in the bank: two members and one of the staff."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import Comes, Person
from tests.conftest import MovableClock
from tests.service.accounts.factors import app_code

from kotowari.accounts.models import Factor, Member
from kotowari.accounts.services import appoint_staff, register_member
from kotowari.contracts.models import Milestone
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import run_all_due
from kotowari.foundation.models import OutgoingMail
from kotowari.kernel import clock as kernel_clock
from kotowari.ledger.invariants import check_all
from kotowari.payments.demo_bank import Transfer, write_statement
from kotowari.payouts import zengin
from kotowari.payouts.models import Payout

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery staple"
CODE = re.compile(r"[A-Z]{4}-[A-Z]{4}")


def what_falls_due_happens() -> None:
    """What the worker process does all day: deliver what waits, run what is due."""
    while outbox.deliver_waiting() or run_all_due():
        pass


def signs_up(person: Person, username: str, name: str) -> Member:
    person.open("/").press("会員登録", within="header")
    person.fill(username=username, display_name=name, email=f"{username}@example.jp", password=PASSWORD)
    person.fill(terms="on", message_check="on").press("確認コードを受け取る")
    mail = OutgoingMail.objects.filter(to=f"{username}@example.jp").latest("id")
    code = CODE.search(mail.body)
    assert code, mail.body
    person.fill(code=code[0]).press("登録を終える").sees("会員登録が完了しました")
    return Member.objects.get(username=username)


def registers_her_account(worker: Person) -> None:
    worker.open("/my/bank-account/").press("登録する")
    worker.fill(name="山田 花子", kana="やまだ はなこ").press("本名・法人名を登録する").sees("ヤマダ ハナコ")
    worker.open("/my/rewards/").press("口座を登録する")
    worker.fill(bank="みほん").press("探す")
    worker.page.locator(".found a", has_text="9999").click()
    worker.look().fill(branch="えきまえ").press("探す")
    worker.page.locator(".found a", has_text="998").click()
    worker.look().fill(account_kind="1", account_number="９０００１２３", holder_kana="やまだ はなこ")
    worker.press("この口座を登録する").sees("口座を登録しました", "ﾔﾏﾀﾞ ﾊﾅｺ")


def posts_a_job(client: Person) -> str:
    today = kernel_clock.today()
    client.open("/jobs/").press("仕事を依頼する", within="body")
    client.fill(title="会社紹介パンフレットの英訳", category="translation", budget_min_yen="１０，０００円")
    client.fill(description="A4で8ページのパンフレットを英語に翻訳してください。", budget_max_yen="5万")
    client.fill(apply_until_on=str(today + timedelta(days=10)), due_on=str(today + timedelta(days=30)))
    client.fill(poster_name="株式会社みほん商事", poster_address="東京都千代田区見本町1-2-3")
    client.fill(poster_contact="hello@example.com", rights="transfer", inspection_days="7")
    client.press("仕事を募集する").sees("仕事を募集しました")
    return client.page.url.removeprefix(client.address)


def proposes(worker: Person, job: str) -> None:
    worker.open("/jobs/?q=英訳")
    worker.page.locator(f'main a[href="{job}"]').first.click()
    worker.page.wait_for_url(f"**{job}")
    worker.look().fill(message="御社の製品をよく知っています。")
    worker.put("milestones.0.title", "全文の英訳")
    worker.put("milestones.0.price_yen", "30,000")
    worker.put("milestones.0.due_on", str(kernel_clock.today() + timedelta(days=20)))
    worker.press("応募する", within="#propose").sees("応募しました")


def hires(client: Person, job: str) -> Milestone:
    client.open(job).press("契約の内容を確かめて採用する").sees("取引条件")
    with client.page.expect_navigation():
        client.page.locator("aside button[type=submit]").click()
    client.look().sees("仮払い")
    return Milestone.objects.get()


def delivers(worker: Person, milestone: Milestone, words: str) -> None:
    card = f"#milestone-{milestone.pk}"
    worker.open(f"/contracts/{milestone.contract_id}/").unfold("納品する", within=card)
    worker.fill(card, message=words, links="https://example.com/delivery.docx")
    worker.press("納品する", within=card).sees("納品しました", words)


def asks_for_changes(client: Person, milestone: Milestone) -> None:
    client.open(f"/contracts/{milestone.contract_id}/").unfold("修正を依頼する")
    client.fill(points="2ページ目の表記\n社名の綴り").press("修正を依頼する")
    client.sees("修正を依頼しました", "社名の綴り")


def accepts(client: Person, milestone: Milestone) -> None:
    client.open(f"/contracts/{milestone.contract_id}/")
    words = client.page.locator("summary.button--main").inner_text()
    client.unfold(words.strip()).press(words.strip()).sees("検収しました", "確定しました")


def imports_a_statement(staff: Person, folder: Path, transfer: Transfer) -> None:
    path = folder / "meisai.txt"
    path.write_bytes(write_statement([transfer]))
    staff.open("/console/deposits/")
    staff.page.locator("main input[type=file]").set_input_files(path)
    with staff.page.expect_navigation():
        staff.page.locator("#import button[type=submit]").click()
    staff.look().sees("1件を仮払いに充て")


def takes_the_file(staff: Person, payout: Payout) -> bytes:
    """Staff open the run, hand it over, and download the file."""
    staff.open("/console/").open("/console/payouts/").sees("12月15日")
    staff.page.locator(f'main a[href="/console/payouts/{payout.run_id}/"]').first.click()
    staff.page.wait_for_url(f"**{payout.run_id}/")
    staff.look().unfold("全銀ファイルを書き出す", within="#file")
    staff.press("全銀ファイルを書き出す", within="#file").sees("全銀ファイルを書き出しました")
    with staff.page.expect_download() as taken:
        staff.page.locator("#file").get_by_role("button", name="ダウンロードする").click()
    return Path(taken.value.path()).read_bytes()


def the_file_is_the_payout(content: bytes, payout: Payout) -> None:
    read = zengin.read(content)
    assert not read.errors
    (file,) = read.files
    (transfer,) = file.transfers
    assert file.header.transfer_on == payout.pays_on == date(2026, 12, 15)
    assert (transfer.bank_code, transfer.branch_code, transfer.account_number) == ("9999", "998", "9000123")
    assert (transfer.payee_name, transfer.amount_yen) == ("ﾔﾏﾀﾞ ﾊﾅｺ", payout.net_yen)


@pytest.mark.parametrize(("width", "way"), [(360, "bank"), (1440, "statement")])
def test_the_main_job_runs_through_the_pages(
    comes: Comes, clock: MovableClock, tmp_path: Path, width: int, way: str
) -> None:
    client, worker = comes(width=width), comes(width=width)
    signs_up(client, "kurai", "株式会社みほん")
    member = signs_up(worker, "hanako", "山田 花子")
    register_member(actor=SYSTEM, username="kanri", display_name="管理", email="kanri@example.jp", password=PASSWORD)
    appoint_staff(actor=SYSTEM, member_id=Member.objects.get(username="kanri").pk)
    staff = comes(width=width).open("/console/")
    staff.fill(login="kanri", password=PASSWORD).press("ログインする").sees("二段階認証")
    code = app_code(Factor.objects.get(member__username="kanri"))
    staff.fill(**{"totp.code": code}).press("確かめる").sees("運営")

    registers_her_account(worker)
    job = posts_a_job(client)
    proposes(worker, job)
    milestone = hires(client, job)
    client.open(f"/contracts/{milestone.contract_id}/").press(f"{milestone.client_pays_yen:,}円を仮払いする")
    client.sees(milestone.reference, f"{milestone.client_pays_yen:,}")
    if way == "bank":
        client.press("銀行が入金する").sees("入金を確認し")
    else:
        imports_a_statement(staff, tmp_path, Transfer(milestone.client_pays_yen, milestone.reference, "ミホンショウジ"))
    what_falls_due_happens()
    worker.open("/notices/").sees("仮払い")
    delivers(worker, milestone, "初稿です。")
    asks_for_changes(client, milestone)
    delivers(worker, milestone, "直しました。")
    accepts(client, milestone)
    milestone.refresh_from_db()
    worker.open("/my/rewards/").sees("次の出金", f"{milestone.worker_receives_yen:,}")

    clock.set(kernel_clock.end_of(date(2026, 11, 30)) + timedelta(minutes=30))
    what_falls_due_happens()
    payout = Payout.objects.get(member=member)
    assert payout.gross_yen == milestone.worker_receives_yen
    the_file_is_the_payout(takes_the_file(staff, payout), payout)
    worker.open("/my/rewards/").sees("振込の手続き中")

    clock.set(kernel_clock.start_of(payout.pays_on) + timedelta(hours=11))
    what_falls_due_happens()
    staff.open(f"/console/payouts/{payout.run_id}/").fill(settled_on="2026-12-15")
    with staff.page.expect_navigation():
        staff.page.locator("#settle button[type=submit]").click()
    staff.look().sees("振込の完了を記録しました")
    staff.open("/console/ledger/")
    what_falls_due_happens()
    worker.open("/my/rewards/").sees("これまでの締めと出金", f"{payout.net_yen:,}")
    assert worker.page.locator("#payouts").inner_text().count(f"{payout.net_yen:,}") == 1
    payout.refresh_from_db()
    assert payout.state == "settled"
    assert [result.detail for result in check_all() if not result.ok] == []
    for person in (client, worker):
        person.open("/my/").open("/my/can/").open("/contracts/").open("/threads/").open("/notices/")


def test_proposing_and_accepting_need_no_javascript(comes: Comes, clock: MovableClock) -> None:
    from tests import story

    client, worker = story.member("kurai"), story.member("hanako")
    job = story.job(client)
    buyer, maker = (comes(m, java_script_enabled=False) for m in (client, worker))
    for person in (buyer, maker):
        person.look = lambda person=person: person  # nothing can be measured without scripts
    maker.open(f"/jobs/{job.pk}/").fill(message="お任せください。")
    maker.put("milestones.0.title", "前半")
    maker.put("milestones.0.price_yen", "10000")
    maker.put("milestones.0.due_on", str(kernel_clock.today() + timedelta(days=9)))
    maker.press("区切りを増やす", within="#propose")
    assert maker.page.locator('[name="milestones.0.title"]').input_value() == "前半"
    maker.put("milestones.1.title", "後半")
    maker.put("milestones.1.price_yen", "20000")
    maker.put("milestones.1.due_on", str(kernel_clock.today() + timedelta(days=19)))
    maker.press("応募する", within="#propose").sees("応募しました", "後半")
    buyer.open(f"/jobs/{job.pk}/").press("契約の内容を確かめて採用する")
    with buyer.page.expect_navigation():
        buyer.page.locator("aside form button[type=submit]").click()
    first, second = Milestone.objects.order_by("position")
    for milestone in (first, second):
        story.fund(milestone)
    delivers(maker, first, "前半です。")
    accepts(buyer, first)
    first.refresh_from_db()
    assert (first.state, second.state) == ("accepted", "awaiting_funding")
    assert buyer.faults == maker.faults == []
    assert [result.detail for result in check_all() if not result.ok] == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_refusal_is_reached_by_key_and_read_with_its_button(comes: Comes, clock: MovableClock, language: str) -> None:
    from tests import story

    (milestone,) = story.milestones(story.contract())
    worker: Any = milestone.contract.worker
    worker.language = language
    worker.save()
    person = comes(worker, language=language).open(f"/contracts/{milestone.contract_id}/")
    button = person.page.locator("main button[aria-disabled=true]").first
    for _ in range(80):
        person.page.keyboard.press("Tab")
        if button.evaluate("b => document.activeElement === b"):
            break
    else:
        pytest.fail("the refused button is not reached by Tab")
    box = person.page.locator(f"#{button.get_attribute('aria-describedby')}")
    assert box.is_visible()
    assert ("仮払い" if language == "ja" else "escrow") in box.inner_text().lower()
    person.page.keyboard.press("Enter")
    assert person.page.url.endswith(f"/contracts/{milestone.contract_id}/")
    assert Milestone.objects.get().state == "awaiting_funding"
