"""Staff and members' accounts over HTTP: what is wrong is seen, said beforehand, done, told and recorded."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.flows.test_contract_pages import as_member
from tests.service.accounts.conftest import PASSWORD, Join

from kotowari.accounts import tasks
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Lock, Member, Restriction, RiskCase, Session, SignInRecord
from kotowari.accounts.services import appoint_staff, lock_account, raise_risk, restrict, sign_in
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def suzuki(clock: MovableClock, join: Join) -> Member:
    return appoint_staff(actor=SYSTEM, member_id=join("unei_one", display_name="運営 鈴木").pk)


@pytest.fixture
def staff(suzuki: Member) -> Client:
    return as_member(suzuki)


@pytest.fixture
def hanako(clock: MovableClock, join: Join) -> Member:
    return join()


def page(browser: Client, address: str, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.mark.rule("A016", "A063")
def test_staff_see_why_somebody_cannot_come_in_and_open_the_lock(
    staff: Client, hanako: Member, clock: MovableClock
) -> None:
    browser = Client()
    browser.post("/login/", {"login": hanako.username, "password": "wrong"})
    lock_account(actor=SYSTEM, member_id=hanako.pk, until=clock.moment + timedelta(minutes=40), tries=20)
    browser.post("/login/", {"login": hanako.username, "password": PASSWORD})
    address = f"/console/members/{hanako.pk}/"
    seen = page(staff, address)
    for words in ("ロック中", "間違いが20回", "パスワードが違いました", "この1週間で1回目", hanako.email):
        assert words in seen, words
    row = Lock.objects.get()
    done = staff.post(f"/console/locks/{row.pk}/end/")
    assert (done.status_code, done["Location"]) == (303, address)
    assert "ロックも制限もありません" in page(staff, address)
    assert browser.post("/login/", {"login": hanako.username, "password": PASSWORD}).status_code == 302
    assert AuditEntry.objects.filter(kind="accounts.unlocked", subject_id=hanako.pk).count() == 1
    assert staff.post(f"/console/locks/{row.pk}/end/").status_code == 409


@pytest.mark.rule("A123", "A124", "A125", "A126")
def test_a_freeze_is_shown_as_the_member_will_read_it_before_it_is_made(
    staff: Client, hanako: Member, suzuki: Member
) -> None:
    mine = as_member(hanako)
    address = f"/console/members/{hanako.pk}/freeze/"
    asked = page(staff, address)
    for cause in ("利用規約違反による凍結", "複数アカウントによる凍結", "誹謗中傷による凍結"):
        assert cause in asked
    given = {"cause": "defamation", "explanation": "11月1日のメッセージで、相手の名誉を傷つけた。", "until": "14"}
    assert staff.post(address, {**given, "explanation": ""}).status_code == 422
    too_long = staff.post(address, {**given, "until": "91"})
    assert too_long.status_code == 422
    assert "1から90日まで" in too_long.content.decode()
    preview = staff.post(address, given).content.decode()
    for words in ("本人が読む言葉", given["explanation"], "A125", "(異議申立てのページ)"):
        assert words in preview, words
    assert not Restriction.objects.exists(), "seeing the words freezes nobody"
    back = staff.post(address, {**given, "edit": "1"}).content.decode()
    assert given["explanation"] in back
    assert "本人が読む言葉を確かめる" in back
    assert staff.post(address, {**given, "confirmed": "1"}).status_code == 303
    assert mine.get("/my/").status_code == 302, "signed out at once"
    notice = Notice.objects.get(member=hanako, kind="accounts.restricted")
    row = Restriction.objects.get()
    assert given["explanation"] in notice.body.ja
    assert f"/appeals/{row.pk}/" in notice.body.ja
    seen = page(staff, f"/console/members/{hanako.pk}/")
    assert "運営 鈴木" in seen
    assert "誹謗中傷による凍結" in seen
    again = staff.post(address, {**given, "confirmed": "1"})
    assert again.status_code == 409
    assert "すでに同じ理由で制限されています" in again.content.decode()


def test_a_restriction_is_lifted_with_a_reason_and_only_that_one(
    staff: Client, suzuki: Member, hanako: Member, clock: MovableClock
) -> None:
    until = clock.moment + timedelta(days=5)
    first, second = (
        restrict(actor=suzuki, member_id=hanako.pk, cause=cause, until=until, explanation="確認された事実")
        for cause in ("terms_breach", "multiple_accounts")
    )
    address = f"/console/restrictions/{first.pk}/lift/"
    assert "確認された事実" in page(staff, address)
    assert staff.post(address, {"because": " "}).status_code == 422
    assert staff.post(address, {"because": "別の方の行為と分かりました。"}).status_code == 303
    seen = page(staff, f"/console/members/{hanako.pk}/")
    assert "別の方の行為と分かりました。" in seen
    assert f"/console/restrictions/{second.pk}/lift/" in seen
    refused = page(staff, address)
    assert "この制限は、すでに終わっています" in refused
    assert 'name="because"' not in refused


@pytest.mark.rule("A130")
def test_a_new_password_is_required_and_sessions_end_from_the_console(staff: Client, hanako: Member) -> None:
    mine = as_member(hanako)
    assert staff.post(f"/console/members/{hanako.pk}/end-sessions/").status_code == 303
    assert mine.get("/my/").status_code == 302
    address = f"/console/members/{hanako.pk}/new-password/"
    assert staff.post(address, {"because": ""}).status_code == 422
    assert staff.post(address, {"because": "漏えいした一覧に同じパスワードがありました。"}).status_code == 303
    hanako.refresh_from_db()
    assert hanako.password_void_since
    assert "すでに使えなくなっています" in page(staff, address)
    assert "本人の再設定を待っています" in page(staff, f"/console/members/{hanako.pk}/")


def test_what_staff_may_not_do_to_themselves_is_disabled_with_the_reason(staff: Client, suzuki: Member) -> None:
    seen = page(staff, f"/console/members/{suzuki.pk}/")
    assert seen.count("自分自身のアカウントのことは、ほかの担当者が行います") >= 3
    for path in ("freeze", "new-password"):
        shown = page(staff, f"/console/members/{suzuki.pk}/{path}/")
        assert "ほかの担当者が行います" in shown
    assert staff.post(f"/console/members/{suzuki.pk}/new-password/", {"because": "x"}).status_code == 403
    assert Session.objects.filter(member=suzuki).exists()


@pytest.mark.rule("A019")
def test_the_risk_queue_shows_the_case_beside_its_account_and_leads_on_to_the_next(
    staff: Client, hanako: Member, join: Join, clock: MovableClock
) -> None:
    assert "いま確認を待つものはありません" in page(staff, "/console/risks/")
    first = raise_risk(
        actor=SYSTEM, kind="repeated_locks", member_id=hanako.pk, facts={"level": 3, "tries": 22, "hidden": "x"}
    )
    clock.move(hours=1)
    second = raise_risk(actor=SYSTEM, kind="not_me", member_id=join("jiro").pk, facts={})
    assert "危険の知らせ" in page(staff, "/console/")
    listed = page(staff, "/console/risks/")
    assert listed.index(str(first.pk)) < listed.index(str(second.pk))
    address = f"/console/risks/{first.pk}/"
    seen = page(staff, address)
    for words in ("ロックのくり返し", "22", "確認の期限", f"/console/members/{hanako.pk}/freeze/?case={first.pk}"):
        assert words in seen, words
    frozen = staff.post(
        f"/console/members/{hanako.pk}/freeze/",
        {"cause": "takeover_suspected", "explanation": "x", "until": "3", "confirmed": "1", "case": str(first.pk)},
    )
    assert frozen["Location"] == address, "back to the matter that led there"
    assert staff.post(address, {"conclusion": ""}).status_code == 422
    closed = staff.post(address, {"conclusion": "乗っ取りの疑いで凍結した。"})
    assert closed["Location"] == f"/console/risks/{second.pk}/"
    assert RiskCase.objects.get(pk=first.pk).state == "closed"
    assert "乗っ取りの疑いで凍結した。" in page(staff, address)
    assert staff.post(address, {"conclusion": "x"}).status_code == 409
    assert str(first.pk) in page(staff, "/console/risks/", show="")
    staff.post(f"/console/risks/{second.pk}/", {"conclusion": "本人と確認した。"})
    assert staff.get("/console/risks/?after=zzz").status_code == 200


def test_members_reach_none_of_it(staff: Client, hanako: Member, join: Join, clock: MovableClock) -> None:
    row = lock_account(actor=SYSTEM, member_id=hanako.pk, until=clock.moment + timedelta(minutes=40), tries=20)
    hold = restrict(actor=hanako, member_id=hanako.pk, cause="not_me", until=clock.moment + timedelta(days=5))
    case = raise_risk(actor=SYSTEM, kind="repeated_locks", member_id=hanako.pk, facts={})
    before = (Restriction.objects.count(), AuditEntry.objects.count(), Notice.objects.count())
    for browser in (as_member(hanako), as_member(join("tanin"))):
        counted = AuditEntry.objects.count()
        for path in (
            f"members/{hanako.pk}/freeze/",
            f"members/{hanako.pk}/new-password/",
            f"members/{hanako.pk}/end-sessions/",
            f"restrictions/{hold.pk}/lift/",
            f"locks/{row.pk}/end/",
            f"risks/{case.pk}/",
        ):
            answer = browser.post(f"/console/{path}", {"because": "x", "conclusion": "x"})
            assert answer.status_code == 403, path
            assert "ここは運営の担当者の画面です" in answer.content.decode()
        assert AuditEntry.objects.count() == counted
    assert Restriction.objects.count() == before[0]


def test_the_pages_speak_english(staff: Client, hanako: Member, clock: MovableClock) -> None:
    staff.cookies["language"] = "en"
    lock_account(actor=SYSTEM, member_id=hanako.pk, until=clock.moment + timedelta(minutes=40), tries=20)
    hold = restrict(actor=hanako, member_id=hanako.pk, cause="not_me", until=clock.moment + timedelta(days=5))
    case = raise_risk(actor=SYSTEM, kind="repeated_locks", member_id=hanako.pk, facts={"level": 3})
    for path in (
        f"members/{hanako.pk}/",
        f"members/{hanako.pk}/freeze/",
        f"members/{hanako.pk}/new-password/",
        f"restrictions/{hold.pk}/lift/",
        f"risks/{case.pk}/",
        "risks/",
    ):
        assert 'lang="en"' in page(staff, f"/console/{path}")
    preview = staff.post(
        f"/console/members/{hanako.pk}/freeze/", {"cause": "defamation", "explanation": "facts", "until": "3"}
    )
    assert "What the member will read" in preview.content.decode()


@pytest.mark.rule("A019", "A130")
def test_an_attack_names_the_accounts_it_opened_and_leads_to_new_passwords_for_them(
    staff: Client, suzuki: Member, hanako: Member, clock: MovableClock
) -> None:
    for n in range(30):
        SignInRecord.objects.create(
            way="password", outcome="wrong", label="curl", network="203.0.113.0/24", at=clock.moment
        )
        clock.move(seconds=n)
    sign_in(actor=hanako, way="password", caller=Caller(network="203.0.113.0/24", label="curl"))
    tasks.sound_alarm()
    case = RiskCase.objects.get()
    address = f"/console/risks/{case.pk}/"
    seen = page(staff, address)
    for words in ("パスワードリスト攻撃の疑い", "203.0.113.0/24", hanako.display_name, "はじめての端末から"):
        assert words in seen, words
    form = page(staff, "/console/forced-resets/new/", case=str(case.pk))
    assert hanako.username in form
    given = {"audience": "chosen", "names": hanako.username, "reason_ja": "攻撃がありました。", "reason_en": ""}
    assert staff.post("/console/forced-resets/new/", {**given, "names": ""}).status_code == 422
    unknown = staff.post("/console/forced-resets/new/", {**given, "names": "daremo"})
    assert unknown.status_code == 422
    assert "見つからない会員" in unknown.content.decode()
    oneself = staff.post("/console/forced-resets/new/", {**given, "names": f"{hanako.username} {suzuki.username}"})
    assert "自分自身は選べません" in oneself.content.decode()
    preview = staff.post("/console/forced-resets/new/", given).content.decode()
    assert "会員が読む言葉" in preview
    assert "攻撃がありました。" in preview
    done = staff.post("/console/forced-resets/new/", {**given, "confirmed": "1"})
    assert "進行中" in page(staff, done["Location"])
    tasks.run_rounds()
    assert "完了" in page(staff, done["Location"])
    hanako.refresh_from_db()
    assert hanako.password_void_since
    assert "1人" in page(staff, "/console/forced-resets/")


@pytest.mark.rule("A130")
def test_a_reset_of_everybody_waits_on_the_desk_for_another_of_staff(
    staff: Client, suzuki: Member, hanako: Member, join: Join
) -> None:
    given = {"audience": "everybody", "names": "", "reason_ja": "鍵が漏れました。", "reason_en": "Keys leaked."}
    assert "別の担当者が承認すると始まります" in staff.post("/console/forced-resets/new/", given).content.decode()
    address = staff.post("/console/forced-resets/new/", {**given, "confirmed": "1"})["Location"]
    own = page(staff, address)
    assert "依頼した人とは別の担当者が承認します" in own
    assert staff.post(address, {"act": "approve"}).status_code == 403
    assert staff.post(address, {"act": "destroy"}).status_code == 404
    other = as_member(appoint_staff(actor=SYSTEM, member_id=join("unei_two").pk))
    assert "全員の強制再設定" in page(other, "/console/")
    assert other.post(address, {"act": "approve"}).status_code == 303
    while tasks.run_rounds():
        pass
    hanako.refresh_from_db()
    assert hanako.password_void_since
    assert other.get("/console/").status_code == 302, "staff too set a new password"
