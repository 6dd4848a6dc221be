"""Tries at passwords and codes, counted in rows that a success ends (A015, field 4.3).

A password is counted for the network, for what was typed from this network, and for the account; a device that the
account knows has a lane of its own instead, so that strangers cannot keep its owner out. Codes are counted apart
from passwords. What a person is told depends only on what they typed and where from, never on whether there is such
an account: the account's own row is told to nobody here, it makes the lock.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kotowari.accounts import gates
from kotowari.accounts.callers import Caller
from kotowari.accounts.credentials import logins_of
from kotowari.accounts.models import Member
from kotowari.foundation import backoff, policy
from kotowari.foundation.ratelimit import LimiterUnavailable, clock_words, unanswered
from kotowari.kernel import clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Action, Blocker, refuse
from kotowari.kernel.text import Text

NETWORK = "accounts.sign_in.network"
PAIR = "accounts.sign_in.pair"
ACCOUNT = "accounts.sign_in.account"
LANE = "accounts.sign_in.device"
CODE = "accounts.sign_in.code"
NETWORK_FREE = 60
CODE_FREE = 5
FORGET_SECONDS = 24 * 3600
NETWORK_FORGET_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Counted:
    """A try that was counted: `left` are those still free, `wait_until` the wait that follows if it fails.

    `account_stopped` tells that the account takes no password from an unknown device now; `account_wait_until` is
    the lock that a failure makes.
    """

    left: int
    wait_until: datetime | None
    account_stopped: bool
    account_wait_until: datetime | None
    account_tries: int
    given_back: Sequence[tuple[str, str]]


@contextmanager
def password(*, typed: str, owner_id: UUID | None, caller: Caller, device_id: UUID | None) -> Iterator[Counted]:
    """Count a try at a password for the block that finds out about it.

    `typed` is the folded login; `owner_id` whose it is, if anybody's; `device_id` a device that the owner's account
    knows. Raises `Refused` with the end of the wait before the block, and takes the try back when the block ends in
    anything but a refusal: then the fault was ours (A014).
    """
    limits = _lane(device_id) if device_id else _open(typed, owner_id, caller)
    taken = _take(gates.SIGN_IN, limits)
    account = taken[-1]
    told = taken[0] if device_id else taken[1]
    with _ours_given_back(limits):
        yield Counted(
            left=told.left,
            wait_until=told.wait_until,
            account_stopped=not account.counted,
            account_wait_until=None if device_id else account.wait_until,
            account_tries=account.tries,
            given_back=[(limit.scope, limit.key) for limit in limits],
        )


@contextmanager
def code(*, action: Action, member_id: UUID) -> Iterator[int]:
    """Count a try at a second factor's code; yields how many remain. Raises `Refused` with the end of the wait."""
    limits = [
        backoff.Limit(
            scope=CODE,
            key=str(member_id),
            free=CODE_FREE,
            first_seconds=policy.value("accounts.login_wait_seconds"),
            most_seconds=policy.value("accounts.login_lock_max_minutes") * 60,
            forget_seconds=FORGET_SECONDS,
        )
    ]
    taken = _take(action, limits)
    with _ours_given_back(limits):
        yield taken[0].left


@contextmanager
def from_network(*, action: Action, caller: Caller) -> Iterator[None]:
    """Count a try at a proof that names its account itself, such as a passkey: for the network alone."""
    limits = [_network(caller)]
    _take(action, limits)
    with _ours_given_back(limits):
        yield


def network_was_right(caller: Caller) -> None:
    """A right proof takes its one try back."""
    backoff.give_back(NETWORK, caller.network)


def password_was_right(*, typed: str, member_id: UUID, caller: Caller, device_id: UUID | None) -> None:
    """End the rows that a right password ends; the network's only loses this one try."""
    if device_id:
        backoff.clear([(LANE, str(device_id))])
        return
    backoff.clear([(PAIR, _pair(typed, caller)), (ACCOUNT, str(member_id))])
    backoff.give_back(NETWORK, caller.network)


def code_was_right(member_id: UUID) -> None:
    """A right code ends the row of wrong ones."""
    backoff.clear([(CODE, str(member_id))])


def was_no_guess(member_id: UUID) -> None:
    """A right code that is no second factor takes its one try back and leaves the wrong ones counted."""
    backoff.give_back(CODE, str(member_id))


def forget(member: Member, caller: Caller | None = None) -> None:
    """A new password, the owner's link or staff begin the rows of the account anew, also from where the owner is."""
    keys = [(ACCOUNT, str(member.pk)), (CODE, str(member.pk))]
    if caller:
        keys += [(PAIR, _pair(login, caller)) for login in logins_of(member)]
        keys += [(LANE, str(device_id)) for device_id in caller.devices]
    backoff.clear(keys)


