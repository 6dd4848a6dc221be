"""報酬 in a real browser with everything on it: a quick payout asked for by hand, limits, what is kept, the best day."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.browser.conftest import Comes
from tests.browser.test_accessible import ids_used_twice, violations
from tests.conftest import MovableClock
from tests.service.payouts.market import Market, register, reward

from kotowari.accounts.models import Member
from kotowari.foundation.actors import SYSTEM
from kotowari.payouts import services
from kotowari.payouts.models import ExpiredReward, Payout

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.rule("A053", "A188")
@pytest.mark.parametrize(("language", "width"), [("ja", 360), ("en", 1440)])
def test_a_worker_sees_every_yen_and_is_paid_at_once(
    comes: Comes, clock: MovableClock, tmp_path: Path, language: str, width: int
) -> None:
    market = Market(clock)
    worker, staff = market.worker("hanako", has_account=False), market.staff()
    market.close()
    reward(worker, 700, fixed_at=clock.moment - timedelta(days=200))
    services.expire_rewards(actor=SYSTEM, day=clock.moment.date())
    for days in (5, 40, 170):
        reward(worker, 3_000, fixed_at=clock.moment - timedelta(days=days))
    Member.objects.filter(pk=worker.pk).update(language=language)
    person = comes(worker, width=width, language=language, bypass_csp=True)
    person.open("/my/rewards/")
    person.page.screenshot(path=tmp_path / f"without-{language}.png", full_page=True)
    found = violations(person)
    register(worker)
    person.open("/my/rewards/")
    person.page.screenshot(path=tmp_path / f"with-{language}.png", full_page=True)
    found += violations(person) + ids_used_twice(person)
    person.open("/my/rewards/")
    person.page.locator("#quick details.confirm > summary").click()
    person.page.locator("#quick details.confirm button[type=submit]").click()
    person.page.wait_for_url("**/my/rewards/")
    person.look()
    person.page.screenshot(path=tmp_path / f"asked-{language}.png", full_page=True)
    assert not found, "\n".join(found)
    assert Payout.objects.get().kind == "quick"
    desk = comes(staff, width=width, language="ja", bypass_csp=True)
    row = ExpiredReward.objects.get()
    for path in (
        "/console/payouts/?show=quick",
        "/console/payouts/?show=expired",
        f"/console/payouts/expired/{row.pk}/",
    ):
        desk.open(path)
        found += violations(desk)
        desk.page.screenshot(path=tmp_path / f"console-{path.rpartition('=')[2].strip('/').replace('/', '-')}.png")
    assert not found, "\n".join(found)
