"""How often may be written. Called at the edge, before a command begins; nothing counted depends on an account."""

from uuid import UUID

from kotowari.accounts.limits import Limit
from kotowari.accounts.names import folded
from kotowari.foundation.actors import Actor
from kotowari.support import gates

TICKETS_PER_NETWORK = 20
TICKETS_PER_ADDRESS = 5
TICKETS_PER_MEMBER = 10
WORDS_PER_TICKET = 20
LINKS_PER_NETWORK = 20
LINKS_PER_ADDRESS = 5
ACTS_OF_STAFF = 600
"""Each in an hour. They guard the operator's queue and other people's mailboxes rather than serve members."""

_network = Limit(gates.OPEN, "support.open.network", TICKETS_PER_NETWORK, "P011")
_address = Limit(gates.OPEN, "support.open.address", TICKETS_PER_ADDRESS, "P011")
_member = Limit(gates.OPEN, "support.open.member", TICKETS_PER_MEMBER, "P011")
_words = Limit(gates.WRITE, "support.write.ticket", WORDS_PER_TICKET, "P011")
_link_network = Limit(gates.SEND_LINK, "support.link.network", LINKS_PER_NETWORK, "P011")
_link_address = Limit(gates.SEND_LINK, "support.link.address", LINKS_PER_ADDRESS, "P011")
_staff = Limit(gates.ANSWER, "support.case.staff", ACTS_OF_STAFF, "P011")


def count_ticket(*, actor: Actor, email: str, network: str) -> None:
    """Count one question. Raises `Refused` with the end of the wait."""
    if actor.pk is not None:
        _member.count(str(actor.pk))
        return
    _network.count(network)
    _address.count(folded(email))


def count_words(ticket_id: UUID) -> None:
    """Count one message, settling or reopening by a customer. Raises `Refused`."""
    _words.count(str(ticket_id))


def count_link(*, email: str, network: str) -> None:
    """Count one mail with a link. Raises `Refused`."""
    _link_network.count(network)
    _link_address.count(folded(email))


def count_staff(staff: Actor) -> None:
    """Count one answer, note or closing by staff. Raises `Refused`."""
    _staff.count(str(staff.pk))
