"""What staff see of the account behind a case, so that the answer can say what was found (A063)."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from kotowari.accounts.gates import SIGN_IN
from kotowari.accounts.models import Lock, Member, Restriction, SignInRecord
from kotowari.accounts.selectors import locks_visible_to, restrictions_visible_to
from kotowari.kernel.gates import Decision, explain, require
from kotowari.support.gates import SEE_CASE
from kotowari.support.models import Ticket

SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSeen:
    """An account as it stands: may it be signed in to, what keeps it out, and the last tries at it."""

    member: Member
    addresses: list[EmailAddress]
    sign_in: Decision
    locks: QuerySet[Lock]
    restrictions: QuerySet[Restriction]
    tries: QuerySet[SignInRecord]


def account_behind(staff: Member, ticket: Ticket) -> AccountSeen | None:
    """The account whose address the ticket gives; None when it is nobody's. Raises `Refused` to others than staff."""
    require(SEE_CASE, staff, ticket)
    member = ticket.member
    if member is None:
        return None
    return AccountSeen(
        member=member,
        addresses=list(EmailAddress.objects.filter(user_id=member.pk).order_by("-primary", "id")),
        sign_in=explain(SIGN_IN, member),
        locks=locks_visible_to(staff).filter(member=member)[:SHOWN],
        restrictions=restrictions_visible_to(staff).filter(member=member)[:SHOWN],
        tries=member.sign_in_records.order_by("-id")[:SHOWN],
    )
