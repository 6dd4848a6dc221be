"""The proof before one's money goes elsewhere, in a real browser: asked for in time, and what was typed comes back."""

from pathlib import Path

import pytest
from tests import story
from tests.browser.conftest import Comes
from tests.browser.test_accessible import ids_used_twice, violations
from tests.conftest import MovableClock

from kotowari.accounts.models import Member
from kotowari.accounts.services import register_member
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.payouts.models import BankAccount

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.rule("P022")]
PASSWORD = "correct horse battery staple"
TO_FORM = "/my/bank-account/?bank_code=9999&branch_code=998"


@pytest.mark.parametrize(("language", "width"), [("ja", 360), ("en", 1440)])
def test_what_was_typed_too_late_is_in_its_fields_after_the_proof(
    comes: Comes, clock: MovableClock, tmp_path: Path, language: str, width: int
) -> None:
    hanako = register_member(
        actor=SYSTEM,
        username="hanako",
        display_name="花子",
        email="hanako@example.jp",
        password=PASSWORD,
        language=language,
    )
    story.named(Member.objects.get(pk=hanako.pk))
    person = comes(hanako, width=width, language=language, bypass_csp=True)
    found: list[str] = []

    def looked_at(shot: str) -> None:
        person.look().page.screenshot(path=tmp_path / f"{shot}-{language}.png", full_page=True)
        found.extend(violations(person) + ids_used_twice(person))

    person.open(TO_FORM).fill(account_kind="1", account_number="9000011", holder_kana="ヤマダ ハナコ")
    clock.move(minutes=policy.value("accounts.proof_minutes"))
    person.page.locator("#register button[type=submit]").click()
    person.page.wait_for_selector("#register .banner")
    assert person.faults, "the answer was no"
    person.faults.clear()
    looked_at("kept")
    person.page.locator('#register a[href="/login/again/"]').click()
    person.page.wait_for_url("**/login/again/")
    looked_at("proof")
    person.fill(**{"password.password": PASSWORD})
    person.page.locator("#password button[type=submit]").click()
    person.page.wait_for_url("**/my/bank-account/")
    looked_at("again")
    assert person.page.locator('[name="account_number"]').input_value() == "9000011"
    person.page.locator("#register button[type=submit]").click()
    person.page.wait_for_selector("#current")
    assert BankAccount.objects.get().number == "9000011"
    clock.move(minutes=policy.value("accounts.proof_minutes"))
    for path, shot in (("/my/bank-account/", "asked"), ("/my/name/", "name"), ("/my/settings/api/", "tokens")):
        person.open(path)
        looked_at(shot)
    assert not found, "\n".join(found)
