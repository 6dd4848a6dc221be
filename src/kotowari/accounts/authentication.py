"""Recognising somebody: the one place where a password, a device or another proof becomes a member.

Called at the edge, by page and API alike, before the command that lets them in. Whatever could tell a stranger that
an account exists, or in what state it is, is answered with the same words and the same work: the true cause is
written to the record of sign-ins and goes to the registered address when asked for there.
"""

from dataclasses import replace
from uuid import UUID

from kotowari.accounts import credentials, gates, mails, passwords, tries
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Member, SignInRecord, SignUp
from kotowari.accounts.names import folded
from kotowari.accounts.selectors.standing import known_among
from kotowari.accounts.services.locks import lock_account
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Blocker, Decision, explain, refuse
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text

NOBODY = new_id()
"""Stands for whoever does not exist, so that the same questions are asked about them."""


def member_by_password(*, login: str, password: str, caller: Caller) -> Member:
    """The member whom this login and password let in. Raises `Refused` as `by_password` does.

    For programs, which cannot finish a sign-up: one that waits for its code is answered like everything else.
    """
    found = by_password(login=login, password=password, caller=caller, members_only=True)
    assert isinstance(found, Member), "a sign-up is no member"
    return found


def by_password(*, login: str, password: str, caller: Caller, members_only: bool = False) -> Member | SignUp:
    """Whoever this login and password belong to, if they can come in now; a sign-up that waits for its code, too.

    With `members_only` a sign-up is nobody.

    Raises `Refused`: with the same words whether nobody has this login, the password is wrong, or the account is
    locked, frozen, left or closed (A010); with the end of the wait after too many tries; with 503 when it is us.
    """
    typed = folded(login)
    candidate = credentials.candidate_of(login)
    owner_id = candidate.pk if isinstance(candidate, Member) else None
    known = known_device(owner_id, caller)
    with tries.password(typed=typed, owner_id=owner_id, caller=caller, device_id=known) as counted:
        attempt = gates.Attempt(way="password", known_device=known is not None)
        # Asked before it is known whether the password is right, and about nobody too: no answer takes longer.
        decision = explain(gates.SIGN_IN, candidate or Member(pk=NOBODY), attempt)
        if not credentials.fits(candidate, password):
            note(candidate, "password", "wrong", caller, known)
            if isinstance(candidate, Member) and counted.account_wait_until and not counted.account_stopped:
                lock_account(
                    actor=SYSTEM,
                    member_id=candidate.pk,
                    until=counted.account_wait_until,
                    tries=counted.account_tries,
                )
            raise refuse(gates.SIGN_IN, no_match(password, counted.left))
        assert candidate is not None, "no password fits nobody"
        if isinstance(candidate, SignUp) and not members_only:
            return candidate
        if counted.account_stopped or not decision.allowed:
            reason = decision.blockers[0].code.rpartition(".")[2] if decision.blockers else "locked"
            note(candidate, "password", reason, caller, known)
            raise refuse(gates.SIGN_IN, no_match(password, counted.left))
    assert isinstance(candidate, Member), "the gate lets no sign-up through"
    tries.password_was_right(typed=typed, member_id=candidate.pk, caller=caller, device_id=known)
    return candidate


def own_password_right(member: Member, password: str, *, caller: Caller) -> bool:
    """Whether somebody signed in shows their present password. Counted like every try; raises `Refused` (429, 503)."""
    known = known_device(member.pk, caller)
    with tries.password(typed=member.username, owner_id=member.pk, caller=caller, device_id=known):
        if not credentials.fits(member, password):
            note(member, "password", "wrong", caller, known)
            return False
    tries.password_was_right(typed=member.username, member_id=member.pk, caller=caller, device_id=known)
    return True


def require_entry(member: Member, *, way: str, caller: Caller) -> None:
    """The gate for whoever proved to be the member by another way than a password, before anything else is asked.

    They are told the true reason at once: such a proof is nothing that a stranger could guess. Raises `Refused`.
    """
    known = known_device(member.pk, caller)
    decision = explain(gates.SIGN_IN, member, gates.Attempt(way=way, known_device=known is not None))
    if not decision.allowed:
        note(member, way, decision.blockers[0].code.rpartition(".")[2], caller, known)
        raise Refused(_to_be_contested(decision))


def _to_be_contested(decision: Decision) -> Decision:
    """The same refusal with the signed address of the appeal: a frozen member has no session to open it with."""
    blockers = []
    for blocker in decision.blockers:
        if blocker.appeal is not None and "restriction" in blocker.facts:
            path = mails.appeal_path(UUID(str(blocker.facts["restriction"])))
            blocker = replace(blocker, appeal=replace(blocker.appeal, url=path))
        blockers.append(blocker)
    return replace(decision, blockers=tuple(blockers))


def known_device(member_id: UUID | None, caller: Caller) -> UUID | None:
    """The device that the request's cookie names, if the account of this member knows it."""
    return known_among(caller.devices, member_id or NOBODY) if caller.devices else None


def no_match(password: str, left: int) -> Blocker:
    """The one answer to everything that a stranger may not tell apart."""
    return Blocker(
        code="no_match",
        reason=Text(
            "ログインできませんでした。メールアドレス(またはユーザー名)とパスワードの組み合わせが一致しないか、いまは"
            "ログインできない状態です。どちらなのかは、登録されたメールアドレスにだけお知らせできます。あと{left}回まで"
            "試せます。",
            "Signing in did not work: this address (or username) and this password do not belong together, or the account "
            "cannot be opened now. Which of them it is we can only tell to the registered address. You can try {left} "
            "more times.",
        ).format(left=left),
        rule="A010",
        resolved_by="you",
        facts={"remaining": left, "slips": passwords.slips(password)},
        remedy=gates.TO_RESET,
        status=422,
    )


def note(candidate: Member | SignUp | None, way: str, outcome: str, caller: Caller, device_id: UUID | None) -> None:
    """Write down a try that failed; one row whoever was asked about."""
    SignInRecord.objects.create(
        member=candidate if isinstance(candidate, Member) else None,
        device_id=device_id,
        way=way,
        outcome=outcome,
        label=caller.label,
        network=caller.network,
    )
