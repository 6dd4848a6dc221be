"""One account is needed, is enough for both sides of the market, and is good at once."""

import pytest
from django.test import Client
from tests import story
from tests.conftest import MovableClock
from tests.flows.test_accounts_sign_up_and_in import FORM, code_in_mail

from kotowari.accounts.models import Member

pytestmark = pytest.mark.django_db


@pytest.mark.rule("A181")
def test_without_an_account_nothing_is_ordered_or_taken_and_the_way_to_one_is_shown(clock: MovableClock) -> None:
    job = story.job(story.member("kurai"))
    visitor = Client()
    led = visitor.get("/jobs/new/")
    assert led["Location"].startswith("/login/?next=")
    assert "/signup/" in visitor.get(led["Location"]).content.decode()
    assert visitor.post("/jobs/new/", {"title": "x"}).status_code == 401
    assert visitor.post(f"/jobs/{job.pk}/propose/", {"message": "x"}).status_code in (401, 404)


@pytest.mark.rule("A182", "A183")
def test_whoever_has_just_signed_up_can_order_and_take_work_at_once(client: Client, clock: MovableClock) -> None:
    job = story.job(story.member("kurai"))
    client.post("/signup/", FORM)
    client.post("/signup/verify/", {"code": code_in_mail()})
    member = Member.objects.get(username="hanako_s")
    assert client.get("/jobs/new/").status_code == 200
    own = story.job(member)
    taken = story.proposal(job, member)
    assert f"/jobs/{own.pk}/" in client.get("/jobs/").content.decode()
    assert client.get(f"/proposals/{taken.pk}/thread/").status_code == 200
