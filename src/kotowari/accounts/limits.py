"""How often what nobody is signed in for may be tried. Called at the edge, before a command begins.

Keys are what was typed and the network it came from, never the account behind it: an address that has no
account is counted and refused in exactly the same way as one that has. Tries at passwords and codes are counted in
`accounts.tries`.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from kotowari.accounts import gates
from kotowari.accounts.names import folded
from kotowari.foundation import ratelimit
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Action, Blocker, Remedy, refuse
from kotowari.kernel.text import Text

HOUR_SECONDS = 3600
SIGN_UPS_PER_NETWORK = 20
CODES_PER_ADDRESS = 5
CODE_TRIES = 5
RESETS_PER_ADDRESS = 5
RESETS_PER_NETWORK = 20
REASONS_PER_LOGIN = 5
REASONS_PER_NETWORK = 20
NEW_ADDRESSES_PER_MEMBER = 10
TEXTS_PER_MEMBER = 5
TEXTS_PER_NUMBER = 5
TEXTS_PER_NETWORK = 30
PROOF_MAILS_PER_MEMBER = 5
SIGN_IN_LINKS_PER_ADDRESS = 5
SIGN_IN_LINKS_PER_NETWORK = 20
EXTERNAL_PER_NETWORK = 60
RECOVERIES_PER_LOGIN = 5
RECOVERIES_PER_NETWORK = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times in an hour, for one key, of one action."""

    action: Action
    scope: str
    limit: int
    rule: str

    def count(self, key: str) -> None:
        """Count one; raises `Refused` with the end of the wait when there were enough."""
        ratelimit.require(
            self.action, rule=self.rule, scope=self.scope, key=key, limit=self.limit, window_seconds=HOUR_SECONDS
        )


_sign_up_network = Limit(gates.SIGN_UP, "accounts.sign_up.network", SIGN_UPS_PER_NETWORK, "A015")
_sign_up_code = Limit(gates.SIGN_UP, "accounts.sign_up.address", CODES_PER_ADDRESS, "A015")
_resend_code = Limit(gates.RESEND_CODE, "accounts.sign_up.address", CODES_PER_ADDRESS, "A015")
_code_try = Limit(gates.CONFIRM_SIGN_UP, "accounts.sign_up.code", CODE_TRIES, "A015")
_reset_address = Limit(gates.ASK_RESET, "accounts.reset.address", RESETS_PER_ADDRESS, "A022")
_reason_login = Limit(gates.ASK_WHY, "accounts.why.login", REASONS_PER_LOGIN, "A013")
_reason_network = Limit(gates.ASK_WHY, "accounts.why.network", REASONS_PER_NETWORK, "A013")
_reset_network = Limit(gates.ASK_RESET, "accounts.reset.network", RESETS_PER_NETWORK, "A022")
_recovery_login = Limit(gates.ASK_RECOVERY, "accounts.recovery.login", RECOVERIES_PER_LOGIN, "P011")
_recovery_begun = Limit(gates.START_RECOVERY, "accounts.recovery.begun", RECOVERIES_PER_LOGIN, "P011")
_recovery_network = Limit(gates.ASK_RECOVERY, "accounts.recovery.network", RECOVERIES_PER_NETWORK, "P011")
_recovery_code = Limit(gates.SEND_RECOVERY_CODE, "accounts.recovery.code", CODES_PER_ADDRESS, "P011")
_proof_mail = Limit(gates.SEND_PROOF_CODE, "accounts.proof.mail", PROOF_MAILS_PER_MEMBER, "P011")

_new_address_member = Limit(gates.ADD_ADDRESS, "accounts.address.member", NEW_ADDRESSES_PER_MEMBER, "A115")
_new_address = Limit(gates.ADD_ADDRESS, "accounts.address.address", CODES_PER_ADDRESS, "A115")
_address_code_try = Limit(gates.PROVE_ADDRESS, "accounts.address.code", CODE_TRIES, "A115")

_link_address = Limit(gates.ASK_SIGN_IN_LINK, "accounts.sign_in_link.address", SIGN_IN_LINKS_PER_ADDRESS, "A029")
_link_network = Limit(gates.ASK_SIGN_IN_LINK, "accounts.sign_in_link.network", SIGN_IN_LINKS_PER_NETWORK, "A029")
_external_network = Limit(gates.ENTER_EXTERNAL, "accounts.external.network", EXTERNAL_PER_NETWORK, "A015")


