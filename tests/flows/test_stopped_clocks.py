"""A client is frozen while a delivery waits for them: what each side sees and reads until all goes on."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests import story
from tests.conftest import MovableClock

from kotowari.accounts.models import Member
from kotowari.accounts.services import create_api_token, lift, restrict
from kotowari.contracts import services
from kotowari.contracts.models import Milestone
from kotowari.foundation import deadlines, outbox
from kotowari.foundation.models import Notice
from kotowari.messaging.services import send_message

pytestmark = pytest.mark.django_db
NEUTRAL = "お相手の方がいまサイトを使えないため、この期限を止めています。再開後に残りの日数が続きます。"
STOPPED = "止まっています(いまの見込みでは"
MINE = "あなたがサイトを使えないあいだ、この期限を止めています。"


def as_member(member: Member) -> Client:
    browser = Client()
    browser.force_login(member)
    return browser


def settle() -> None:
    outbox.deliver_waiting()
    deadlines.run_all_due()
    outbox.deliver_waiting()


def frozen(staff: Member, member: Member, clock: MovableClock, days: int):
    until = clock.moment + timedelta(days=days)
    row = restrict(actor=staff, member_id=member.pk, cause="terms_breach", until=until, explanation="極秘の事実")
    settle()
    return row


@pytest.mark.rule("A185", "A040")
def test_the_worker_sees_a_stopped_clock_everywhere_and_never_why(clock: MovableClock) -> None:
    staff = story.member("unei_one", is_staff=True)
    (milestone,) = story.delivered()
    contract = milestone.contract
    client, worker = contract.client, contract.worker
    thread_id = send_message(actor=worker, proposal_id=contract.proposal_id, body="納品しました。").thread_id
    settle()
    token = create_api_token(actor=story.proved(worker), name="道具", scopes=["contracts:read"]).plaintext
    browser = as_member(worker)
    api = {"headers": {"Authorization": f"Bearer {token}"}}
    before = browser.get(f"/api/v1/contracts/{contract.pk}", **api).json()["milestones"][0]
    assert before["stopped"] is False

    clock.move(days=1)
    row = frozen(staff, client, clock, 5)
    pages = {
        name: browser.get(url).content.decode()
        for name, url in {
            "contract": reverse("contract", kwargs={"contract_id": contract.pk}),
            "thread": reverse("thread", kwargs={"thread_id": thread_id}),
            "contracts": reverse("contracts"),
            "my": reverse("my"),
            "can": reverse("my.can"),
            "notices": reverse("notices"),
        }.items()
    }
    for name in ("contract", "thread", "contracts", "my"):
        assert STOPPED in pages[name], name
    for name in ("contract", "thread", "can", "notices"):
        assert NEUTRAL in pages[name], name
    assert not any("凍結" in page or "極秘" in page for page in pages.values())
    after = browser.get(f"/api/v1/contracts/{contract.pk}", **api).json()["milestones"][0]
    assert after["stopped"] is True
    assert after["deadline_at"] > before["deadline_at"]
    assert MINE in str(drawn_for(client, contract.pk))

    clock.move(days=2)
    lift(actor=staff, restriction_id=row.pk, because="確認できました。")
    settle()
    assert STOPPED not in browser.get(reverse("contract", kwargs={"contract_id": contract.pk})).content.decode()
    page = as_member(client).get(reverse("contract", kwargs={"contract_id": contract.pk})).content.decode()
    assert STOPPED not in page
    assert milestone.deadline_at is not None
    clock.set(milestone.deadline_at + timedelta(days=2, seconds=-1))
    settle()
    assert Milestone.objects.get(pk=milestone.pk).state == "delivered"
    clock.move(seconds=1)
    settle()
    assert Milestone.objects.get(pk=milestone.pk).state == "accepted"


def drawn_for(member: Member, contract_id) -> list[str]:
    """What a member was written to about a contract."""
    return [n.body.ja for n in Notice.objects.filter(member=member, url=f"/contracts/{contract_id}/")]


@pytest.mark.rule("A185")
def test_proposals_and_an_early_end_show_their_stop_as_well(clock: MovableClock) -> None:
    staff = story.member("unei_one", is_staff=True)
    client, worker = story.member(), story.member()
    job = story.job(client)
    proposal = story.proposal(job, worker)
    (milestone,) = story.funded()
    contract = milestone.contract
    services.ask_end(actor=contract.client, contract_id=contract.pk, reason="no_longer_needed")
    frozen(staff, client, clock, 5)
    frozen(staff, contract.worker, clock, 5)
    browser = as_member(worker)
    page = browser.get(f"/jobs/{job.pk}/").content.decode()
    assert STOPPED in page
    assert NEUTRAL in page
    assert STOPPED in browser.get(reverse("my")).content.decode()
    token = create_api_token(actor=story.proved(worker), name="道具", scopes=["jobs:read"]).plaintext
    rows = browser.get(f"/api/v1/jobs/{job.pk}/proposals", headers={"Authorization": f"Bearer {token}"}).json()
    assert [(r["id"], r["stopped"]) for r in rows] == [(str(proposal.pk), True)]
    end = as_member(contract.client).get(reverse("contract.end", kwargs={"contract_id": contract.pk})).content.decode()
    assert STOPPED in end
    assert NEUTRAL in end
