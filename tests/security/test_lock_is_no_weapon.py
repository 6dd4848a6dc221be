"""Ten thousand wrong tries from elsewhere keep nobody out who comes from a device their account knows."""

import threading
from unittest import mock

import pytest
from django.db import connection
from django.test import Client

from kotowari.accounts import authentication
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Lock, Member, SignInRecord
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice
from kotowari.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery staple"
TRIES = 10_000
NETWORKS = 100
THREADS = 4


def try_from(numbers: range, refused: list[int]) -> None:
    try:
        for number in numbers:
            network = number % NETWORKS
            caller = Caller(network=f"10.{network // 250}.{network % 250}.0/24", label="?")
            try:
                authentication.by_password(login="taro@example.jp", password=f"guess {number}", caller=caller)
            except Refused as answer:
                refused.append(answer.decision.status)
    finally:
        connection.close()


@pytest.mark.rule("A015", "A017", "A019")
def test_the_owner_signs_in_from_a_known_device_while_ten_thousand_tries_come_from_elsewhere() -> None:
    owner = register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )
    home, form = Client(), {"login": "taro", "password": PASSWORD}
    assert home.post("/login/", form).status_code == 302
    refused: list[int] = []
    # What is under test is counting, not hashing: a guess is answered without the twenty milliseconds of Argon2.
    real, entered = authentication.credentials.fits, 0
    with mock.patch.object(
        authentication.credentials, "fits", lambda who, typed: not typed.startswith("guess") and real(who, typed)
    ):
        share = TRIES // THREADS
        strangers = [
            threading.Thread(target=try_from, args=(range(n * share, (n + 1) * share), refused)) for n in range(THREADS)
        ]
        for stranger in strangers:
            stranger.start()
        while any(stranger.is_alive() for stranger in strangers):
            home.post("/logout/")
            assert home.post("/login/", form).status_code == 302, "the owner was kept out"
            entered += 1
        for stranger in strangers:
            stranger.join()
    assert len(refused) == TRIES, "somebody got in"
    assert entered >= 3
    assert Lock.objects.filter(member=owner).exists(), "strangers are kept out"
    assert Client().post("/login/", form).status_code == 422, "an unknown device is a stranger"
    assert Notice.objects.filter(member=owner, kind="accounts.locked").count() == Lock.objects.count() < 5
    assert SignInRecord.objects.exclude(outcome="in").count() >= NETWORKS * 10
    assert Member.objects.get().password == owner.password
