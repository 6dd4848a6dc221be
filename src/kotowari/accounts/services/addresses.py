"""Several addresses for one account (A067): adding one, proving it, and giving it up again."""

from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from kotowari.accounts import address_mails, codes, entries, gates, names
from kotowari.accounts.models import AddressProof, Member
from kotowari.accounts.selectors.login_information import address_proof, addresses_of, is_registered
from kotowari.accounts.services.own import locked
from kotowari.accounts.telling import tell_everywhere
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError, NotVisible
from kotowari.kernel.gates import Blocker, refuse, require
from kotowari.kernel.text import Text


@command(gates.ADD_ADDRESS)
def ask_address(*, actor: Actor, email: str) -> AddressProof:
    """Begin to add an address: a code goes there. Asked for again, it begins anew.

    When the address is another member's, everything goes the same way, except that the mail says so to its owner and
    holds no code (A010). Raises `InputError`, `Refused`.
    """
    member = locked(actor)
    require(gates.ADD_ADDRESS, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    email = names.folded(email)
    problems = names.email_problems(email)
    if not problems and addresses_of(member).filter(email=email).exists():
        problems = [Text("すでに登録されているメールアドレスです。", "This address is registered already.")]
    if problems:
        raise InputError({"email": problems})
    now = clock.now()
    proof = AddressProof.objects.select_for_update(of=("self",)).filter(member=member, email=email).first()
    proof = proof or AddressProof(member=member, email=email)
    proof.proved_at, proof.asked_at, proof.codes_sent = None, now, 0
    proof.lapses_at = now + timedelta(hours=policy.value("accounts.address_proof_hours"))
    _send_code(proof)
    audit.record(actor=actor, kind=entries.ADDRESS_ASKED, subject=proof)
    return proof


@command(gates.RESEND_ADDRESS_CODE)
def resend_address_code(*, actor: Actor, proof_id: UUID) -> AddressProof:
    """Send a new code; the one before is void. Raises `Refused`, `NotVisible`."""
    proof = _mine(actor, proof_id)
    require(gates.RESEND_ADDRESS_CODE, actor, proof)
    _send_code(proof)
    audit.record(actor=actor, kind=entries.ADDRESS_CODE_SENT, subject=proof, number=proof.codes_sent)
    return proof


@command(gates.PROVE_ADDRESS)
def prove_address(*, actor: Actor, proof_id: UUID, code: str) -> EmailAddress:
    """Add the address with the code from its mail, and tell its owner at every address.

    Raises `InputError` for a wrong code, `Refused` when time has run out or somebody else proved it first, `NotVisible`.
    """
    member = locked(actor)
    proof = _mine(actor, proof_id)
    require(gates.PROVE_ADDRESS, member, proof)
    assert isinstance(member, Member)  # the gate lets nobody else through
    if not codes.matches(code, proof.code_digest, row_id=proof.pk):
        raise InputError({"code": [WRONG_CODE]})
    address = _registered(member, proof.email)
    proof.proved_at = clock.now()
    proof.save(update_fields=["proved_at"])
    title, body = address_mails.address_added(address.email)
    tell_everywhere(member, kind="accounts.address_added", title=title, body=body)
    audit.record(actor=actor, kind=entries.ADDRESS_ADDED, subject=proof, email=address.email)
    return address


@command(gates.DROP_ADDRESS)
def drop_address(*, actor: Actor, proof_id: UUID) -> None:
    """Do not add it after all. Raises `Refused`, `NotVisible`."""
    proof = _mine(actor, proof_id)
    require(gates.DROP_ADDRESS, actor, proof)
    audit.record(actor=actor, kind=entries.ADDRESS_DROPPED, subject=proof)
    proof.delete()


@command(gates.LAPSE_ADDRESS)
def lapse_address(*, actor: Actor, proof_id: UUID) -> None:
    """Forget an address whose code did not come back in time. Raises `Refused` before that."""
    proof = _mine(actor, proof_id)
    require(gates.LAPSE_ADDRESS, actor, proof)
    audit.record(actor=actor, kind=entries.ADDRESS_DROPPED, subject=proof)
    proof.delete()


@command(gates.REMOVE_ADDRESS)
def remove_address(*, actor: Actor, address_id: int) -> Member:
    """Give up a proved address, and say so at every address, that one too. Raises `Refused`, `NotVisible`."""
    member = locked(actor)
    address = my_address(member, address_id)
    require(gates.REMOVE_ADDRESS, member, address)
    assert isinstance(member, Member)  # the gate lets nobody else through
    AddressProof.objects.filter(member=member, email=address.email).delete()
    address.delete()
    title, body = address_mails.address_removed(address.email)
    tell_everywhere(member, kind="accounts.address_removed", title=title, body=body, also_to=[address.email])
    audit.record(actor=actor, kind=entries.ADDRESS_REMOVED, subject=member, email=address.email)
    return member


def my_address(actor: Actor, address_id: int) -> EmailAddress:
    """One's own proved address, locked. Raises `NotVisible` for anything else."""
    rows = EmailAddress.objects.select_for_update().filter(user_id=actor.pk, verified=True, pk=address_id)
    row = rows.first()
    if row is None:
        raise NotVisible("account.emailaddress", address_id)
    return row


def _mine(actor: Actor, proof_id: UUID) -> AddressProof:
    address_proof(actor, proof_id)
    return lock(AddressProof, proof_id, "member")


def _send_code(proof: AddressProof) -> None:
    """A fresh code for the address; to another member's address goes a mail without one."""
    code = codes.new_code()
    proof.code_digest = codes.digest_of(code, row_id=proof.pk)
    proof.codes_sent += 1
    proof.save()
    if is_registered(proof.email):
        address_mails.send_address_in_use(to=proof.email, language=proof.member.language)
    else:
        address_mails.send_proof(proof, code)


def _registered(member: Member, email: str) -> EmailAddress:
    """The address as the member's; somebody else may have proved it at this very moment."""
    try:
        with transaction.atomic():
            row, _ = EmailAddress.objects.update_or_create(user=member, email=email, defaults={"verified": True})
    except IntegrityError as error:
        raise refuse(gates.PROVE_ADDRESS, _address_in_use()) from error
    return row


def _address_in_use() -> Blocker:
    """Told only to whoever has just proved to read the mail of this address."""
    return Blocker(
        code="address_in_use",
        reason=Text(
            "このメールアドレスは、たった今ほかのアカウントに登録されました。ご自身のアカウントが2つある場合は、お問い合わせください。",
            "This address was registered with another account just now. If both are yours, please contact us.",
        ),
        rule="A125",
        resolved_by="operator",
        remedy=gates.TO_ADDRESSES,
    )


WRONG_CODE = Text(
    "確認コードが違います。いちばん新しいメールの8文字を入力してください。",
    "This is not the code. Please enter the eight letters of the newest mail.",
)
"""What is said of a code that does not match."""
