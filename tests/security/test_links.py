"""Every kind of link that a mail carries: expired, used, of another kind and cut off, it says which, and shows a way on.

The kinds are taken from the addresses and from the places that seal something, so a new one cannot be left out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.test import Client
from tests.conftest import MovableClock
from tests.security.world import World
from tests.service.accounts.factors import with_app
from tests.story import proved

import kotowari
import kotowari.config.urls
from kotowari.accounts import address_mails, links, mails, recovery_words, services
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import AddressChange, Device, SignInRecord
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import run_all_due
from kotowari.foundation.models import OutgoingMail
from kotowari.support import links as support_links
from kotowari.web.screens import SCREENS, leads_somewhere

pytestmark = pytest.mark.django_db
BROKEN = "途中で切れている"


@dataclass(frozen=True)
class Kind:
    """`make` gives the address, `use` does once what it is for; then what is read when it is too old, and when used.

    `days` is a time after which it is too old. A word of "" means that this cannot happen to such a link.
    """

    make: Callable[[World], str]
    use: Callable[[World], Any]
    days: int
    expired: str
    used: str
    is_query: bool = False


def reset(world: World) -> Any:
    return services.set_password(actor=world.worker, password="seven gentle foxes dancing")


def new_main_address(world: World) -> str:
    row = address(world)
    services.make_primary(actor=proved(world.worker), address_id=row.pk)
    return address_mails.undo_path(AddressChange.objects.get(member=world.worker))


def address(world: World) -> Any:
    return EmailAddress.objects.create(user=world.worker, email="second@example.jp", verified=True)


def sign_in_record(world: World) -> SignInRecord:
    found = SignInRecord.objects.filter(member=world.worker).first()
    return found or SignInRecord.objects.create(
        member=world.worker, device=Device.objects.get(member=world.worker), way="password", outcome="in", label="x"
    )


def start_link(world: World) -> str:
    with_app(world.worker)
    return recovery_words.start_path(world.worker)


def stop(world: World) -> Any:
    return services.cancel_recovery(actor=world.recovery.member, recovery_id=world.recovery.pk)


def confirm(world: World) -> Any:
    mail = OutgoingMail.objects.filter(to="atarashii@example.jp").earliest("id")
    code = re.search(r"code=([A-Z0-9-]+)", mail.body)
    assert code
    return services.confirm_sign_up(actor=VISITOR, sign_up_id=world.sign_up.pk, code=code[1])


KINDS: dict[str, Kind] = {
    "account_reset_password_from_key": Kind(lambda w: links.reset_path(w.worker), reset, 1, "期限", "もう使えません"),
    "sign_in_link_open": Kind(lambda w: links.sign_in_path(w.worker), reset, 1, "期限", "もう使えません"),
    "account_unlock": Kind(
        lambda w: mails.unlock_path(w.lock),
        lambda w: services.end_lock(actor=SYSTEM, lock_id=w.lock.pk, by="link"),
        1,
        "すでに",
        "すでに",
    ),
    "address_undo": Kind(
        new_main_address,
        lambda w: services.undo_primary(actor=VISITOR, change_id=AddressChange.objects.get(member=w.worker).pk),
        30,
        "過ぎ",
        "すでに",
    ),
    "security_check.not_me": Kind(
        lambda w: links.not_me_path(sign_in_record(w)),
        lambda w: services.report_not_me(actor=w.worker, record_id=sign_in_record(w).pk),
        90,
        "期限",
        "すでに",
    ),
    "account_recovery_start": Kind(
        start_link,
        lambda w: services.start_recovery(actor=w.worker, has_password=False),
        1,
        "期限",
        "すでに使われました",
    ),
    "account_recovery_link": Kind(lambda w: recovery_words.case_path(w.recovery), stop, 30, "期限", "取りやめ"),
    "account_recovery_cancel": Kind(
        lambda w: recovery_words.cancel_path(w.recovery), stop, 30, "すでに終わっています", "すでに終わっています"
    ),
    "account_signup_link": Kind(
        lambda w: f"/signup/verify/{w.sign_up.pk}/?code=BBBB-CCCC", confirm, 1, "期限", "すでに", is_query=True
    ),
    "contact.ticket": Kind(
        lambda w: support_links.url_for(w.ticket.pk).removeprefix(settings.BASE_URL),
        lambda _: None,
        400,
        "期限",
        "",
        is_query=True,
    ),
    "appeal": Kind(lambda w: mails.appeal_path(w.contestable.pk), lambda _: None, 0, "", "", is_query=True),
}


def test_no_kind_of_link_is_left_out() -> None:
    keyed = {s.name for s in SCREENS.values() if {"key", "token"} & set(s.needs) and not s.members_only}
    assert keyed == {name for name, kind in KINDS.items() if not kind.is_query}
    source = Path(kotowari.__file__).parent
    carried = {
        found
        for path in source.rglob("*.py")
        for found in re.findall(
            r'f"(?:\{settings.BASE_URL\})?/(?!my/)[^"]*/\{[^"}]*\}/\?(?:key|code)=', path.read_text()
        )
    }
    assert len(carried) == sum(kind.is_query for kind in KINDS.values()), carried
    seals = {p.name for p in source.rglob("*.py") if re.search(r"signing\.dumps|Signer\(", p.read_text())}
    in_mails = {"address_mails.py", "links.py", "mails.py", "recovery_words.py"}
    # A cookie of devices, and the ticket of a program that still has to show its second factor.
    assert seals == in_mails | {"callers.py", "program_sign_ins.py"}, (
        "something new is sealed: if it goes into a mail, name it in KINDS"
    )


def read(path: str) -> str:
    """What somebody reads who opens it in a browser of their own."""
    answer = Client().get(path, follow=True)
    text = str(answer.content.decode())
    assert answer.status_code in (200, 403, 404, 409), f"{path}: {answer.status_code}"
    page = re.search(r"<h1.*</main>", text, re.S)
    assert page
    return page[0]


def shows_a_way_on(text: str) -> bool:
    """Whether the page itself leads on, beside asking the operator."""
    ways = re.findall(r'href="(/[^"]*)', text)
    return any(
        leads_somewhere(way.partition("?")[0]) for way in ways if way != "/" and not way.startswith("/contact/?code=")
    )


@pytest.mark.rule("A022")
@pytest.mark.parametrize("name", KINDS)
def test_a_link_says_what_became_of_it_and_shows_a_way_on(clock: MovableClock, name: str) -> None:
    world, kind = World(clock), KINDS[name]
    path = kind.make(world)
    assert BROKEN not in read(path)
    other = signing.dumps("of another kind", salt="another")
    if kind.is_query:
        bad = [path[:-3], re.sub(r"=.*", "=" + other, path)]
    else:
        bad = [re.sub(r"[^/]{3}/$", "/", path), re.sub(r"[^/]+/$", other + "/", path)]
    for each in bad if name != "account_signup_link" else []:
        text = read(each)
        assert ("リンクの全体" if name == "appeal" else BROKEN) in text, f"{name}: {each}"
        assert shows_a_way_on(text), f"{name}: {each}"


@pytest.mark.rule("A022")
@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.used])
def test_a_used_link_says_so_and_shows_a_way_on(clock: MovableClock, name: str) -> None:
    world, kind = World(clock), KINDS[name]
    path = kind.make(world)
    clock.move(seconds=1)
    kind.use(world)
    text = read(path)
    assert kind.used in text, text
    assert shows_a_way_on(text), text


@pytest.mark.rule("A022")
@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.expired])
def test_an_expired_link_says_so_and_shows_a_way_on(clock: MovableClock, name: str) -> None:
    world, kind = World(clock), KINDS[name]
    path = kind.make(world)
    clock.move(days=kind.days)
    run_all_due()
    text = read(path)
    assert kind.expired in text, text
    assert shows_a_way_on(text), text
