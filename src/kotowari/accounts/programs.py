"""Programs that sign in by password: the way from what they sent to their key. Called at the edge."""

from dataclasses import replace

from kotowari.accounts import gates, second_factor, selectors, services
from kotowari.accounts.authentication import member_by_password
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import ApiToken, Member
from kotowari.accounts.program_sign_ins import ProgramSignIn, begun, sign_in_of, ticket_of
from kotowari.accounts.services.sent_codes import SIGN_IN
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Blocker, Decision, require

STEP = "second_factor_needed"


def sign_in(
    *, login: str, password: str, name: str, scopes: list[str], kind: str = "totp", code: str = "", caller: Caller
) -> ApiToken:
    """The key for a program that shows a login and a password, perhaps with a `code` of a second factor of this `kind`.

    Raises `InputError` for a name or scopes that no key can have, before anything is tried; `Refused` in the one
    neutral answer, with the wait, or, after the right password, with what is missing and the ticket to send it with.
    """
    name, wanted = services.usable(name=name, scopes=scopes)
    member = member_by_password(login=login, password=password, caller=caller)
    shown = second_factor.shown_already(member, way="password", caller=caller)
    sent = kind if code else ""
    signing_in = begun(
        member,
        mark=selectors.trust_mark(member),
        name=name,
        scopes=wanted,
        second_factor=sent if shown is None else shown,
    )
    try:
        require(gates.SIGN_IN_PROGRAM, member, signing_in)
    except Refused as refused:
        raise Refused(_with_ticket(refused.decision, signing_in)) from None
    if shown is None:
        second_factor.by_code(member, kind=kind, typed=code, caller=caller)
    return _let_in(member, signing_in, caller)


def finish(*, ticket: str, kind: str, code: str, caller: Caller) -> ApiToken:
    """The key for a program that shows the second factor its ticket waits for. Raises `Refused`."""
    member, signing_in = _waiting(ticket, kind)
    second_factor.by_code(member, kind=kind, typed=code, caller=caller)
    return _let_in(member, signing_in, caller)


def send_code(*, ticket: str, telephone: str, caller: Caller) -> None:
    """Send a code to a telephone of the member whom a ticket is for. Raises `Refused`, `NotVisible`."""
    member, _ = _waiting(ticket, "sms")
    factor = selectors.telephone_of(member, telephone)
    second_factor.send_code(member, factor=factor, purpose=SIGN_IN, caller=caller)


def _waiting(ticket: str, kind: str) -> tuple[Member, ProgramSignIn]:
    """Whom a ticket is for and what it carries, if it is good still. Raises `Refused`, before a code is used up."""
    carried = sign_in_of(ticket)
    member = Member.objects.filter(pk=carried.member_id).first() if carried else None
    signing_in = replace(carried, second_factor=kind) if carried else None
    require(gates.SIGN_IN_PROGRAM, member, signing_in)
    assert member is not None  # the gate refuses what is no ticket
    assert signing_in is not None
    return member, signing_in


def _let_in(member: Member, signing_in: ProgramSignIn, caller: Caller) -> ApiToken:
    token: ApiToken = services.sign_in_program(actor=member, signing_in=signing_in, caller=caller)
    return token


def _with_ticket(decision: Decision, signing_in: ProgramSignIn) -> Decision:
    """The same refusal with the ticket to go on with; where something else stands in the way, too, there is none."""

    def held(blocker: Blocker) -> Blocker:
        if not blocker.code.endswith(f".{STEP}"):
            return blocker
        return replace(blocker, facts={**blocker.facts, "ticket": ticket_of(signing_in)})

    if len(decision.blockers) > 1:
        return decision
    return replace(decision, blockers=tuple(held(each) for each in decision.blockers))
