"""Opening and ending a session."""

from kotowari.accounts import entries, gates, limits
from kotowari.accounts.models import Member
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.gates import require


@command(gates.SIGN_IN)
def sign_in(*, actor: Member) -> Member:
    """Let a recognised member in, on whichever path (password, code, passkey). Raises `Refused`.

    Called by the adapter for each of them, so that no path goes around the gate.
    """
    member = lock(Member, actor.pk)
    require(gates.SIGN_IN, member)
    member.last_login = actor.last_login = clock.now()
    member.save(update_fields=["last_login"])
    limits.forget_sign_ins(member)
    audit.record(actor=member, kind=entries.SIGNED_IN, subject=member)
    return member


@command(gates.SIGN_OUT)
def sign_out(*, actor: Actor) -> None:
    """End this session: not the membership, and not the sessions on other devices (A036)."""
    require(gates.SIGN_OUT, actor)
    audit.record(actor=actor, kind=entries.SIGNED_OUT, subject=None)
