"""Real threads: a code sent twice, and one name or address finished by two sign-ups at the same moment."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import Member, SignUp
from kotowari.accounts.services import confirm_sign_up, start_sign_up
from kotowari.foundation.models import OutgoingMail
from kotowari.kernel.errors import InputError, NotVisible, Refused

pytestmark = pytest.mark.django_db(transaction=True)


def begin(username: str, email: str) -> tuple[SignUp, str]:
    sign_up = start_sign_up(
        actor=VISITOR,
        username=username,
        display_name="花子",
        email=email,
        password="correct horse battery staple",
        agreed=["terms", "message_check"],
    )
    code = re.search(r"[A-Z]{4}-[A-Z]{4}", OutgoingMail.objects.latest("id").body)
    assert code
    return sign_up, code[0]


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """What each call came to: the name of its result's or its exception's class, sorted."""
    together = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> str:
        try:
            together.wait(10)
            return type(call()).__name__
        except (InputError, NotVisible, Refused) as refused:
            return type(refused).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))


def confirming(sign_up: SignUp, code: str) -> Callable[[], Member]:
    return lambda: confirm_sign_up(actor=VISITOR, sign_up_id=sign_up.pk, code=code)


def test_one_code_sent_many_times_makes_one_member() -> None:
    call = confirming(*begin("hanako", "hanako@example.jp"))
    assert at_once(*[call] * 6) == ["Member"] + ["NotVisible"] * 5
    assert Member.objects.count() == 1


def test_of_two_sign_ups_with_one_name_one_has_it_and_the_other_is_told() -> None:
    first = confirming(*begin("hanako", "one@example.jp"))
    second = confirming(*begin("hanako", "two@example.jp"))
    assert at_once(first, second) == ["InputError", "Member"]
    assert Member.objects.count() == 1
    assert SignUp.objects.count() == 1  # the other can still be finished under another name


def test_of_two_sign_ups_with_one_address_one_is_a_member() -> None:
    first = confirming(*begin("hanako", "hanako@example.jp"))
    second = confirming(*begin("hanako_2", "hanako@example.jp"))
    outcome = at_once(first, second)
    assert "Member" in outcome
    assert Member.objects.count() == 1
