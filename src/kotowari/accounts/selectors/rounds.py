"""Rounds and forced resets: the facts that gates ask for, who may see them, and members named by staff."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kotowari.accounts import gates
from kotowari.accounts.models import ForcedReset, Member, Round
from kotowari.accounts.names import folded
from kotowari.accounts.selectors.roles import as_whom, is_oneself, is_system
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError, NotVisible
from kotowari.kernel.gates import facts_for
from kotowari.kernel.text import Text

NAMES_TOLD = 10
_BETWEEN = re.compile(r"[\s,、;]+")


@facts_for(gates.RUN_ROUND)
def round_facts(actor: Any, rounds: Sequence[Round]) -> list[gates.RoundFacts]:
    """How far rounds are; without a query."""
    return [gates.RoundFacts(is_system=is_system(actor), done_at=row.done_at) for row in rounds]


@facts_for(gates.ASK_FORCED_RESET, gates.APPROVE_FORCED_RESET, gates.DECLINE_FORCED_RESET, gates.LAPSE_FORCED_RESET)
def forced_reset_facts(actor: Any, resets: Sequence[ForcedReset | None]) -> list[gates.ForcedResetFacts]:
    """Who would decide about which forced reset; without a query."""
    now = clock.now()
    return [
        gates.ForcedResetFacts(
            by=as_whom(actor, None),
            is_system=is_system(actor),
            is_asker=row is not None and is_oneself(actor, row.asked_by_id),
            is_waiting=row is None or row.state == "waiting",
            now=now,
            lapses_at=row.lapses_at if row is not None else now,
        )
        for row in resets
    ]


def forced_resets_visible_to(actor: Actor | None) -> QuerySet[ForcedReset]:
    """Forced resets with how far each is, the newest first; for staff and the system only."""
    if actor is None or not (isinstance(actor, SystemActor) or actor.is_staff):
        return ForcedReset.objects.none()
    rows = ForcedReset.objects.select_related("round", "asked_by", "decided_by")
    return rows.annotate(members=Count("round__chosen")).order_by("-id")


def members_named(words: str) -> list[Member]:
    """The members whose usernames or addresses were pasted, in any order, with commas, spaces or lines between.

    Raises `InputError` for the field `names` when some of them are nobody's, or their owners have left.
    """
    wanted = list(dict.fromkeys(folded(word) for word in _BETWEEN.split(words) if word))
    found = list(Member.objects.filter(Q(username__in=wanted) | Q(email__in=wanted), left_at__isnull=True))
    known = {member.username for member in found} | {member.email for member in found}
    unknown = [word for word in wanted if word not in known]
    if unknown:
        raise InputError(
            {
                "names": [
                    Text("見つからない会員がいます({n}人): {names}", "Not found ({n}): {names}").format(
                        n=len(unknown), names=", ".join(unknown[:NAMES_TOLD])
                    )
                ]
            }
        )
    return found


@subject("accounts.forcedreset")
def _forced_reset(actor: Any, id: str) -> ForcedReset:
    row = forced_resets_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("accounts.forcedreset", id)
    return row


@subject("accounts.round")
def _round(actor: Any, id: str) -> Round:
    row = Round.objects.filter(pk=UUID(str(id))).first() if isinstance(actor, SystemActor) else None
    if row is None:
        raise NotVisible("accounts.round", id)
    return row
