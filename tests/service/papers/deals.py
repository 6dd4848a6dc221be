"""Deals of which papers are made, in one line each."""

from typing import Any

from tests import story

from kotowari.accounts.models import Member
from kotowari.contracts.models import Milestone
from kotowari.foundation import outbox
from kotowari.ledger import invariants
from kotowari.papers.models import Paper

NUMBER = "T7123456789012"
LAWS = ("papers.gapless", "papers.invoices", "papers.amounts")


def told() -> None:
    """Everything that waits in the outbox is delivered."""
    while outbox.deliver_waiting():
        pass


def sides(**worker: Any) -> dict[str, Member]:
    """A client who is a company, and a worker."""
    client = story.member("kurai")
    client.kind = Member.Kind.COMPANY
    client.save()
    return {"client": client, "worker": story.member("hanako", **worker)}


def accepted(prices_yen: tuple[int, ...] = (10_000,), **given: Any) -> list[Milestone]:
    """Milestones that are paid for, with all their papers."""
    rows = story.accepted(prices_yen, **(given or sides()))
    told()
    return rows


def paper(kind: str, **wanted: Any) -> Paper:
    """The one paper of a kind that stands."""
    return Paper.objects.get(kind=kind, replaced_by=None, **wanted)


def lawful() -> None:
    """Every law about papers holds."""
    wrong = [result.detail for result in map(invariants.check, LAWS) if not result.ok]
    assert not wrong, wrong
