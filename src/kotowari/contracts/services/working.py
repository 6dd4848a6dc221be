"""From the money held to the work delivered, and what time does when nothing happens."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from kotowari.contracts import entries, events
from kotowari.contracts.gates import DELIVER, FUND, LAPSE, REQUEST_CHANGES
from kotowari.contracts.models import ChangeRequest, Delivery, Milestone
from kotowari.contracts.services import closing
from kotowari.contracts.services.clocks import CLOCK, begin_wait, keep_in
from kotowari.contracts.transitions import MILESTONE, MOVES
from kotowari.contracts.waits import awaited_by
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Line, post

MESSAGE_MAX = 5000
LINKS_MAX = 20
POINTS_MAX = 30


@command(FUND)
def record_funding(
    *,
    actor: Actor,
    milestone_id: UUID,
    deposit_id: UUID,
    occurred_at: datetime,
    along: Sequence[tuple[UUID, int]] = (),
) -> Milestone:
    """Move a milestone's price out of a deposit in suspense into its escrow; what is left stays in suspense.

    `along` are further deposits with how much of each goes along; the first gives the rest. Raises
    `InsufficientFunds` when a deposit holds less.
    """
    milestone = lock(Milestone, milestone_id, "contract")
    require(FUND, actor, milestone)
    first_yen = milestone.client_pays_yen - sum(part_yen for _, part_yen in along)
    sources = [Line(accounts.suspense(id), -part_yen) for id, part_yen in [(deposit_id, first_yen), *along]]
    _fill_escrow(actor, milestone, JournalKind.DEPOSIT_MATCHED, sources, occurred_at, deposit_id=deposit_id)
    return milestone


@command(FUND)
def record_card_funding(*, actor: Actor, milestone_id: UUID, card_payment_id: UUID, occurred_at: datetime) -> Milestone:
    """Move a milestone's price from a card payment that succeeded into its escrow.

    Should the escrow go back, it goes back to that card. Raises `InsufficientFunds` when the payment holds less.
    """
    milestone = lock(Milestone, milestone_id, "contract")
    require(FUND, actor, milestone)
    milestone.card_payment_id = card_payment_id
    source = Line(accounts.card_held(card_payment_id), -milestone.client_pays_yen)
    _fill_escrow(actor, milestone, JournalKind.CARD_MATCHED, [source], occurred_at)
    return milestone


def _fill_escrow(
    actor: Actor,
    milestone: Milestone,
    kind: JournalKind,
    sources: Sequence[Line],
    occurred_at: datetime,
    deposit_id: UUID | None = None,
) -> None:
    post(
        kind=kind,
        scope="milestone.fund",
        key=str(milestone.pk),
        lines=[*sources, Line(accounts.escrow(milestone.pk), milestone.client_pays_yen)],
        occurred_at=occurred_at,
        actor=actor,
        contract_id=milestone.contract_id,
        milestone_id=milestone.pk,
        deposit_id=deposit_id,
    )
    milestone.state = MILESTONE.require(milestone.state, "fund")
    milestone.funded_at = clock.now()
    grace_days = policy.value("contracts.delivery_grace_days")
    begin_wait(milestone, clock.end_of(max(milestone.due_on, clock.today()) + timedelta(days=grace_days)))
    milestone.save(update_fields=["state", "funded_at", "card_payment_id", *CLOCK])
    origin = {"deposit_id": deposit_id} if deposit_id else {"card_payment_id": milestone.card_payment_id}
    audit.record(
        actor=actor,
        kind=entries.MILESTONE_FUNDED,
        subject=milestone,
        title=milestone.title,
        amount_yen=milestone.client_pays_yen,
        **origin,
    )
    emit(events.MilestoneFunded(**closing.names(milestone), amount_yen=milestone.client_pays_yen))


@command(DELIVER)
def deliver(*, actor: Actor, milestone_id: UUID, message: str, links: Sequence[str] = ()) -> Delivery:
    """Hand over the work, or hand it over again after changes were requested; starts the acceptance clock."""
    milestone = lock(Milestone, milestone_id, "contract")
    require(DELIVER, actor, milestone)
    message, addresses = _checked(message, links)
    delivery = Delivery.objects.create(
        milestone=milestone, number=milestone.deliveries.count() + 1, message=message, links=addresses
    )
    milestone.state = MILESTONE.require(milestone.state, "deliver")
    milestone.delivered_at = delivery.delivered_at
    accept_by = begin_wait(milestone, clock.end_of(clock.today() + timedelta(days=milestone.contract.inspection_days)))
    milestone.save(update_fields=["state", "delivered_at", *CLOCK])
    audit.record(actor=actor, kind=entries.DELIVERED, subject=milestone, title=milestone.title, number=delivery.number)
    emit(events.MilestoneDelivered(**closing.names(milestone), accept_by=accept_by))
    return delivery


@command(REQUEST_CHANGES)
def request_changes(*, actor: Actor, milestone_id: UUID, points: Sequence[str]) -> ChangeRequest:
    """Say point by point what is to be changed. Only this stops the acceptance clock (P004)."""
    milestone = lock(Milestone, milestone_id, "contract")
    require(REQUEST_CHANGES, actor, milestone)
    delivery = milestone.deliveries.order_by("-number")[0]
    request = ChangeRequest.objects.create(delivery=delivery, items=_checked_points(points))
    milestone.state = MILESTONE.require(milestone.state, "request_changes")
    days = policy.value("contracts.change_response_days")
    deliver_by = begin_wait(milestone, clock.end_of(clock.today() + timedelta(days=days)))
    milestone.save(update_fields=["state", *CLOCK])
    audit.record(
        actor=actor,
        kind=entries.CHANGES_REQUESTED,
        subject=milestone,
        title=milestone.title,
        points=len(request.items),
    )
    emit(events.ChangesRequested(**closing.names(milestone), deliver_by=deliver_by, points=len(request.items)))
    return request


@command(LAPSE)
def lapse_milestone(*, actor: Actor, milestone_id: UUID) -> Milestone:
    """What time does to a milestone that nobody funded, delivered or mended: cancelled, or refunded in full."""
    milestone = lock(Milestone, milestone_id, "contract")
    if milestone.state in MOVES:
        keep_in([awaited_by(milestone)])
    require(LAPSE, actor, milestone)
    if milestone.state == "awaiting_funding":
        closing.cancel(actor, milestone, event="lapse")
    else:
        closing.refund(actor, milestone, event="lapse")
    closing.close_done_contracts(f"{{{milestone.contract_id}}}")
    return milestone


def _checked(message: str, links: Sequence[str]) -> tuple[str, list[str]]:
    wrong: dict[str, list[Text]] = {}
    message = message.strip()
    if not message:
        wrong["message"] = [Text("何を納品するのかを書いてください。", "Please write what you are delivering.")]
    elif len(message) > MESSAGE_MAX:
        wrong["message"] = [
            Text(
                "{max}文字以内で書いてください(いま{now}文字)。", "At most {max} characters, please ({now} now)."
            ).format(max=MESSAGE_MAX, now=len(message))
        ]
    addresses = [link.strip() for link in links if link.strip()]
    bad = [a for a in addresses if not a.startswith(("https://", "http://")) or len(a) > 500 or " " in a]
    if bad:
        wrong["links"] = [
            Text(
                "「{link}」は納品先のアドレスとして読めません。https:// で始まるアドレスを1行に1つ書いてください。",
                "“{link}” is not an address. Write one address per line, beginning with https://.",
            ).format(link=bad[0][:80])
        ]
    elif len(addresses) > LINKS_MAX:
        wrong["links"] = [Text("リンクは{max}件までです。", "At most {max} links.").format(max=LINKS_MAX)]
    if wrong:
        raise InputError(wrong)
    return message, addresses


def _checked_points(points: Sequence[str]) -> list[str]:
    items = [p.strip() for p in points if p.strip()]
    if not items:
        raise InputError(
            {
                "points": [
                    Text(
                        "直してほしい点を1つ以上、1行に1つずつ書いてください。",
                        "Write at least one point to be changed, one per line.",
                    )
                ]
            }
        )
    if len(items) > POINTS_MAX or any(len(i) > 500 for i in items):
        raise InputError(
            {
                "points": [
                    Text(
                        "修正点は{max}件まで、1件500文字までです。", "At most {max} points of 500 characters each."
                    ).format(max=POINTS_MAX)
                ]
            }
        )
    return items
