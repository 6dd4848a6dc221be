"""Disputes of cardholders (chargebacks): what can be done about them, and what cannot be done because of them (P021)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from kotowari.kernel.gates import Appeal, Blocker, Remedy
from kotowari.kernel.text import Text
from kotowari.payments.gates.deposits import OperatorFacts, action, handled_by
from kotowari.payments.transitions import CARD_DISPUTE

TO_DISPUTES = Remedy(Text("カードの係争を開く", "Open the disputes"), "/console/cards/?show=disputes")
CONTACT = "/contact/?about=payments.card.pay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A dispute that stands against a client or a payment: open until `until` or so, or lost."""

    state: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFacts(OperatorFacts):
    """One dispute; `cards_allowed` when staff let its client pay by card again."""

    state: str
    cards_allowed: bool
    url: str


class _Payer(Protocol):
    """A milestone whose client wants to pay, and what stands against them."""

    @property
    def dispute(self) -> Standing | None: ...
    @property
    def url(self) -> str: ...
    @property
    def milestone_id(self) -> UUID: ...


class _Refund(Protocol):
    """A refund, and what stands against its payment."""

    @property
    def dispute(self) -> Standing | None: ...
    @property
    def url(self) -> str: ...


_NO_CARD: Mapping[str, Text] = {
    "opened": Text(
        "以前のカード払いについて、カードの発行会社に申立て(チャージバック)が出ています。決まるまで、カードではお支払いいただけません。"
        "銀行振込はいつもどおりご利用いただけます。",
        "An earlier card payment is disputed with the card's bank (chargeback). Until that is decided, cards are not "
        "taken from you; bank transfers are, as ever.",
    ),
    "lost": Text(
        "以前のカード払いが、申立て(チャージバック)によりカードの持ち主に戻されました。そのため、カードではお支払いいただけません。"
        "銀行振込はいつもどおりご利用いただけます。お心当たりがないときは、お問い合わせください。担当者が確かめ、カード払いを再開できます。",
        "An earlier card payment was taken back by a dispute (chargeback), so cards are not taken from you; bank "
        "transfers are, as ever. If you think this is wrong, contact us: staff look into it and can allow cards again.",
    ),
}


def no_dispute(facts: _Payer) -> Blocker | None:
    """Whoever took back what was paid by card pays another way until that is decided."""
    found = facts.dispute
    if found is None:
        return None
    is_open = found.state == "opened"
    where = f"{facts.url}milestones/{facts.milestone_id}/fund/#instruction"
    return Blocker(
        code="dispute_open" if is_open else "dispute_lost",
        reason=_NO_CARD[found.state],
        rule="P021",
        resolved_by="time" if is_open else "operator",
        facts={"state": found.state},
        remedy=Remedy(Text("銀行振込で仮払いする", "Fund it by bank transfer"), where)
        if is_open
        else Remedy(Text("お問い合わせ", "Contact us"), CONTACT),
        clears_at=found.until,
        appeal=Appeal(CONTACT, found.until) if found.until else None,
    )


def not_twice(facts: _Refund) -> Blocker | None:
    """While the cardholder's bank may give the money back, or has, a refund would give it a second time."""
    found = facts.dispute
    if found is None:
        return None
    is_open = found.state == "opened"
    return Blocker(
        code="dispute_open" if is_open else "dispute_lost",
        reason=Text(
            "この支払いには申立て(チャージバック)が出ていて、カードの発行会社からも返金される見込みです。二重の返金を防ぐため、"
            "決まるまで返金を待ちます。申立てが退けられたら、すぐに返金します。",
            "The payment is disputed (chargeback), and the card's bank may give the money back itself. So that it is not "
            "refunded twice, the refund waits until that is decided; when the dispute is turned down, it goes at once.",
        )
        if is_open
        else Text(
            "この支払いは、申立て(チャージバック)によりカードの発行会社がもう返金しています。重ねては返金しません。",
            "The card's bank has given this payment back already (chargeback); it is not refunded a second time.",
        ),
        rule="P021",
        resolved_by="time" if is_open else "operator",
        facts={"state": found.state},
        remedy=Remedy(Text("お支払いを見る", "See the payment"), facts.url),
        clears_at=found.until,
    )


def _lost(facts: DisputeFacts) -> Blocker | None:
    if facts.state == "lost":
        return None
    return Blocker(
        code="not_lost",
        reason=Text(
            "「{state}」です。カード払いを再び認めるのは、お金が戻らないと決まったあとだけです。",
            "It is “{state}”. Cards are allowed again only after a dispute was lost.",
        ).format(state=CARD_DISPUTE.states[facts.state]),
        rule="P021",
        resolved_by="time",
        facts={"state": facts.state},
        remedy=TO_DISPUTES,
    )


def _not_allowed_yet(facts: DisputeFacts) -> Blocker | None:
    if not facts.cards_allowed:
        return None
    return Blocker(
        code="allowed_already",
        reason=Text("もうカード払いを認めています。", "Cards are allowed again already."),
        rule="P002",
        resolved_by="you",
        remedy=Remedy(Text("この係争を見る", "See the dispute"), facts.url),
    )


SEE_DISPUTE = action(
    "dispute.see",
    Text("カードの係争を見る", "See a card dispute"),
    Text("この係争は見られません", "This dispute cannot be seen"),
    "payments.carddispute",
    handled_by("staff", "system"),
)
ASK_DISPUTE = action(
    "dispute.ask",
    Text("カード会社に係争を確かめる", "Ask the processor about a dispute"),
    Text("係争は確かめられません", "It cannot be asked about"),
    "payments.carddispute",
    handled_by("staff", "system"),
)
SETTLE_DISPUTE = action(
    "dispute.settle",
    Text("係争の結果を記録する", "Record what became of a dispute"),
    Text("係争の結果は記録できません", "What became of it cannot be recorded"),
    "payments.carddispute",
    handled_by("system"),
)
ALLOW_CARDS = action(
    "dispute.allow_cards",
    Text("カード払いを再び認める", "Allow cards again"),
    Text("いまは認められません", "Cards cannot be allowed now"),
    "payments.carddispute",
    handled_by("staff"),
    _lost,
    _not_allowed_yet,
)
