"""Thousands of odd strings into every form, address and call: answered with what is wrong, never with a fault of ours."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as settings_of_django
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests import story
from tests.conftest import MovableClock
from tests.flows.test_api import a_posting
from tests.security.test_api_matrix import token_of
from tests.security.test_route_matrix import address_of, put_back, sign_in, state_of_affairs
from tests.security.world import ASKED_OF_OWNERS, PASSWORD, World
from tests.service.accounts.factors import with_app

import kotowari.config.urls  # noqa: F401 - registers every screen
from kotowari.accounts.check_up import AREAS
from kotowari.accounts.external.identity import Identity, keep
from kotowari.accounts.links import reset_path
from kotowari.accounts.mails import appeal_path
from kotowari.accounts.models import Factor, Member
from kotowari.accounts.recovery_words import case_path
from kotowari.accounts.scopes import SCOPES
from kotowari.accounts.services import start_recovery
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.ids import new_id
from kotowari.web.screens import SCREENS

pytestmark = pytest.mark.django_db

KNOWN = [
    "",
    " ",
    "　",
    "\x00",
    "a\x00b",
    "\x00' OR 1=1 --",
    "'; DROP TABLE ledger_journal; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "../../../../etc/passwd",
    "%s%s%n{0}{name}",
    "\u202eＲＴＬ\u202c\u2066x\u2069",
    "سلام עולם",
    "👩‍👩‍👧‍👦🏳️‍🌈🇯🇵",
    "か\u3099は\u309a" + "e\u0301" * 50,
    "Z" + "\u0335\u0316" * 400,
    "ＷＥＢ　１２３，４５６円",
    "ｶﾅ ｶﾞｷﾞ",
    "㍿①㌔ⅷ髙﨑𠮷",
    "\ufeff\u200b\u200d\u00ad",
    "\r\n\r\nSet-Cookie: a=b",
    "\x1b[31m\x07\x08",
    "あ" * 10_000,
    "x" * 100_000,
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "９２２３３７２０３６８５４７７５８０８",
    "0000-00-00",
    "9999-12-31",
    "２０２６年２月３０日",
    "00000000-0000-7000-8000-000000000000",
    "http://[",
    "https://例え.テスト/\x00",
    "javascript:alert(1)",
    "=cmd|'/c calc'!A1",
    "\ufffe\uffff\U0010ffff",
    "null",
    "[]",
]
ODD = st.one_of(
    st.sampled_from(KNOWN), st.text(max_size=60), st.text(st.characters(categories=["C", "M", "Z"]), max_size=12)
)
SURROGATES = st.sampled_from(["\ud800", "a\udfffb", "\ud83d"])
OFTEN = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def today_plus(days: int) -> str:
    return str(kernel_clock.today().fromordinal(kernel_clock.today().toordinal() + days))


def forms() -> dict[str, tuple[str, dict[str, str]]]:
    """Every form of the pages: who sends it, and what he would type."""
    posting = {k: str(v) for k, v in a_posting().items() if v is not None}
    posting |= {name: "no" for name in ("has_non_cash_payment", "is_recommission", "has_withholding")}
    part = {
        f"milestones.0.{k}": v for k, v in {"title": "全文", "price_yen": "10000", "due_on": today_plus(20)}.items()
    }
    sign_up = {"username": "atarashi2", "display_name": "新", "email": "a2@example.jp", "password": PASSWORD}
    account = {"bank_code": "9999", "branch_code": "998", "account_kind": "1", "account_number": "9000011"}
    yucho = {"by": "symbol", "yucho_symbol": "10530", "yucho_number": "123451", "confirmed": "yes"}
    question = {"topic": "money", "email": "b@example.com", "body": "いつですか", "tried": "waited", "result": "same"}
    question |= {
        "login": "hanako",
        "code": "a.b.c",
        "browser": "Chrome 142",
        "came_from": "/my/",
        "article": "passwords",
    }
    voiding = {"reason_ja": "漏えい", "reason_en": "A leak", "confirmed": "yes"}
    freezing = {"cause": "terms_breach", "confirmed": "yes", "case": ""}
    new_password = dict.fromkeys(("password", "password_again"), "seven gentle foxes dancing")
    registration = {"number": "T7123456789012", "name": "山田花子"}
    parts = ("introduction", "work_offered", "skills", "away_until")
    return {
        "job.new": ("client", {**posting, "stays_inside": "yes"}),
        "job.propose": ("stranger", {"message": "お任せください", **part}),
        "proposal.decline": ("client", {"reason": "other", "note": "今回は"}),
        "proposal.thread": ("worker", {"body": "よろしく"}),
        "milestone.deliver": ("worker", {"message": "納品", "links": "https://example.com/a"}),
        "milestone.changes": ("client", {"points": "誤字"}),
        "milestone.fund.demo": ("client", {"way": "exact"}),
        "contract.end": ("worker", {"reason": "other", "explanation": "事情"}),
        "contract.end.answer": ("worker", {"reason": "x"}),
        "my.profile": ("worker", dict.fromkeys(parts, "")),
        "my_settings": ("worker", {"display_name": "花子", "language": "ja"}),
        "my_settings_api": ("worker", {"name": "books", "scopes": "money:read"}),
        "account_prove": ("worker", {"kind": "password", "password.password": PASSWORD, "next": "/my/"}),
        "account_prove ": ("worker", {"kind": "totp", "totp.code": "123456", "next": "/my/"}),
        "account_login_passkey": ("visitor", {"answer": "{}", "remember": "on", "next": "/my/"}),
        "account_second_factor_send": ("visitor", {"factor": "x"}),
        "account_prove_send": ("worker", {"factor": "x", "next": "/my/"}),
        "account_recovery": ("visitor", {"login": "hanako"}),
        "account_recovery_case": ("visitor", {"code": "123456", **dict.fromkeys(ASKED_OF_OWNERS, "x")}),
        "console.recovery.ask": ("staff", {"words": "最初の取引は"}),
        "console.recovery.refuse": ("staff", {"because": "合いません"}),
        "my_settings_factor_confirm": ("worker", {"code": "123456"}),
        "my_settings_factor_rename": ("worker", {"name": "電話"}),
        "my_settings_factor_passkey": ("worker", {"name": "電話", "answer": "{}"}),
        "my_settings_factor_telephone": ("worker", {"number": "090-1234-5678"}),
        "account_second_factor": ("visitor", {"kind": "totp", "totp.code": "123456", "totp.trust": "on"}),
        "account_second_factor ": ("visitor", {"kind": "recovery", "recovery.code": "QDVF-8NDJ-2KXM"}),
        "rewards.method": ("worker", {"method": "standard"}),
        "my_name": ("worker", {"name": "山田 花子", "kana": "ヤマダ ハナコ", "trade_name": "店", "trade_kana": "ミセ"}),
        "bank_account": ("worker", {**account, "holder_kana": "ﾔﾏﾀﾞ ﾊﾅｺ"}),
        "bank_account.contest": ("worker", {"statement": "私の口座です"}),
        "console.holder": ("staff", {"act": "refuse", "reason": "別の方"}),
        "bank_account ": ("worker", {**yucho, "holder_kana": "ﾔﾏﾀﾞ ﾊﾅｺ"}),
        "account_signup": ("visitor", {**sign_up, "kind": "individual", "terms": "on", "message_check": "on"}),
        "account_signup_link": ("visitor", {"code": "BBBB-CCCC", "password": PASSWORD, "username": ""}),
        "account_login": ("visitor", {"login": "hanako", "password": PASSWORD, "next": "/my/"}),
        "account_reset_password": ("visitor", {"email": "hanako@example.jp"}),
        "account_reset_password_from_key": ("visitor", {"password": PASSWORD, "password_again": PASSWORD}),
        "language": ("worker", {"language": "ja", "next": "/"}),
        "console.deposit.send_back": ("staff", {"reason": "不明"}),
        "console.cancellation": ("staff", {"note": "確認"}),
        "console.card": ("staff", {"note": "請求なし"}),
        "console.dispute": ("staff", {"note": "確認"}),
        "console.card.refund": ("staff", {"outcome": "failed", "note": "返金なし"}),
        "console.deposit.processor": ("staff", {"processor": "fake", "fee_yen": "0"}),
        "console.run.file": ("staff", {"name": "x.txt"}),
        "console.run.settle": ("staff", {"settled_on": today_plus(0)}),
        "rewards.quick": ("worker", {"amount_yen": "5000"}),
        "console.expired": ("staff", {"reason": "誤り"}),
        "console.payout": (
            "staff",
            {"act": "cancel", "reason": "申し出", "explanation": "", "settled_on": today_plus(0)},
        ),
        "console.bank_line": ("staff", {"note": "手数料"}),
        "console.bank_line.book": ("staff", {"kind": "bank_fee_paid", "note": "11月分"}),
        "console.bank_line.reopen": ("staff", {"reason": "取り違え"}),
        "console.deposit.own": ("staff", {"kind": "own_funds_put_in", "note": "資金"}),
        "console.deposit.reopen": ("staff", {"reason": "取り違え"}),
        "contact": ("visitor", question),
        "contact ": ("worker", {**question, "email": "hanako@example.com"}),
        "contact.begin": (
            "visitor",
            {"topic": "cannot_sign_in", "login": "hanako", "code": "a.b.c", "from": "/login/"},
        ),
        "contact.answers": ("visitor", question),
        "contact.link": ("visitor", {"email": "hanako@example.com", "number": "QDVF-SNDJ"}),
        "contact.ticket": ("worker", {"body": "いつですか"}),
        "paper": ("worker", {"reason": "登録番号を載せるため"}),
        "papers.registration": ("worker", {**registration, "effective_on": today_plus(0)}),
        "papers.registration ": ("worker", {"act": "end", "effective_on": today_plus(0)}),
        "console.paper": ("staff", {"reason": "名前の訂正"}),
        "console.ticket": ("staff", {"act": "note", "body": "確認中"}),
        "appeal": ("visitor", {"statement": "書いていません", "evidence": "記録"}),
        "cannot_log_in": ("visitor", {"login": "hanako"}),
        "console.appeal": ("staff", {"act": "grant", "answer": "確認しました"}),
        "console.forced_reset.new": ("staff", {"audience": "chosen", "names": "hanako", **voiding}),
        "console.forced_reset.new ": ("staff", {"audience": "everybody", "names": "", **voiding}),
        "console.member.force_password": ("staff", {"because": "漏えい", "case": ""}),
        "console.member.freeze": ("staff", {"explanation": "書き込み", "until": "3", **freezing}),
        "console.restriction.lift": ("staff", {"because": "確認済み"}),
        "console.risk": ("staff", {"conclusion": "問題なし"}),
        "external_sign_up": ("visitor", {**sign_up, "kind": "individual", "terms": "on", "message_check": "on"}),
        "my_settings_login_address_add": ("worker", {"email": "hanako@home.example"}),
        "my_settings_login_address_prove": ("worker", {"code": "123456"}),
        "my_settings_login_password": ("worker", {"current": PASSWORD, **new_password}),
        "my_settings_login_username": ("worker", {"username": "hanako_2"}),
        "my_settings_privacy": ("worker", {"hides_last_login": "on", "shown": "skills"}),
        "security_check": ("worker", dict.fromkeys(AREAS, "right")),
        "sign_in_link": ("visitor", {"email": "hanako@example.com"}),
        **incident_forms(),
    }


def incident_forms() -> dict[str, tuple[str, dict[str, str]]]:
    """What staff write about faults of ours and changes of signing in."""
    both, minute = {"words_ja": "調査中", "words_en": "x"}, f"{today_plus(0)}T00:00"
    title = {"title_ja": "障害", "title_en": "x"}
    new = {**both, **title, "kind": "leak", "severity": "minor", "functions": "mail", "started_at": minute}
    found = {"act": "signed_in", "begins_at": minute, "ends_at": minute, "network": "203.0.113.0/24"}
    letter = {"data_ja": "住所", "data_en": "", "advice_ja": "確認", "advice_en": "", "act_on": today_plus(3)}
    days = {"takes_effect_on": today_plus(40), "old_until_on": today_plus(41)}
    change = {**both, **title, **days, "method": "sms", "provider": "", "guide_url": "/help/login-changes/"}
    return {
        "console.incident.new": ("staff", {**new, "is_public": "on", "next_minutes": "60"}),
        "console.incident": ("staff", {**both, "act": "update", "next_minutes": "60"}),
        "console.incident ": ("staff", {**both, "act": "recover", "ended_at": minute}),
        "console.incident  ": ("staff", found),
        "console.incident   ": ("staff", {"act": "name", "names": "hanako"}),
        "console.incident.tell": ("staff", letter),
        "console.login_change.new": ("staff", {**change, "confirmed": "1"}),
        "console.login_change": ("staff", {"because_ja": "延期", "because_en": ""}),
        "console.opening": ("staff", {"as_of": today_plus(-90), "amount_yen": "1000", "note": "通帳"}),
    }


PRESSED = {"job.close", "proposal.withdraw", "milestone.accept", "contract.hire", "account_logout", "demo.clock"}
PRESSED |= {
    "my_settings_api_revoke",
    "account_signup_verify",
    "account_signup_resend",
    "console.checks",
    "console.alarm",
}
PRESSED |= {"contact.settle", "rewards.revive"}
PRESSED |= {"console.reconciliation", "console.difference", "console.period"}
PRESSED |= {"milestone.card.start", "milestone.card.back", "console.card.ask", "console.dispute.ask"}
PRESSED |= {"my_settings_factor_app_begin", "my_settings_factor_remove", "my_settings_factor_resend"}
PRESSED |= {"my_settings_recovery_codes", "account_recovery_start", "account_recovery_code", "account_recovery_cancel"}
PRESSED |= {"console.recovery.approve"}
PRESSED |= {"console.deposits", "console.deposit.match", "console.closing", "console.run.make"}
PRESSED |= {
    "console.forced_reset",
    "console.lock.end",
    "console.member.end_sessions",
    "account_unlock",
    "address_undo",
    "external_back",
    "external_login",
    "external_unlinked",
    "my_settings_login_address_drop",
    "my_settings_login_address_primary",
    "my_settings_login_address_remove",
    "my_settings_login_address_resend",
    "my_settings_login_device_forget",
    "my_settings_login_end_all",
    "my_settings_login_end_others",
    "my_settings_login_external_confirm",
    "my_settings_login_external_link",
    "my_settings_login_external_unlink",
    "my_settings_login_session_end",
    "security_check.lift",
    "security_check.not_me",
    "security_check.report",
    "sign_in_link_open",
}
"""Forms that are a button, or take a file (which `tests/unit/payments` feeds with odd bytes)."""


def test_no_form_is_left_out(clock: MovableClock) -> None:
    known = {name.strip() for name in forms()}
    with_forms = {s.name for s in SCREENS.values() if "POST" in s.methods}
    assert with_forms - known - PRESSED == set(), "a form that gets no odd input"
    assert (known | PRESSED) - with_forms == set()


def told(name: str, sending: Callable[[], None]) -> list[str]:
    """What went wrong with one form, so that all of them are told at once."""
    try:
        sending()
    except AssertionError as error:
        return [f"{name}: {str(error)[:300]}"]
    except Exception as error:
        return [f"{name}: {type(error).__name__} {str(error)[:300]} {getattr(error, '__notes__', '')!s:.600}"]
    return []


def with_factor(name: str) -> Member:
    member = story.member(name)
    with_app(member)
    return member


def come_back_from_a_provider(browser: Client) -> None:
    """As somebody whom a provider told apart but for whose address it does not vouch."""
    request = RequestFactory().get("/")
    request.session = browser.session
    keep(request, Identity(provider="nowhere", subject="sub-1", email="a2@example.jp"))
    request.session.save()
    browser.cookies[settings_of_django.SESSION_COOKIE_NAME] = request.session.session_key


def sends_odd_forms(world: World, name: str, role: str, typed: dict[str, str]) -> Callable[[], None]:
    """Somebody who sends one form again and again, with some fields right and the others odd."""
    address, browser = address_of(SCREENS[name], world), Client()
    if world.people[role] is not None:
        sign_in(browser, world.people[role])
    if name == "account_second_factor":  # a sign-in that waits for it
        stranger = world.people["stranger"]
        assert stranger
        if not Factor.objects.filter(member=stranger).exists():
            with_app(stranger)
            stranger.set_password(PASSWORD)
            stranger.save()
            EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True)
        assert browser.post("/login/", {"login": "tanin", "password": PASSWORD})["Location"] == "/login/second-factor/"
    if name == "account_recovery_case":
        kept = start_recovery(actor=with_factor("sagashimono"), has_password=True)
        assert browser.get(case_path(kept)).status_code == 303
    if name == "appeal":  # a frozen member has no session: the key of the mail opens the page
        address = appeal_path(world.contestable.pk)
    if name == "account_reset_password_from_key":  # the link moves its secret to the session
        address = browser.get(reset_path(world.people["client"]))["Location"]
    if name == "external_sign_up":
        come_back_from_a_provider(browser)
    cookies = browser.cookies.copy()
    fields = {field: st.one_of(st.just(value), ODD) for field, value in typed.items()}
    key = st.one_of(st.just("k"), ODD.filter(lambda text: len(text) < 300))

    @OFTEN
    @given(st.fixed_dictionaries({**fields, "idempotency_key": key}))
    def send(data: dict[str, str]) -> None:
        browser.cookies = cookies.copy()
        answer = put_back(lambda: browser.post(address, data))
        assert answer.status_code < 500, answer.status_code
        assert b"<script>alert" not in answer.content

    return send


def test_odd_strings_in_any_field_of_any_form_are_answered(clock: MovableClock) -> None:
    world = World(clock)
    before, wrong = state_of_affairs(), []
    for name, (role, typed) in forms().items():
        wrong += told(name, sends_odd_forms(world, name.strip(), role, typed))
    assert not wrong, "\n".join(wrong)
    assert state_of_affairs() == before


@pytest.mark.parametrize(
    "odd", ["%00", "%ED%A0%80", "%FF%FE", "%E2%80%AE", "x" * 3000, "%2e%2e%2f", "%0d%0aSet-Cookie:a=b"]
)
@pytest.mark.parametrize(
    "path",
    ["/members/{}/", "/password/reset/{}/", "/jobs/{}/", "/nowhere/{}/", "/api/v1/jobs/{}", "/api/v1/me/gates/{}"],
)
def test_odd_addresses_are_answered(clock: MovableClock, path: str, odd: str) -> None:
    answer = Client().get(path.format(odd))
    assert answer.status_code < 500


def sends_odd_bodies(method: str, path: str, token: str, fields: dict[str, Any]) -> Callable[[], None]:
    """A program that makes one call again and again, with some values right and the others odd."""

    @OFTEN
    @given(st.fixed_dictionaries(fields), st.one_of(st.none(), st.text(st.characters(max_codepoint=255), max_size=70)))
    def send(data: dict[str, Any], key: str | None) -> None:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(new_id()) if key is None else key}
        answer = put_back(
            lambda: Client().generic(
                method, f"/api/v1{path}", json.dumps(data), content_type="application/json", headers=headers
            )
        )
        assert answer.status_code < 500, answer.content

    return send


def test_odd_values_in_any_body_of_the_api_are_answered(clock: MovableClock) -> None:
    world = World(clock)
    client, worker = token_of(world.client, set(SCOPES)), world.program
    before, wrong = state_of_affairs(), []
    odd = st.one_of(ODD, SURROGATES, st.integers(-(10**30), 10**30), st.none(), st.booleans(), st.floats(), st.just([]))
    part = {"title": "全文", "price_yen": 10_000, "due_on": today_plus(20)}
    bodies: dict[str, tuple[str, str, dict[str, Any]]] = {
        "/jobs": ("post", client, a_posting()),
        f"/jobs/{world.job.pk}/proposals": ("post", worker, {"message": "お任せください", "milestones": [part]}),
        f"/proposals/{world.proposal.pk}/decline": ("post", client, {"reason": "other", "note": "x"}),
        f"/proposals/{world.proposal.pk}/messages": ("post", worker, {"body": "x"}),
        f"/threads/{world.thread.pk}/messages": ("post", worker, {"body": "x"}),
        f"/milestones/{world.milestone.pk}/deliver": ("post", worker, {"message": "x", "links": ["https://a.example"]}),
        f"/milestones/{world.milestone.pk}/request-changes": ("post", client, {"points": ["x"]}),
        f"/contracts/{world.contract.pk}/end": ("post", worker, {"reason": "other", "explanation": "x"}),
        "/sign-ins": (
            "post",
            worker,
            {"login": "hatara", "password": "x", "name": "books", "scopes": ["jobs:read"], "code": "1", "device": "x"},
        ),
        "/sign-ins/second-factor": ("post", worker, {"ticket": "x", "kind": "totp", "code": "1", "device": "x"}),
        "/sign-ins/code": ("post", worker, {"ticket": "x", "telephone": "x"}),
        "/me/payout-method": ("put", worker, {"method": "standard"}),
        "/me/name": (
            "put",
            worker,
            {"name": "山田", "kana": "ヤマダ", "trade_name": "", "trade_kana": "", "reason": "x"},
        ),
        "/me/bank-account": (
            "put",
            worker,
            {
                "bank_code": "9999",
                "branch_code": "998",
                "account_kind": "1",
                "account_number": "9000011",
                "holder_kana": "ｱ",
            },
        ),
    }
    for path, (method, token, body) in bodies.items():
        fields = {name: st.one_of(st.just(value), odd, st.lists(odd, max_size=2)) for name, value in body.items()}
        if "milestones" in body:
            fields["milestones"] = st.lists(
                st.fixed_dictionaries({name: st.one_of(st.just(value), odd) for name, value in part.items()}),
                max_size=2,
            )

        wrong += told(f"{method} {path}", sends_odd_bodies(method, path, token, fields))
    assert not wrong, "\n".join(wrong)
    assert state_of_affairs() == before


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 5_000, b"null", b"[1]", b'"\\ud800"']
)
def test_bodies_that_are_no_object_are_told_so(clock: MovableClock, body: bytes) -> None:
    token = token_of(story.member(), set(SCOPES))
    answer = Client().post(
        "/api/v1/jobs",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k"},
    )
    assert answer.status_code == 422, answer.status_code
    assert answer["Content-Type"] == "application/problem+json"
