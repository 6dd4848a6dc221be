"""A program signs in by password: a key that is shown once, used, listed, and ended; with a second factor, two steps."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.security.test_every_way_in import put_in
from tests.service.accounts.factors import app_code, text_code, with_app, with_passkey, with_telephone
from tests.story import proved

from kotowari.accounts import services
from kotowari.accounts.callers import devices_in
from kotowari.accounts.models import ApiToken, Device, Member, SignInRecord
from kotowari.accounts.services import register_member
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice
from kotowari.kernel.ids import new_id

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


class Unknown:
    """A program that holds nothing yet."""

    def __init__(self, **from_where: str) -> None:
        self.http = Client(headers={"user-agent": "books/1.0"}, **from_where)

    def post(self, path: str, **body: Any) -> Any:
        return self.http.post(f"/api/v1/sign-ins{path}", json.dumps(body), content_type="application/json")

    def sign_in(self, login: str = "taro", password: str = PASSWORD, **more: Any) -> Any:
        body = {"name": "帳簿", "scopes": ["profile:read", "jobs:read"], **more}
        return self.post("", login=login, password=password, **body)


def with_token(answer: Any) -> Client:
    return Client(headers={"authorization": f"Bearer {answer.json()['token']}"})


def reason(answer: Any) -> str:
    assert answer["Content-Type"] == "application/problem+json"
    (blocker,) = answer.json()["blockers"]
    return str(blocker["code"])


@pytest.fixture
def taro(clock: MovableClock) -> Member:
    return register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )


@pytest.mark.rule("A010", "P012")
def test_a_program_signs_in_uses_its_key_and_signs_out(taro: Member, clock: MovableClock) -> None:
    answer = Unknown().sign_in("taro@example.jp")
    assert answer.status_code == 201, answer.content
    assert answer["Cache-Control"] == "no-store"
    made = answer.json()
    assert (made["username"], made["name"], made["scopes"]) == ("taro", "帳簿", ["jobs:read", "profile:read"])
    days = timedelta(days=policy.value("accounts.program_days"))
    token = ApiToken.objects.get()
    assert token.expires_at == clock.moment + days
    assert made["token"] not in json.dumps(list(ApiToken.objects.values()), default=str)
    program = with_token(answer)
    assert program.get("/api/v1/me/gates").status_code == 200
    assert program.post("/api/v1/jobs", "{}", content_type="application/json").status_code == 403

    browser = Client()
    browser.force_login(taro)
    listed = browser.get("/my/settings/api/").content.decode()
    assert "帳簿" in listed
    assert "パスワードでログイン" in listed
    record = SignInRecord.objects.get()
    assert (record.way, record.outcome, record.label) == ("password", "in", "API: 帳簿")

    assert program.delete("/api/v1/sign-ins/current").status_code == 204
    gone = program.get("/api/v1/me/gates")
    assert (gone.status_code, reason(gone)) == (401, "accounts.token.use.revoked")
    assert program.delete("/api/v1/sign-ins/current").status_code == 401


def test_the_key_ends_by_the_clock_and_by_its_owner(taro: Member, clock: MovableClock) -> None:
    over, revoked = with_token(Unknown().sign_in()), with_token(Unknown().sign_in())
    services.revoke_api_token(actor=taro, token_id=ApiToken.objects.latest("pk").pk)
    assert reason(revoked.get("/api/v1/me/gates")) == "accounts.token.use.revoked"
    clock.move(days=policy.value("accounts.program_days"))
    assert reason(over.get("/api/v1/me/gates")) == "accounts.token.use.expired"


@pytest.mark.rule("A035")
@pytest.mark.parametrize("way", ["everywhere", "others", "device", "staff", "password", "not me"])
def test_what_signs_devices_out_signs_programs_out(taro: Member, way: str) -> None:
    settings_token = services.create_api_token(actor=proved(taro), name="kept", scopes=["profile:read"])
    browser = Client()
    browser.force_login(taro)
    program = with_token(Unknown().sign_in())
    {
        "everywhere": lambda: services.end_all_sessions(actor=taro),
        "others": lambda: services.end_other_sessions(actor=taro, present_key=browser.session.session_key or ""),
        "device": lambda: services.forget_device(actor=taro, device_id=Device.objects.latest("pk").pk),
        "staff": lambda: services.end_sessions_for(actor=SYSTEM, member_id=taro.pk),
        "password": lambda: services.set_password(actor=taro, password="an entirely other sentence 7"),
        "not me": lambda: services.report_not_me(actor=taro),
    }[way]()
    assert program.get("/api/v1/me/gates").status_code in (401, 403)
    settings_token.refresh_from_db()
    assert (settings_token.revoked_at is None) == (way in ("everywhere", "others", "device", "staff"))


@pytest.mark.rule("A119")
def test_the_owner_is_told_of_a_program_on_a_device_that_is_new(taro: Member, clock: MovableClock) -> None:
    first = Unknown().sign_in()
    assert not Notice.objects.filter(kind="accounts.new_device").exists()
    again = Unknown().sign_in(device=first.json()["device"])
    assert not Notice.objects.filter(kind="accounts.new_device").exists()
    assert Device.objects.count() == 1
    assert devices_in(again.json()["device"]) == devices_in(first.json()["device"])
    Unknown().sign_in(name="知らないプログラム")
    told = Notice.objects.get(kind="accounts.new_device")
    assert "API: 知らないプログラム" in str(told.body_text)
    assert told.url.startswith("/my/security-check/not-me/")


@pytest.mark.rule("A015", "A018")
def test_wrong_tries_are_counted_with_those_of_pages_and_say_until_when(taro: Member) -> None:
    for _ in range(5):
        assert Client().post("/login/", {"login": "taro", "password": "wrong"}).status_code == 422
    seen = [Unknown().sign_in(password="wrong") for _ in range(6)]
    assert [answer.status_code for answer in seen] == [422] * 5 + [429]
    first, last = seen[0].json()["blockers"][0], seen[-1].json()["blockers"][0]
    assert first["code"] == "accounts.sign_in.no_match"
    assert first["facts"]["remaining"] == 4
    assert first["facts"]["slips"]
    assert last["clears_at"]
    assert last["remedy"]["url"] == "/password/reset/"
    assert int(seen[-1]["Retry-After"]) > 0
    assert Unknown().sign_in().status_code == 429


def test_a_known_device_has_its_own_lane(taro: Member) -> None:
    device = Unknown().sign_in().json()["device"]
    services.lock_account(actor=SYSTEM, member_id=taro.pk, until=clock_in(minutes=30), tries=20)
    assert reason(Unknown().sign_in()) == "accounts.sign_in.no_match"
    assert Unknown().sign_in(device=device).status_code == 201
    assert Unknown().sign_in(device=device[:-1] + "x").status_code == 422


def clock_in(*, minutes: int) -> Any:
    from kotowari.kernel import clock

    return clock.now() + timedelta(minutes=minutes)


@pytest.mark.rule("A121")
def test_a_void_password_opens_nothing_and_says_no_more_than_a_wrong_one(taro: Member) -> None:
    device = Unknown().sign_in().json()["device"]
    services.report_not_me(actor=taro)
    assert reason(Unknown().sign_in()) == "accounts.sign_in.no_match"
    assert reason(Unknown().sign_in(device=device)) == "accounts.sign_in.no_match"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"name": " "}, "name"),
        ({"name": "x" * 51}, "name"),
    ],
)
def test_what_no_key_can_have_is_told_before_a_try_is_counted(taro: Member, more: dict[str, Any], field: str) -> None:
    answer = Unknown().sign_in(password="wrong", **more)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert not SignInRecord.objects.exists()


def test_there_is_room_for_so_many_keys(taro: Member) -> None:
    most = policy.value("accounts.tokens_max")
    answers = [Unknown().sign_in() for _ in range(most + 1)]
    assert [answer.status_code for answer in answers] == [201] * most + [409]
    assert reason(answers[-1]) == "accounts.program.sign_in.too_many_tokens"
    assert with_token(answers[0]).delete("/api/v1/sign-ins/current").status_code == 204
    assert Unknown().sign_in().status_code == 201


@pytest.mark.rule("A114")
def test_with_a_second_factor_the_program_is_told_what_to_send(taro: Member, clock: MovableClock) -> None:
    app, _ = with_app(taro), with_passkey(taro)
    codes = services.make_recovery_codes(actor=proved(taro)).plaintexts
    program = Unknown()
    asked = program.sign_in()
    assert (asked.status_code, reason(asked)) == (401, "accounts.program.sign_in.second_factor_needed")
    facts = asked.json()["blockers"][0]["facts"]
    assert (facts["ways"], facts["in_browser"], facts["telephones"]) == (["totp", "recovery"], ["passkey"], [])
    assert not ApiToken.objects.exists()

    wrong = program.post("/second-factor", ticket=facts["ticket"], code="000000")
    assert (wrong.status_code, reason(wrong)) == (422, "accounts.factor.show.wrong_code")
    assert wrong.json()["blockers"][0]["facts"]["left"] == 4
    code = app_code(app)
    right = program.post("/second-factor", ticket=facts["ticket"], code=code)
    assert right.status_code == 201, right.content
    assert with_token(right).get("/api/v1/me/gates").status_code == 200

    again = program.post("/second-factor", ticket=facts["ticket"], kind="recovery", code=codes[0])
    assert (again.status_code, reason(again)) == (409, "accounts.program.sign_in.ticket_used")
    fresh = program.sign_in().json()["blockers"][0]["facts"]["ticket"]
    assert program.post("/second-factor", ticket=fresh, code=code).status_code == 422, "the same code once more"
    by_recovery = program.post("/second-factor", ticket=fresh, kind="recovery", code=codes[0])
    assert by_recovery.status_code == 201, "the refused ticket had left the code unused"
    assert ApiToken.objects.count() == 2


def test_password_and_code_may_come_together(taro: Member) -> None:
    app = with_app(taro)
    assert reason(Unknown().sign_in(code="000000")) == "accounts.factor.show.wrong_code"
    code = app_code(app)
    assert Unknown().sign_in(code=code).status_code == 201
    assert Unknown().sign_in(code=code).status_code == 422
    assert SignInRecord.objects.filter(outcome="wrong_code").count() == 2


def test_a_code_that_nobody_asked_for_is_no_second_factor(taro: Member) -> None:
    assert Unknown().sign_in(code="123456").status_code == 201


@pytest.mark.rule("A015")
def test_wrong_codes_are_counted_and_the_owner_is_told(taro: Member) -> None:
    app = with_app(taro)
    ticket = Unknown().sign_in().json()["blockers"][0]["facts"]["ticket"]
    seen = [Unknown().post("/second-factor", ticket=ticket, code="000000") for _ in range(6)]
    assert [answer.status_code for answer in seen] == [422] * 5 + [429]
    assert int(seen[-1]["Retry-After"]) > 0
    assert Unknown().post("/second-factor", ticket=ticket, code=app_code(app)).status_code == 429
    assert Notice.objects.filter(member=taro, kind="accounts.codes_wrong").exists()


def test_a_code_by_text_message(taro: Member) -> None:
    telephone = with_telephone(taro)
    program = Unknown()
    facts = program.sign_in().json()["blockers"][0]["facts"]
    assert facts["ways"] == ["sms"]
    assert facts["telephones"] == [{"id": str(telephone.pk), "number": "…5678"}]
    sent = program.post("/code", ticket=facts["ticket"], telephone=facts["telephones"][0]["id"])
    assert sent.status_code == 204, sent.content
    assert program.post("/code", ticket=facts["ticket"], telephone=str(new_id())).status_code == 404
    assert program.post("/code", ticket=facts["ticket"], telephone="x").status_code == 404
    assert program.post("/code", ticket="x", telephone=str(telephone.pk)).status_code == 422
    done = program.post("/second-factor", ticket=facts["ticket"], kind="sms", code=text_code())
    assert done.status_code == 201
    assert program.post("/code", ticket=facts["ticket"], telephone=str(telephone.pk)).status_code == 409
    other = [program.sign_in().json()["blockers"][0]["facts"]["ticket"] for _ in range(5)]
    again = [program.post("/code", ticket=each, telephone=str(telephone.pk)) for each in other]
    assert again[-1].status_code == 429
    assert int(again[-1]["Retry-After"]) > 0


def test_a_passkey_alone_leads_to_the_browser(taro: Member) -> None:
    with_passkey(taro)
    answer = Unknown().sign_in()
    assert (answer.status_code, reason(answer)) == (409, "accounts.program.sign_in.browser_needed")
    blocker = answer.json()["blockers"][0]
    assert blocker["facts"] == {"in_browser": ["passkey"]}
    assert blocker["remedy"]["url"] == "/my/settings/api/"


def test_a_ticket_ends_by_the_clock(taro: Member, clock: MovableClock) -> None:
    app = with_app(taro)
    ticket = Unknown().sign_in().json()["blockers"][0]["facts"]["ticket"]
    clock.move(minutes=policy.value("accounts.program_step_minutes"))
    late = Unknown().post("/second-factor", ticket=ticket, code=app_code(app))
    assert (late.status_code, reason(late)) == (409, "accounts.program.sign_in.ticket_expired")


@pytest.mark.parametrize("change", ["password", "factor"])
def test_a_ticket_is_void_once_the_keys_of_the_account_changed(taro: Member, change: str) -> None:
    app = with_app(taro)
    ticket = Unknown().sign_in().json()["blockers"][0]["facts"]["ticket"]
    if change == "password":
        services.set_password(actor=taro, password="an entirely other sentence 7")
    else:
        with_telephone(taro)
    refused = Unknown().post("/second-factor", ticket=ticket, code=app_code(app))
    assert (refused.status_code, reason(refused)) == (409, "accounts.program.sign_in.ticket_void")
    assert not ApiToken.objects.exists()


def test_a_ticket_is_made_by_nobody_else(taro: Member) -> None:
    app = with_app(taro)
    ticket = Unknown().sign_in().json()["blockers"][0]["facts"]["ticket"]
    device = Unknown().sign_in(code=app_code(app)).json()["device"]
    for odd in ("", "x", ticket[:-1], ticket[1:], device, ticket.swapcase(), "あ", "::", "\x00" + ticket[:5]):
        answer = Unknown().post("/second-factor", ticket=odd, code="123456")
        assert (answer.status_code, reason(answer)) == (422, "accounts.program.sign_in.ticket_unknown"), odd


@pytest.mark.parametrize("state", ["frozen", "left", "closed"])
def test_a_key_is_closed_with_its_account(taro: Member, clock: MovableClock, state: str) -> None:
    program = with_token(Unknown().sign_in())
    put_in(taro, state, clock)
    assert program.get("/api/v1/me/gates").status_code in (401, 403)
    assert reason(Unknown().sign_in()) == "accounts.sign_in.no_match"


def test_the_id_in_a_ticket_becomes_the_keys(taro: Member) -> None:
    from kotowari.accounts.program_sign_ins import sign_in_of

    app = with_app(taro)
    ticket = Unknown().sign_in().json()["blockers"][0]["facts"]["ticket"]
    Unknown().post("/second-factor", ticket=ticket, code=app_code(app))
    carried = sign_in_of(ticket)
    assert carried is not None
    assert isinstance(carried.token_id, UUID)
    assert ApiToken.objects.get().pk == carried.token_id


def test_every_key_of_this_call_is_told_in_the_document() -> None:
    document = Client().get("/api/v1/openapi.json").json()
    operation = document["paths"]["/api/v1/sign-ins"]["post"]
    assert operation["x-scope"] is None
    assert {"401", "409", "422", "429", "503"} <= set(operation["responses"])
    page = Client(headers={"accept-language": "en"}).get("/api/v1/docs").content.decode()
    assert 'id="sign-ins"' in page
    assert "/api/v1/sign-ins/second-factor" in page
