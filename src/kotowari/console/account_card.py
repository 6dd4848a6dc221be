"""How a member's account stands, as staff need to see it to say what is wrong with it (A063)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress

from kotowari.accounts import gates
from kotowari.accounts.diagnosis import OUTCOMES, WAYS
from kotowari.accounts.models import Device, Lock, Member, Restriction, RiskCase, Session, SignInRecord
from kotowari.accounts.restrictions import CAUSES, SCOPES, Cause
from kotowari.accounts.risks import KINDS
from kotowari.accounts.selectors import locks_visible_to, restrictions_visible_to, risk_cases_visible_to
from kotowari.accounts.transitions import RISK_CASE
from kotowari.kernel import clock
from kotowari.kernel.gates import Decision, decide_many, explain
from kotowari.kernel.text import Text

SHOWN = 10
STAFF_CAUSES = {code: cause for code, cause in CAUSES.items() if cause.decided_by == "staff"}
"""What staff alone decide: the causes of a freeze."""


@dataclass(frozen=True, slots=True)
class RestrictionLine:
    """One restriction, and whether this member of staff may lift it."""

    row: Restriction
    cause: Cause
    scope: Text
    is_in_force: bool
    can_lift: Decision


@dataclass(frozen=True, slots=True)
class Try:
    """One try to come in, with how it truly ended."""

    at: datetime
    is_in: bool
    outcome: Text
    way: Text
    label: str
    network: str
    knows_device: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Everything about how an account is opened and what keeps it shut."""

    member: Member
    locks: Sequence[tuple[Lock, Decision]]
    locks_lately: int
    restrictions: Sequence[RestrictionLine]
    counted: int
    sessions: int
    devices: int
    addresses: Sequence[EmailAddress]
    tries: Sequence[Try]
    risks: Sequence[tuple[RiskCase, Text, Text]]
    can_freeze: Decision
    can_force_password: Decision
    can_end_sessions: Decision

    @property
    def in_force(self) -> list[RestrictionLine]:
        return [line for line in self.restrictions if line.is_in_force]

    @property
    def over(self) -> list[RestrictionLine]:
        return [line for line in self.restrictions if not line.is_in_force]


def account_of(staff: Member, member: Member) -> Account:
    """The account as this member of staff may see and act on it: a bounded number of queries."""
    now = clock.now()
    locks = list(locks_visible_to(staff).filter(member=member)[:SHOWN])
    live = [row for row in locks if row.ended_at is None and row.until > now]
    cases = risk_cases_visible_to(staff).filter(member=member)[:SHOWN]
    restrictions = restriction_lines(staff, member)
    return Account(
        member=member,
        locks=list(zip(live, decide_many(gates.UNLOCK, staff, live), strict=True)),
        locks_lately=len(locks),
        restrictions=restrictions,
        counted=sum(not line.row.overturned and line.cause.decided_by == "staff" for line in restrictions),
        sessions=Session.objects.filter(member=member, expire_date__gt=clock.machine_now()).count(),
        devices=Device.objects.filter(member=member, forgotten_at__isnull=True).count(),
        addresses=list(EmailAddress.objects.filter(user=member).order_by("-primary", "email")),
        tries=sign_ins_of(member),
        risks=[(case, KINDS[case.kind], RISK_CASE.states[case.state]) for case in cases],
        can_freeze=can_freeze(staff, member),
        can_force_password=explain(gates.FORCE_PASSWORD, staff, member),
        can_end_sessions=explain(gates.END_SESSIONS, staff, member),
    )


def can_freeze(staff: Member, member: Member) -> Decision:
    """Whether there is a cause for which this member may be frozen now; if not, why not for the first of them."""
    wanted = [Restriction(member=member, cause=cause) for cause in STAFF_CAUSES]
    decisions = decide_many(gates.RESTRICT, staff, wanted)
    return next((decision for decision in decisions if decision.allowed), decisions[0])


def restriction_lines(staff: Member, member: Member) -> list[RestrictionLine]:
    """The newest restrictions of a member, those over too."""
    now = clock.now()
    rows = list(restrictions_visible_to(staff).select_related("made_by", "lifted_by").filter(member=member)[:SHOWN])
    return [
        RestrictionLine(
            row=row,
            cause=CAUSES[row.cause],
            scope=scope_words(row),
            is_in_force=row.lifted_at is None and row.until > now,
            can_lift=decision,
        )
        for row, decision in zip(rows, decide_many(gates.LIFT, staff, rows), strict=True)
    ]


def scope_words(row: Restriction) -> Text:
    """What a restriction stops, in one line."""
    return Text("、".join(SCOPES[each].ja for each in row.scope), ", ".join(SCOPES[each].en for each in row.scope))


def sign_ins_of(member: Member) -> list[Try]:
    """The last tries to come in, as they truly ended."""
    return [
        Try(
            at=row.at,
            is_in=row.outcome == "in",
            outcome=OUTCOMES.get(row.outcome) or Text(row.outcome, row.outcome),
            way=WAYS.get(row.way) or Text(row.way, row.way),
            label=row.label,
            network=row.network,
            knows_device=row.device_id is not None,
        )
        for row in SignInRecord.objects.filter(member=member).order_by("-id")[:SHOWN]
    ]
