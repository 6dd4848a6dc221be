"""Programs that sign in: the facts that their gate asks for."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils.crypto import constant_time_compare

from kotowari.accounts import gates, phones, sms
from kotowari.accounts.models import ApiToken, Factor, Member
from kotowari.accounts.program_sign_ins import ProgramSignIn
from kotowari.accounts.selectors.factors import codes_left, factors_of, trust_mark
from kotowari.accounts.selectors.people import working_tokens_of
from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.gates import facts_for


@facts_for(gates.SIGN_IN_PROGRAM)
def program_facts(actor: Any, sign_ins: Sequence[ProgramSignIn | None]) -> list[gates.ProgramFacts]:
    """Sign-ins of programs for one member, as the account stands now; `None` stands for one that would begin now.

    Without a member: for a ticket that nobody gave out.
    """
    now, most = clock.now(), policy.value("accounts.tokens_max")
    if not isinstance(actor, Member):
        return [gates.ProgramFacts(now=now, known=False, tokens_max=most) for _ in sign_ins]
    factors = list(factors_of(actor.pk))
    account = {
        "now": now,
        "tokens": working_tokens_of(actor).count(),
        "tokens_max": most,
        "has_factor": bool(factors),
        "ways": _ways(actor, factors),
        "in_browser": tuple(kind for kind in ("passkey",) if any(each.kind == kind for each in factors)),
        "telephones": _telephones(factors),
    }
    return [gates.ProgramFacts(**account, **_of(each, actor)) for each in sign_ins]


def _of(sign_in: ProgramSignIn | None, member: Member) -> dict[str, Any]:
    if sign_in is None:
        return {}
    return {
        "ends_at": sign_in.asked_at + timedelta(minutes=policy.value("accounts.program_step_minutes")),
        "is_used": ApiToken.objects.filter(pk=sign_in.token_id).exists(),
        "is_void": not constant_time_compare(sign_in.mark, trust_mark(member)),
        "second_factor": sign_in.second_factor,
    }


def _ways(member: Member, factors: Sequence[Factor]) -> tuple[str, ...]:
    kinds = {each.kind for each in factors}
    can = {
        "totp": Factor.Kind.TOTP in kinds,
        "sms": Factor.Kind.SMS in kinds and sms.is_offered(),
        "recovery": bool(factors) and codes_left(member.pk) > 0,
    }
    return tuple(kind for kind, is_there in can.items() if is_there)


def _telephones(factors: Sequence[Factor]) -> tuple[dict[str, str], ...]:
    if not sms.is_offered():
        return ()
    return tuple(
        {"id": str(each.pk), "number": phones.masked(each.secret or "")}
        for each in factors
        if each.kind == Factor.Kind.SMS
    )
