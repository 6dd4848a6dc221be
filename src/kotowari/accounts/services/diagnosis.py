"""Telling the owner of an account, at the registered address alone, why it does not open (A013, A023, A028)."""

from datetime import timedelta

from django.conf import settings

from kotowari.accounts import credentials, entries, gates, mails, names
from kotowari.accounts.diagnosis import Findings, Try, answer_to
from kotowari.accounts.events import WhyAsked
from kotowari.accounts.links import reset_path
from kotowari.accounts.models import Member, SignInRecord
from kotowari.accounts.selectors.login_information import owner_of_former
from kotowari.accounts.selectors.restrictions import locks_in_force, restrictions_in_force
from kotowari.foundation import audit, outbox
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.outbox import on
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import explain, require
from kotowari.kernel.text import Language

TRIES_OF = timedelta(hours=24)
TRIES_TOLD = 5


@command(gates.ASK_WHY)
def ask_why(*, actor: Actor, login: str, language: Language = "ja") -> None:
    """Have the reason why this login does not open its account mailed to the registered address.

    Nothing is looked up here, so that neither time nor traces tell whoever asked whether there is such an account.
    `language` is theirs, for a mail to an address that nobody registered. Raises `InputError` for what is no login.
    """
    require(gates.ASK_WHY, actor)
    check_login(login)
    outbox.emit(WhyAsked(login=names.folded(login), language=language))
    audit.record(actor=actor, kind=entries.ASKED_WHY, subject=None)


@on(WhyAsked)
def tell_why(asked: WhyAsked) -> None:
    """Write to the registered address what keeps its account closed, and the one step that opens it.

    An address that nobody registered gets a mail that says so; a username that nobody has has no address to write to.
    Somebody who typed a name that they gave up is told the present one.
    """
    typed = asked.login
    member = credentials.member_of(typed) or owner_of_former(typed)
    if member is not None:
        to = typed if "@" in typed else member.email
        found = findings(member)
        mails.send_diagnosis(
            to=to, language=member.language, name=member.display_name, found=found, answer=answer_to(found)
        )
    elif "@" in typed:
        mails.send_no_account(to=typed, language=asked.language)


def check_login(login: str) -> None:
    """Raise `InputError` for what cannot be an address or a username: before a mail is counted, and when it is sent."""
    typed = names.folded(login)
    problems = names.email_problems(typed) if "@" in typed else names.username_problems(typed)
    if problems:
        raise InputError({"login": problems})


def findings(member: Member) -> Findings:
    """What is known of a member's account, with links that only its owner's mail may carry."""
    lock = locks_in_force().filter(member=member).order_by("-until").first()
    frozen = restrictions_in_force().filter(member=member, scope__contains=["sign_in"]).order_by("-until").first()
    links = {
        "reset": reset_path(member),
        "login": "/login/",
        "sign_up": "/signup/",
        "contact": "/contact/",
        "unlock": mails.unlock_path(lock) if lock else "/login/",
        "appeal": mails.appeal_path(frozen.pk) if frozen else "/contact/",
    }
    records = SignInRecord.objects.filter(member=member, at__gt=clock.now() - TRIES_OF).order_by("-id")[:TRIES_TOLD]
    return Findings(
        username=member.username,
        has_password=member.has_usable_password(),
        external=(),
        blockers=explain(gates.SIGN_IN, member).blockers,
        tries=[Try(at=r.at, way=r.way, outcome=r.outcome, label=r.label) for r in records],
        links={name: f"{settings.BASE_URL}{path}" for name, path in links.items()},
    )
