"""Who acts for a ticket without being signed in: whoever holds a link that was mailed to its address."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Somebody who opened the signed link of one ticket. Nobody to any other room, and no system."""

    ticket_id: UUID
    pk: None = None
    is_staff: bool = False

    def __str__(self) -> str:
        return f"link to ticket {self.ticket_id}"
