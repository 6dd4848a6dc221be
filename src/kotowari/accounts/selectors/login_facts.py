"""The facts that gates ask for before anything by which an account is opened is changed."""

from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress

from kotowari.accounts import gates
from kotowari.accounts.models import AddressChange, AddressProof, Member
from kotowari.accounts.selectors.login_information import (
    addresses_of,
    former_usernames_of,
    undoable_changes_of,
    waiting_addresses_of,
)
from kotowari.accounts.selectors.oneself import proved_facts as proved_facts
from kotowari.accounts.selectors.roles import is_system
from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.gates import facts_for


@facts_for(gates.ADD_ADDRESS)
def new_address_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.NewAddressFacts]:
    """How many addresses one has and may have."""
    mine = isinstance(actor, Member)
    count = addresses_of(actor).count() + waiting_addresses_of(actor).count() if mine else 0
    most = policy.value("accounts.addresses_max")
    return [gates.NewAddressFacts(**proved_facts(actor), addresses=count, addresses_max=most) for _ in subjects]


@facts_for(gates.PROVE_ADDRESS, gates.RESEND_ADDRESS_CODE, gates.DROP_ADDRESS, gates.LAPSE_ADDRESS)
def waiting_address_facts(actor: Any, proofs: Sequence[AddressProof]) -> list[gates.WaitingAddressFacts]:
    """The clocks of addresses that wait for their code."""
    return [
        gates.WaitingAddressFacts(
            signed_in=isinstance(actor, Member),
            left_at=getattr(actor, "left_at", None),
            now=clock.now(),
            lapses_at=proof.lapses_at,
            is_system=is_system(actor),
        )
        for proof in proofs
    ]


@facts_for(gates.MAKE_PRIMARY, gates.REMOVE_ADDRESS)
def address_facts(actor: Any, addresses: Sequence[EmailAddress]) -> list[gates.AddressFacts]:
    """One's own proved addresses, and until when a change away from each can be undone."""
    if not isinstance(actor, Member):
        return [gates.AddressFacts(**proved_facts(actor), is_primary=row.primary, proved=0) for row in addresses]
    proved = addresses_of(actor).count()
    undo = {change.old_email: change.undo_until for change in undoable_changes_of(actor).reverse()}
    return [
        gates.AddressFacts(**proved_facts(actor), is_primary=row.primary, proved=proved, undo_until=undo.get(row.email))
        for row in addresses
    ]


@facts_for(gates.UNDO_ADDRESS)
def undo_facts(_actor: Any, changes: Sequence[AddressChange]) -> list[gates.UndoFacts]:
    """Until when changes can be taken back."""
    return [
        gates.UndoFacts(now=clock.now(), undo_until=row.undo_until, undone_at=row.undone_at, left_at=row.member.left_at)
        for row in changes
    ]


@facts_for(gates.CHANGE_USERNAME)
def username_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.UsernameFacts]:
    """When one's username was last changed."""
    last = former_usernames_of(actor).first() if isinstance(actor, Member) else None
    return [
        gates.UsernameFacts(
            **proved_facts(actor),
            changed_at=last.given_up_at if last else None,
            change_days=policy.value("accounts.username_change_days"),
        )
        for _ in subjects
    ]


@facts_for(gates.CHANGE_PASSWORD)
def new_password_facts(actor: Any, shown: Sequence[bool | None]) -> list[gates.NewPasswordFacts]:
    """The subjects tell whether the present password was shown and is right."""
    return [gates.NewPasswordFacts(**proved_facts(actor), current_right=bool(right)) for right in shown]
