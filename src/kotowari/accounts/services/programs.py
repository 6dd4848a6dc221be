"""Letting a program in whose password was right."""

from kotowari.accounts import gates
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import ApiToken, Member
from kotowari.accounts.program_sign_ins import ProgramSignIn
from kotowari.accounts.services.sign_in import sign_in
from kotowari.accounts.services.tokens import new_key
from kotowari.foundation import policy
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel.gates import require

WAY = "password"


@command(gates.SIGN_IN_PROGRAM)
def sign_in_program(*, actor: Member, signing_in: ProgramSignIn, caller: Caller) -> ApiToken:
    """The key of a program whose owner was recognised by password; `plaintext` is on the returned row only.

    Passes the gate of signing in like every session, with the same record, and the same word to the owner of a
    device that is new; `device` on the row is the one it came with. Under the member's lock nothing that was begun
    before a change of password or of a second factor makes a key, and one sign-in makes one. Raises `Refused`.
    """
    member = lock(Member, actor.pk)
    require(gates.SIGN_IN_PROGRAM, member, signing_in)
    device = sign_in(actor=member, way=WAY, caller=caller, second_factor=signing_in.second_factor)
    return new_key(
        member,
        name=signing_in.name,
        scopes=signing_in.scopes,
        days=policy.value("accounts.program_days"),
        id=signing_in.token_id,
        device=device,
    )
