"""What a processor tells us by itself. Genuine messages are kept once; what they say is asked for, never believed.

So messages that come twice, late, or in another order than things happened cannot do anything wrong.
"""

import hashlib
from collections.abc import Mapping

from kotowari.foundation import audit
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.payments import entries
from kotowari.payments.cards import Heard, NotGenuine, processor
from kotowari.payments.gates import HEAR
from kotowari.payments.models import CardDispute, CardPayment, CardRefund, WebhookEvent
from kotowari.payments.selectors.cards import Message
from kotowari.payments.services.cards.asking import find_out
from kotowari.payments.services.cards.disputing import find_out_dispute
from kotowari.payments.services.cards.paying import RELATED
from kotowari.payments.services.cards.refunding import find_out_refund


def hear_processor(*, body: bytes, headers: Mapping[str, str]) -> bool:
    """Take a message in and ask about what it names; whether it was new. Raises `Refused` for one that is not genuine."""
    taker = processor()
    try:
        heard = taker.read_webhook(body, headers) if taker is not None else None
    except NotGenuine:
        heard = None
    if taker is None or heard is None:
        require(HEAR, SYSTEM, Message(is_genuine=heard is not None))
        raise AssertionError("the gate refuses what is not genuine")
    is_new = keep_message(
        actor=SYSTEM,
        heard=heard,
        processor_name=taker.name,
        account=taker.account,
        digest=hashlib.sha256(body).hexdigest(),
    )
    payment = CardPayment.objects.select_related(*RELATED).filter(key=heard.key).first()
    if payment is not None and payment.state not in ("succeeded", "refunded"):
        find_out(payment)
    refund = CardRefund.objects.filter(key=heard.key, state__in=["sent", "unknown", "set_aside"]).first()
    if refund is not None:
        find_out_refund(refund_id=refund.pk)
    dispute = CardDispute.objects.filter(processor=taker.name, account=taker.account, reference=heard.dispute).first()
    if dispute is not None:
        find_out_dispute(dispute_id=dispute.pk)
    return bool(is_new)


@command(HEAR)
def keep_message(*, actor: Actor, heard: Heard, processor_name: str, account: str, digest: str) -> int:
    """Keep a genuine message, and the dispute that it is the first to name; 1, or 0 when it is known."""
    require(HEAR, actor, Message(is_genuine=True))
    dispute = _dispute_named(actor, heard, processor_name, account) if heard.dispute else None
    message = WebhookEvent(
        processor=processor_name,
        account=account,
        event_id=heard.event_id[:200],
        kind=heard.kind[:100],
        digest=digest,
        payment=CardPayment.objects.filter(key=heard.key).first(),
        refund=CardRefund.objects.filter(key=heard.key).first(),
        dispute=dispute,
    )
    WebhookEvent.objects.bulk_create([message], ignore_conflicts=True)
    if not WebhookEvent.objects.filter(pk=message.pk).exists():
        return 0
    audit.record(actor=actor, kind=entries.WEBHOOK_HEARD, subject=message, message=message.kind)
    return 1


def _dispute_named(actor: Actor, heard: Heard, processor_name: str, account: str) -> CardDispute:
    """The dispute's row, recorded before anybody is asked, so that no answer that is lost loses it."""
    name = {"processor": processor_name, "account": account, "reference": heard.dispute[:200]}
    dispute = CardDispute(**name, due_at=clock.now())
    CardDispute.objects.bulk_create([dispute], ignore_conflicts=True)
    found = CardDispute.objects.get(**name)
    if found.pk == dispute.pk:
        audit.record(actor=actor, kind=entries.DISPUTE_HEARD, subject=found, reference=found.reference)
    return found