def count_sign_up(*, email: str, network: str) -> None:
    """Count one sign-up and its mail. Raises `Refused`."""
    _sign_up_network.count(network)
    _sign_up_code.count(folded(email))


def count_resend(*, email: str, network: str) -> None:
    """Count one more mail with a code. Raises `Refused`."""
    _sign_up_network.count(network)
    _resend_code.count(email)


def count_code(*, sign_up_id: UUID, codes_sent: int) -> None:
    """Count one try at a code; each new code has its own tries. Raises `Refused`, with a new code as the way on."""
    _count_code(_code_try, f"{sign_up_id}:{codes_sent}", gates.TO_NEW_CODE)


def count_new_address(*, member_id: UUID, email: str) -> None:
    """Count one mail with a code for a further address. Raises `Refused`."""
    _new_address_member.count(str(member_id))
    _new_address.count(folded(email))


def count_address_code(*, proof_id: UUID, codes_sent: int) -> None:
    """Count one try at the code of a further address. Raises `Refused`, with a new code as the way on."""
    to_new_code = Remedy(gates.TO_NEW_CODE.label, f"/my/settings/login/addresses/{proof_id}/#resend")
    _count_code(_address_code_try, f"{proof_id}:{codes_sent}", to_new_code)


def count_sign_in_link(*, email: str, network: str) -> None:
    """Count one mail with a link that signs in. Raises `Refused`."""
    _link_network.count(network)
    _link_address.count(folded(email))


def count_external(*, network: str) -> None:
    """Count one way over a provider: each makes us ask that provider. Raises `Refused`."""
    _external_network.count(network)


def count_reset(*, email: str, network: str) -> None:
    """Count one mail for a new password. Raises `Refused`."""
    _reset_network.count(network)
    _reset_address.count(folded(email))


def count_reason(*, login: str, network: str) -> None:
    """Count one mail with the reason. Raises `Refused`."""
    _reason_network.count(network)
    _reason_login.count(folded(login))


def count_text(*, action: Action, member_id: UUID, number: str, network: str) -> None:
    """Count one text message: for whom, to which number, and from where it was asked for. Raises `Refused`."""
    for scope, limit, key in (
        ("accounts.text.network", TEXTS_PER_NETWORK, network),
        ("accounts.text.member", TEXTS_PER_MEMBER, str(member_id)),
        ("accounts.text.number", TEXTS_PER_NUMBER, number),
    ):
        Limit(action, scope, limit, "P011").count(key)


def count_recovery(*, login: str, network: str) -> None:
    """Count one mail with the link for a recovery. Raises `Refused`."""
    _recovery_network.count(network)
    _recovery_login.count(folded(login))


def count_recovery_begun(*, member_id: UUID) -> None:
    """Count one recovery begun, apart from the mails that anybody can ask for: they keep no owner out. Raises `Refused`."""
    _recovery_begun.count(str(member_id))


def count_recovery_code(*, recovery_id: UUID) -> None:
    """Count one mail with the code of a recovery. Raises `Refused`."""
    _recovery_code.count(str(recovery_id))


def count_proof_mail(member_id: UUID) -> None:
    """Count one mail with a code by which a member shows that it is them. Raises `Refused`."""
    _proof_mail.count(str(member_id))


def _count_code(limit: Limit, key: str, to_new_code: Remedy) -> None:
    try:
        limit.count(key)
    except Refused as refused:
        raise refuse(limit.action, *(_void(b, to_new_code) for b in refused.decision.blockers)) from refused


def _void(blocker: Blocker, to_new_code: Remedy) -> Blocker:
    """A code that was guessed at too often is void, so waiting does not help: a new one does."""
    if blocker.status != 429:
        return blocker
    return replace(
        blocker,
        code="too_many_codes",
        reason=Text(
            "コードを{limit}回間違えたため、このコードは使えなくなりました。新しいコードを送ってください。",
            "This code was entered wrongly {limit} times and is void. Please have a new one sent.",
        ).format(limit=CODE_TRIES),
        facts={"tries": CODE_TRIES},
        resolved_by="you",
        remedy=to_new_code,
        clears_at=None,
    )
