"""Staff open the console, and do as staff do elsewhere, only with a second factor (ASVS 6.3.3)."""

from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from tests import story
from tests.conftest import MovableClock
from tests.service.accounts.factors import app_code, with_app

from kotowari.accounts.models import Factor, Member
from kotowari.accounts.services import appoint_staff, create_api_token, register_member, remove_factor
from kotowari.cli.main import main
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.web.screens import SCREENS

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P022")]
PASSWORD = "correct horse battery staple"
TO_FACTORS = 'href="/my/settings/login/second-factor/"'
OFF = {"console.second_factor_required": False}
CONSOLE = sorted(f"/{s.path}" for s in SCREENS.values() if s.path.startswith("console/") and not s.needs)


@pytest.fixture
def staff(clock: MovableClock) -> Member:
    """Somebody who has just been appointed and has set nothing up."""
    made = register_member(
        actor=SYSTEM, username="kanri", display_name="運営", email="kanri@example.jp", password=PASSWORD
    )
    appointed = appoint_staff(actor=SYSTEM, member_id=made.pk)
    Factor.objects.filter(member=appointed).delete()
    return appointed


def come() -> Client:
    browser = Client(headers={"accept-language": "ja"})
    assert browser.post("/login/", {"login": "kanri", "password": PASSWORD})["Location"] == "/my/"
    return browser


def says_what_is_missing(answer: Any) -> bool:
    seen = answer.content.decode()
    return bool(answer.status_code == 403 and "二段階認証を設定してからできます" in seen and TO_FACTORS in seen)


def test_without_one_nothing_of_the_console_opens_and_each_page_says_what_to_do(staff: Member) -> None:
    browser = come()
    for path in CONSOLE:
        assert says_what_is_missing(browser.get(path)) or browser.get(path).status_code == 405, path
        assert says_what_is_missing(browser.post(path, {})) or browser.post(path, {}).status_code == 405, path


def test_it_is_set_up_where_the_refusal_leads_and_opens_the_console_at_once(staff: Member) -> None:
    browser = come()
    for path in ("/my/", "/my/settings/login/", "/my/settings/login/second-factor/", "/notices/"):
        assert browser.get(path).status_code == 200, path
    app = with_app(staff)
    for path in CONSOLE:
        assert browser.get(path).status_code in (200, 405), path
    remove_factor(actor=story.proved(staff), factor_id=app.pk)
    assert says_what_is_missing(browser.get("/console/"))


def test_who_has_one_is_asked_for_it_before_the_console_opens(staff: Member) -> None:
    app = with_app(staff)
    browser = Client(headers={"accept-language": "ja"})
    on_the_way = browser.post("/login/", {"login": "kanri", "password": PASSWORD, "next": "/console/"})
    assert on_the_way["Location"].startswith("/login/second-factor/")
    assert browser.get("/console/")["Location"].startswith("/login/")
    browser.post("/login/second-factor/", {"kind": "totp", "totp.code": app_code(app)})
    assert browser.get("/console/").status_code == 200


def test_pages_on_which_staff_see_more_than_members_are_closed_too(staff: Member) -> None:
    contract, job = story.contract(), story.job(story.member())
    page, close, browser = f"/contracts/{contract.pk}/", f"/jobs/{job.pk}/close/", come()
    assert says_what_is_missing(browser.get(page))
    assert says_what_is_missing(browser.post(close, {}))
    assert story.signed_in(contract.worker).get(page).status_code == 200, "members need none"
    job.refresh_from_db()
    assert job.state == "open"
    with_app(staff)
    assert browser.post(close, {}).status_code == 303


def test_a_token_of_theirs_opens_nothing_either(staff: Member) -> None:
    token = create_api_token(actor=story.proved(staff), name="帳簿", scopes=["contracts:read"]).plaintext
    program = Client(headers={"authorization": f"Bearer {token}"})
    refused = program.get("/api/v1/contracts")
    (blocker,) = refused.json()["blockers"]
    assert (refused.status_code, blocker["code"]) == (403, "accounts.token.use.second_factor_needed")
    assert blocker["remedy"]["url"] == "/my/settings/login/second-factor/"
    with_app(staff)
    assert program.get("/api/v1/contracts").status_code == 200


def test_an_operator_may_do_without_and_is_told_so_on_the_desk_and_before_going_public(staff: Member) -> None:
    browser = come()
    with policy.overridden(OFF):
        assert "担当者に二段階認証を求めていません" in browser.get("/console/").content.decode()
        off = CliRunner().invoke(main, ["check", "--deploy"], env={"KOTOWARI_LANGUAGE": "en"})
    assert "console.second_factor_required" in off.output
    assert off.exit_code != 0
    with_app(staff)
    assert "担当者に二段階認証を求めていません" not in browser.get("/console/").content.decode()
    on = CliRunner().invoke(main, ["check", "--deploy"], env={"KOTOWARI_LANGUAGE": "en"})
    assert "console.second_factor_required" not in on.output


def test_every_preset_asks_for_it() -> None:
    for name in policy.preset_names():
        assert policy.values(preset=name)["console.second_factor_required"] is True, name
