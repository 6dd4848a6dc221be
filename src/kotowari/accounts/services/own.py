"""The account that a command about oneself is about."""

from kotowari.accounts.models import Member
from kotowari.foundation.actors import Actor
from kotowari.foundation.locks import lock


def locked(actor: Actor) -> Actor:
    """The actor's own row, locked and as it is now, with what is known of how they come.

    Whoever has no row stays as they are, for the gate to refuse.
    """
    if actor.pk is None:
        return actor
    member = lock(Member, actor.pk)
    member.proved_at, member.via = getattr(actor, "proved_at", None), getattr(actor, "via", "")
    return member
