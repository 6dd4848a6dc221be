"""Where one's money goes, and under which name, is said only shortly after proving to be its owner (ASVS 7.5.3)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests import story
from tests.conftest import MovableClock
from tests.service.accounts.factors import app_code, with_app
from tests.service.payouts.market import ACCOUNT, Market, notices, reward

from kotowari.accounts.models import Member, RegisteredName, Restriction, Session
from kotowari.accounts.services import create_api_token, register_member, set_password
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.gates import explain
from kotowari.payouts import gates
from kotowari.payouts.models import BankAccount, Payout

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P022")]
PASSWORD = "correct horse battery staple"
ACCOUNT_PAGE, NAME_PAGE, AGAIN = "/my/bank-account/", "/my/name/", "/login/again/"
NAME = {"name": "山田 花子", "kana": "ヤマダ ハナコ"}
TYPED = {**ACCOUNT, "account_kind": "1"}
YUCHO = {"by": "symbol", "yucho_symbol": "10530", "yucho_number": "123451", "holder_kana": "ヤマダ ハナコ"}
HERE = "http://testserver"


@pytest.fixture
def hanako(clock: MovableClock) -> Member:
    return register_member(
        actor=SYSTEM, username="hanako", display_name="花子", email="hanako@example.jp", password=PASSWORD
    )


def come() -> Client:
    browser = Client(headers={"accept-language": "ja"})
    assert browser.post("/login/", {"login": "hanako", "password": PASSWORD})["Location"] == "/my/"
    return browser


def text(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


def too_late(clock: MovableClock) -> None:
    clock.move(minutes=policy.value("accounts.proof_minutes"))


def proves_again(browser: Client, page: str) -> str:
    """Follow the way on from a page and type the password; where that leads."""
    asked = browser.get(AGAIN, headers={"referer": f"{HERE}{page}"}).content.decode()
    assert f'name="next" value="{page.replace("&", "&amp;")}"' in asked
    typed = {"kind": "password", "password.password": PASSWORD, "next": page}
    return str(browser.post(AGAIN, typed)["Location"])


def test_right_after_signing_in_name_and_account_are_told_without_another_question(hanako: Member) -> None:
    browser = come()
    assert browser.post(NAME_PAGE, NAME).status_code == 303
    assert browser.post(ACCOUNT_PAGE, TYPED).status_code == 303
    assert not BankAccount.objects.get().fault_code


@pytest.mark.parametrize("page", [ACCOUNT_PAGE, f"{ACCOUNT_PAGE}?bank_code=9999&branch_code=998", NAME_PAGE])
def test_later_a_proof_is_asked_for_before_anything_is_typed(hanako: Member, clock: MovableClock, page: str) -> None:
    browser = come()
    browser.post(NAME_PAGE, NAME)
    clock.move(minutes=policy.value("accounts.proof_minutes") - 1)
    assert AGAIN not in text(browser, page)
    clock.move(minutes=1)
    seen = text(browser, page)
    assert f'href="{AGAIN}"' in seen
    assert "お金の届け先に関わるため" in seen
    for field in ("bank", "account_number", "holder_kana", "kana"):
        assert f'name="{field}"' not in seen, field
    assert proves_again(browser, page) == page
    assert AGAIN not in text(browser, page)


@pytest.mark.parametrize(
    ("page", "typed"), [(ACCOUNT_PAGE, TYPED), (ACCOUNT_PAGE, YUCHO), (NAME_PAGE, NAME)], ids=["bank", "yucho", "name"]
)
def test_what_was_typed_while_the_proof_ran_out_is_there_again_after_proving(
    hanako: Member, clock: MovableClock, page: str, typed: dict[str, str]
) -> None:
    browser = come()
    if page == ACCOUNT_PAGE:
        browser.post(NAME_PAGE, NAME)
    too_late(clock)
    refused = browser.post(page, typed)
    assert refused.status_code == 403
    assert "入力した内容は残してあります" in refused.content.decode()
    assert not BankAccount.objects.exists()
    assert RegisteredName.objects.count() == (page == ACCOUNT_PAGE)
    kept = browser.session["kept"]
    assert not [value for value in typed.values() if len(value) > 4 and value in kept], "sealed where it waits"
    assert "kept" in browser.session
    assert f'value="{typed.get("holder_kana", "花子")}"' not in text(browser, page), "not before the proof"
    assert proves_again(browser, page) == page
    seen = text(browser, page)
    fields = {name: value for name, value in typed.items() if name != "account_kind"}
    for name, value in fields.items():
        assert f'value="{value}"' in seen, name
    assert "kept" not in browser.session
    assert browser.post(page, {**typed, "confirmed": "yes"}).status_code == 303


def test_what_was_kept_is_for_its_page_alone_and_given_back_once(hanako: Member, clock: MovableClock) -> None:
    browser = come()
    too_late(clock)
    browser.post(NAME_PAGE, NAME)
    proves_again(browser, NAME_PAGE)
    assert "ヤマダ" not in text(browser, ACCOUNT_PAGE)
    assert "ヤマダ" in text(browser, NAME_PAGE)
    assert "ヤマダ" not in text(browser, NAME_PAGE)


def test_what_somebody_typed_at_a_screen_left_open_does_not_wait_there_for_its_owner(
    hanako: Member, clock: MovableClock
) -> None:
    browser = come()
    too_late(clock)
    browser.post(NAME_PAGE, {**NAME, "name": "佐藤 太郎"})
    too_late(clock)
    proves_again(browser, NAME_PAGE)
    assert "佐藤" not in text(browser, NAME_PAGE)
    assert "kept" not in browser.session


def test_an_address_of_somebody_else_fills_in_no_account(hanako: Member) -> None:
    browser = come()
    browser.post(NAME_PAGE, NAME)
    seen = text(browser, f"{ACCOUNT_PAGE}?bank_code=9999&branch_code=998&account_number=6660666&holder_kana=カ")
    assert 'name="account_number"' in seen
    assert 'value="6660666"' not in seen


def test_what_another_reason_refuses_is_not_kept(hanako: Member) -> None:
    browser = come()
    refused = browser.post(ACCOUNT_PAGE, TYPED)
    assert refused.status_code == 409
    assert "まだ登録されていません" in refused.content.decode()
    assert "入力した内容は残してあります" not in refused.content.decode()
    assert "kept" not in browser.session


# --- Programs


def put(token: str, path: str, body: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return Client().put(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers)


def signs_in(**more: str) -> str:
    body = {"login": "hanako", "password": PASSWORD, "name": "帳簿", "scopes": ["profile:write", "money:write"], **more}
    answer = Client().post("/api/v1/sign-ins", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content
    return str(answer.json()["token"])


def the_reason(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 403, answer.content
    (blocker,) = answer.json()["blockers"]
    return dict(blocker)


CALLS = [("/me/name", NAME, "accounts.name.register"), ("/me/bank-account", ACCOUNT, "payouts.bank_account.set")]


def test_a_program_does_it_shortly_after_its_owner_signed_it_in(hanako: Member, clock: MovableClock) -> None:
    token = signs_in()
    for path, body, _ in CALLS:
        assert put(token, path, body).status_code == 200
    too_late(clock)
    for path, body, action in CALLS:
        blocker = the_reason(put(token, path, body))
        assert (blocker["code"], blocker["rule"]) == (f"{action}.proof_needed", "P022")
        assert "POST /api/v1/sign-ins" in blocker["reason"]
        assert blocker["remedy"]["url"] == "/api/v1/docs#sign-ins"
    assert put(signs_in(), "/me/bank-account", {**ACCOUNT, "branch_code": "999"}).status_code == 200
    assert BankAccount.objects.count() == 2


def test_with_a_second_factor_the_program_shows_that_too(hanako: Member) -> None:
    app = with_app(hanako)
    assert put(signs_in(code=app_code(app)), "/me/name", NAME).status_code == 200


def test_a_token_from_the_settings_proves_nothing_however_new_it_is(hanako: Member) -> None:
    made = create_api_token(actor=story.proved(hanako), name="帳簿", scopes=["profile:write", "money:write"])
    for path, body, action in CALLS:
        answer = put(str(made.plaintext), path, body)
        blocker = next(each for each in answer.json()["blockers"] if "token" in each["code"])
        assert (answer.status_code, blocker["code"]) == (403, f"{action}.token_proves_nothing")
        assert "設定画面で作ったAPIトークン" in blocker["reason"]
        assert blocker["remedy"]["url"] == "/api/v1/docs#sign-ins"
    assert not BankAccount.objects.exists()
    assert not RegisteredName.objects.exists()


def test_the_document_and_the_page_of_tokens_say_so(hanako: Member) -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    for path, _, _ in CALLS:
        assert "sign-ins" in paths[f"/api/v1{path}"]["put"]["description"]
    assert "振込先の口座と本名・法人名" in text(come(), "/my/settings/api/")
    assert "振込先の口座" in text(Client(headers={"accept-language": "ja"}), "/api/v1/docs")


# --- What stays as it was


def test_being_paid_at_once_asks_for_no_proof_since_it_goes_to_that_account_alone(
    clock: MovableClock, hanako: Member
) -> None:
    browser = come()
    browser.post(NAME_PAGE, NAME)
    browser.post(ACCOUNT_PAGE, TYPED)
    reward(hanako, 20_000)
    clock.move(hours=12)
    browser.post("/my/rewards/quick/", {"amount_yen": "5000"})
    payout = Payout.objects.get()
    account = BankAccount.objects.get()
    assert (payout.account_id, payout.bank_code, payout.branch_code) == (account.pk, "9999", "998")


@pytest.mark.rule("A120")
def test_after_a_reset_the_account_is_held_however_fresh_the_proof(clock: MovableClock, hanako: Member) -> None:
    browser = come()
    browser.post(NAME_PAGE, NAME)
    browser.post(ACCOUNT_PAGE, TYPED)
    set_password(actor=hanako, password=PASSWORD)
    hold = Restriction.objects.get(cause="password_reset")
    assert hold.until is not None
    assert hold.until - clock.moment == timedelta(hours=policy.value("accounts.reset_hold_hours"))
    browser = come()
    assert "パスワードを再設定したばかりです" in text(browser, ACCOUNT_PAGE)
    refused = browser.post(ACCOUNT_PAGE, {**TYPED, "branch_code": "999"})
    assert (refused.status_code, BankAccount.objects.count()) == (409, 1)
    assert [b.code for b in explain(gates.SET_ACCOUNT, story.proved(hanako)).blockers] == [
        "payouts.bank_account.set.held"
    ]
    clock.set(hold.until)
    browser = come()
    assert browser.post(ACCOUNT_PAGE, {**TYPED, "branch_code": "999"}).status_code == 303


def test_a_change_is_told_to_its_owner(clock: MovableClock, hanako: Member) -> None:
    market, browser = Market(clock), come()
    browser.post(NAME_PAGE, NAME)
    browser.post(ACCOUNT_PAGE, TYPED)
    browser.post(ACCOUNT_PAGE, {**TYPED, "branch_code": "999"})
    market.tell()
    assert notices(hanako).count("payouts.bank_account_set") == 2
    assert Session.objects.filter(member=hanako).exists()