def _open(typed: str, owner_id: UUID | None, caller: Caller) -> list[backoff.Limit]:
    wait_seconds = policy.value("accounts.login_wait_seconds")
    most_seconds = policy.value("accounts.login_lock_max_minutes") * 60
    return [
        _network(caller),
        backoff.Limit(
            scope=PAIR,
            key=_pair(typed, caller),
            free=policy.value("accounts.login_tries"),
            first_seconds=wait_seconds,
            most_seconds=most_seconds,
            forget_seconds=FORGET_SECONDS,
        ),
        backoff.Limit(
            scope=ACCOUNT,
            key=str(owner_id) if owner_id else f"typed {typed}",
            free=policy.value("accounts.lock_tries"),
            first_seconds=policy.value("accounts.login_lock_minutes") * 60,
            most_seconds=most_seconds,
            forget_seconds=FORGET_SECONDS,
            binding=False,
        ),
    ]


def _network(caller: Caller) -> backoff.Limit:
    return backoff.Limit(
        scope=NETWORK,
        key=caller.network,
        free=NETWORK_FREE,
        first_seconds=policy.value("accounts.login_wait_seconds"),
        most_seconds=policy.value("accounts.login_lock_max_minutes") * 60,
        forget_seconds=NETWORK_FORGET_SECONDS,
    )


def _lane(device_id: UUID) -> list[backoff.Limit]:
    return [
        backoff.Limit(
            scope=LANE,
            key=str(device_id),
            free=policy.value("accounts.login_tries"),
            first_seconds=policy.value("accounts.login_wait_seconds"),
            most_seconds=policy.value("accounts.login_lock_max_minutes") * 60,
            forget_seconds=FORGET_SECONDS,
        )
    ]


def _pair(typed: str, caller: Caller) -> str:
    return f"{caller.network} {typed}"


def _take(action: Action, limits: Sequence[backoff.Limit]) -> list[backoff.Taken]:
    try:
        taken = backoff.take(limits)
    except LimiterUnavailable as unavailable:
        raise refuse(action, unanswered()) from unavailable
    missed = [(limit, each) for limit, each in zip(limits, taken, strict=True) if limit.binding and not each.counted]
    # A key that had no wait of its own was not counted because another one has.
    stopped = [(limit, each) for limit, each in missed if each.wait_until] or missed
    if stopped:
        raise refuse(action, *(_too_many(limit, each) for limit, each in stopped))
    return taken


@contextmanager
def _ours_given_back(limits: Sequence[backoff.Limit]) -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        if refused.decision.status == 503:
            _give_back(limits)
        raise
    except Exception:
        _give_back(limits)
        raise


def _give_back(limits: Sequence[backoff.Limit]) -> None:
    for limit in limits:
        backoff.give_back(limit.scope, limit.key)


def _too_many(limit: backoff.Limit, stopped: backoff.Taken) -> Blocker:
    """The words of a wait, the same for an address that nobody has (A018, A020)."""
    until = stopped.wait_until or clock.now()
    words = {NETWORK: _FROM_THIS_NETWORK, CODE: _WRONG_CODES}.get(limit.scope, _WRONG_PASSWORDS)
    return Blocker(
        code={NETWORK: "network_waits", CODE: "too_many_codes"}.get(limit.scope, "too_many_tries"),
        reason=words.format(tries=stopped.tries, at=clock_words(until)),
        rule="A015",
        resolved_by="time",
        facts={"tries": stopped.tries, "retry_at": until},
        remedy=gates.TO_DIAGNOSIS if limit.scope == CODE else gates.TO_RESET,
        clears_at=until,
        status=429,
    )


_WRONG_PASSWORDS = Text(
    "パスワードの間違いが{tries}回続いたため、{at}まで待っていただきます。不正なログインを防ぐための待ち時間で、データが"
    "消えたり変わったりすることはありません。パスワードを再設定すると、待たずにログインできます。",
    "After {tries} wrong passwords there is a wait until {at}. It keeps intruders out; no data is lost or changed by it. "
    "With a new password you can sign in without waiting.",
)
_FROM_THIS_NETWORK = Text(
    "お使いの回線から、いろいろなアカウントへのログインの失敗が続いたため、この回線では{at}まで受け付けていません。"
    "データが消えたり変わったりすることはありません。以前ログインしたことのある端末からは、いまでもログインできます。",
    "Many sign-ins to various accounts failed from your network, so it has to wait until {at}. No data is lost or changed "
    "by it. From a device on which you signed in before you still can.",
)
_WRONG_CODES = Text(
    "コードの間違いが{tries}回続いたため、{at}まで待っていただきます。データが消えたり変わったりすることはありません。",
    "After {tries} wrong codes there is a wait until {at}. No data is lost or changed by it.",
)
