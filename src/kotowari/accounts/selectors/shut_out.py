"""When members could not act, so that nothing that waits for them runs out meanwhile (A185, ADR 0013)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from kotowari.accounts.models import Lock, Restriction
from kotowari.accounts.restrictions import KEEPS_OUT
from kotowari.kernel.spans import Span, merged


def shut_out_spans(
    member_ids: Iterable[UUID], since: datetime, *, scopes: Collection[str] = KEEPS_OUT
) -> dict[UUID, list[Span]]:
    """For each member the time since a moment in which they were locked, frozen or held: two queries for any number.

    `scopes` are the restrictions that count: those that keep somebody from acting, or `accounts.restrictions.ANY` for
    money, which a hold on payouts keeps from its owner as well (A042). Spans are merged and in order, they may begin
    before `since`, and one that is in force ends when it is going to end. Members with none have an empty list.
    """
    ids = set(member_ids)
    found: dict[UUID, list[Span]] = {id: [] for id in ids}
    if not ids:
        return found
    locks = Lock.objects.filter(member_id__in=ids, until__gt=since)
    restrictions = Restriction.objects.filter(member_id__in=ids, until__gt=since, scope__overlap=list(scopes))
    for id, start, until, ended_at in (
        *locks.values_list("member_id", "since", "until", "ended_at"),
        *restrictions.values_list("member_id", "since", "until", "lifted_at"),
    ):
        end = until if ended_at is None else min(until, ended_at)
        if end > since:
            found[id].append(Span(start, max(start, end)))
    return {id: merged(spans) for id, spans in found.items()}
