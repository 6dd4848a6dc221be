"""A session is written when it is known whole, and again only when it differs."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.service.accounts.conftest import PASSWORD, Join

from kotowari.accounts.models import Member, Session, SignInRecord
from kotowari.accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db(transaction=True)


def test_signing_in_writes_the_session_once_under_a_new_key(member: Member) -> None:
    browser = Client()
    browser.get("/login/")
    with CaptureQueriesContext(connection) as queries:
        assert browser.post("/login/", {"login": member.username, "password": PASSWORD}).status_code == 302
    written = [q["sql"] for q in queries if "accounts_session" in q["sql"] and not q["sql"].startswith("SELECT")]
    assert len(written) == 1
    assert written[0].strip().startswith("INSERT")
    row = Session.objects.get()
    assert (row.member_id, row.session_key) == (member.pk, browser.cookies["sessionid"].value)
    assert row.device_id == SignInRecord.objects.get().device_id
    assert browser.get("/my/").status_code == 200


def test_the_key_of_a_visitor_opens_nothing_after_signing_in(member: Member) -> None:
    before = SessionStore()
    before["seen"] = "1"
    before.save()
    browser = Client()
    browser.cookies["sessionid"] = before.session_key
    browser.post("/login/", {"login": member.username, "password": PASSWORD})
    key = browser.cookies["sessionid"].value
    assert key != before.session_key
    assert list(Session.objects.values_list("session_key", flat=True)) == [key]
    assert SessionStore(key)["seen"] == "1"


def test_what_is_changed_after_writing_is_written_again(db: None) -> None:
    store = SessionStore()
    store["list"] = [1]
    store.save()
    with CaptureQueriesContext(connection) as queries:
        store.save()
    assert len(queries) == 0
    store["list"].append(2)
    store.save()
    assert SessionStore(store.session_key)["list"] == [1, 2]
    store.cycle_key()
    store.save()
    assert SessionStore(store.session_key)["list"] == [1, 2]
    assert Session.objects.count() == 1


@pytest.mark.parametrize("by", ["username", "email"])
def test_signing_in_from_a_known_device_takes_few_statements(join: Join, by: str) -> None:
    member = join()
    browser = Client()
    for _ in range(2):  # the second time the device is known
        browser.cookies.pop("sessionid", None)
        with CaptureQueriesContext(connection) as queries:
            browser.post("/login/", {"login": getattr(member, by), "password": PASSWORD})
    assert len(queries) <= 23, [q["sql"][:80] for q in queries]
