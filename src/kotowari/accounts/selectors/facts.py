"""The facts that gates ask for."""

from collections.abc import Sequence
from typing import Any

from kotowari.accounts import gates
from kotowari.accounts.models import ApiToken, Lock, Member, Restriction, SignUp
from kotowari.accounts.restrictions import CAUSES, longest
from kotowari.accounts.selectors.oneself import proved_facts
from kotowari.accounts.selectors.people import working_tokens_of
from kotowari.accounts.selectors.restrictions import restrictions_in_force, restrictions_on
from kotowari.accounts.selectors.roles import as_whom, is_oneself, is_system, lacks_factor
from kotowari.accounts.selectors.standing import standing_of
from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.gates import facts_for


def _is_member(actor: Any) -> bool:
    return isinstance(actor, Member)


def _left_at(actor: Any) -> Any:
    return actor.left_at if isinstance(actor, Member) else None


@facts_for(
    gates.SIGN_OUT,
    gates.SEE_OWN,
    gates.CHANGE_SETTINGS,
    gates.SET_PASSWORD,
    gates.REPORT_NOT_ME,
    gates.COMPLETE_CHECK,
)
def own_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.OwnFacts]:
    """About oneself; without a query."""
    return [gates.OwnFacts(signed_in=_is_member(actor), left_at=_left_at(actor)) for _ in subjects]


@facts_for(gates.SIGN_UP)
def sign_up_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.SignUpFacts]:
    """Whether whoever wants to sign up is a member already."""
    return [gates.SignUpFacts(is_member=_is_member(actor)) for _ in subjects]


@facts_for(gates.ADD_MEMBER, gates.LOCK, gates.RAISE_RISK, gates.WARN_OF_CODES)
def system_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.SystemFacts]:
    """Whether the market itself acts."""
    return [gates.SystemFacts(is_system=is_system(actor)) for _ in subjects]


@facts_for(gates.CONFIRM_SIGN_UP, gates.RESEND_CODE, gates.LAPSE_SIGN_UP)
def pending_facts(_actor: Any, sign_ups: Sequence[SignUp]) -> list[gates.PendingFacts]:
    """The clocks of sign-ups."""
    now = clock.now()
    return [gates.PendingFacts(now=now, lapses_at=s.lapses_at, code_expires_at=s.code_expires_at) for s in sign_ups]


@facts_for(gates.SIGN_IN)
def sign_in_facts(actor: Any, attempts: Sequence[gates.Attempt | None]) -> list[gates.SignInFacts]:
    """What stands between the actor and a session; a `SignUp` may stand for somebody who is not a member yet.

    A member's account is one whose present address was proved. Without an attempt: by password, from a device
    unknown so far.
    """
    if isinstance(actor, SignUp):
        return [gates.SignInFacts(sign_up_pending=True) for _ in attempts]
    if not isinstance(actor, Member):
        return [gates.SignInFacts() for _ in attempts]
    now = standing_of(actor.pk)
    return [
        gates.SignInFacts(
            attempt=attempt or gates.Attempt(),
            address_proved=now.address_proved,
            is_active=now.is_active,
            left_at=now.left_at,
            locked_until=now.locked_until,
            frozen=now.frozen,
            password_void_since=now.password_void_since,
            has_factor=now.has_factor,
        )
        for attempt in attempts
    ]


@facts_for(gates.CREATE_TOKEN)
def new_token_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.NewTokenFacts]:
    """One's own tokens that still work."""
    working = working_tokens_of(actor).count()
    return [
        gates.NewTokenFacts(
            **proved_facts(actor),
            tokens=working,
            tokens_max=policy.value("accounts.tokens_max"),
        )
        for _ in subjects
    ]


@facts_for(gates.REVOKE_TOKEN, gates.USE_TOKEN)
def token_facts(_actor: Any, tokens: Sequence[ApiToken | None]) -> list[gates.TokenFacts]:
    """The state of tokens and of their owners' accounts; `None` stands for a token that nobody has."""
    now = clock.now()
    return [
        gates.TokenFacts(now=now, known=False)
        if token is None
        else gates.TokenFacts(
            now=now,
            revoked_at=token.revoked_at,
            expires_at=token.expires_at,
            is_active=token.member.is_active,
            left_at=token.member.left_at,
            frozen=longest(restrictions_on(token.member_id, "sign_in")),
            lacks_factor=lacks_factor(token.member),
        )
        for token in tokens
    ]


@facts_for(gates.RESTRICT)
def restrict_facts(actor: Any, wanted: Sequence[Restriction]) -> list[gates.RestrictFacts]:
    """Who would restrict whom; the subjects are rows that do not stand in the table yet. One query."""
    rows = restrictions_in_force().filter(member__in={row.member_id for row in wanted})
    standing = set(rows.values_list("member_id", "cause"))
    return [
        gates.RestrictFacts(
            by=as_whom(actor, row.member_id),
            decided_by=CAUSES[row.cause].decided_by,
            is_self=is_oneself(actor, row.member_id),
            already=(row.member_id, row.cause) in standing,
            left_at=row.member.left_at,
        )
        for row in wanted
    ]


@facts_for(gates.LIFT)
def lift_facts(actor: Any, rows: Sequence[Restriction]) -> list[gates.LiftFacts]:
    """Restrictions and who would lift them."""
    now = clock.now()
    return [
        gates.LiftFacts(
            by=as_whom(actor, row.member_id),
            decided_by=CAUSES[row.cause].decided_by,
            now=now,
            until=row.until,
            lifted_at=row.lifted_at,
            is_self=is_oneself(actor, row.member_id),
            password_set_since=row.member.password_set_at is not None and row.member.password_set_at > row.since,
        )
        for row in rows
    ]


@facts_for(gates.UNLOCK)
def unlock_facts(actor: Any, locks: Sequence[Lock]) -> list[gates.UnlockFacts]:
    """Who would end which lock."""
    now = clock.now()
    return [
        gates.UnlockFacts(
            by=as_whom(actor, lock.member_id),
            is_self=is_oneself(actor, lock.member_id),
            now=now,
            until=lock.until,
            ended_at=lock.ended_at,
        )
        for lock in locks
    ]


@facts_for(gates.APPOINT_STAFF)
def staff_facts(actor: Any, members: Sequence[Member]) -> list[gates.StaffFacts]:
    """Who would appoint whom."""
    may_appoint = is_system(actor) or bool(getattr(actor, "is_staff", False))
    return [gates.StaffFacts(may_appoint=may_appoint, is_staff=m.is_staff, left_at=m.left_at) for m in members]
