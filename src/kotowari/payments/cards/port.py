"""What we ask of any card processor. Every question carries our own key, so asking again never does it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from kotowari.kernel.errors import KotowariError

PaymentOutcome = Literal["open", "succeeded", "declined", "expired"]
RefundOutcome = Literal["pending", "succeeded", "failed"]
DisputeOutcome = Literal["open", "won", "lost"]
ANSWER_WITHIN_SECONDS = 10.0
"""How long an answer is waited for; after that nobody knows, and the processor is asked later."""


class NoAnswer(KotowariError):  # noqa: N818 - it is no error of anybody's: the outcome is just not known
    """The processor did not answer, or not sensibly: it may or may not have done what was asked."""


class Rejected(KotowariError):  # noqa: N818 - a plain "no"
    """The processor says that it did not do it; `code` is its word for why."""

    def __init__(self, code: str) -> None:
        self.code = code[:100]
        super().__init__(code)


class NotGenuine(KotowariError):  # noqa: N818 - said of a message
    """A message that the processor has not signed, or not lately."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOrder:
    """A payment to be made on the processor's page. `key` is ours and never changes; `reference` theirs, once known."""

    key: str
    amount_yen: int
    title: str
    back_url: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAnswer:
    """Where a payment stands. `charge` names the money itself, for a refund; `code` says why it was declined.

    An open payment may have a `code`, too: a card was declined and another may be tried.
    """

    outcome: PaymentOutcome
    reference: str
    amount_yen: int
    hosted_url: str = ""
    charge: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """Money to go back to the card of a payment, all of it or a part."""

    key: str
    charge: str
    amount_yen: int
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAnswer:
    """Where a refund stands."""

    outcome: RefundOutcome
    reference: str
    amount_yen: int
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeAnswer:
    """Where a dispute of a cardholder (chargeback) stands: facts, as the processor tells them now.

    `charge` names the money it is about, as in `CardAnswer`. `amount_yen` is what is disputed; `taken_yen` what the
    processor has taken from us for it and not given back, nothing for a mere inquiry; `fee_yen` its own fee, the same
    way. `won` says that the money is back. `reason` is the bank's word for why, and evidence counts until
    `evidence_due_at`; `is_answered` once some was given.
    """

    outcome: DisputeOutcome
    reference: str
    charge: str
    amount_yen: int
    taken_yen: int
    fee_yen: int
    reason: str
    evidence_due_at: datetime | None
    is_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A genuine message of the processor: a reason to ask about `key`, or about the `dispute` it names; nothing more."""

    event_id: str
    kind: str
    key: str
    dispute: str = ""


class CardProcessor(Protocol):
    """One account at one processor. All calls may raise `NoAnswer`; `create` and `refund` also `Rejected`."""

    @property
    def name(self) -> str:
        """`stripe`, `fake`: the ledger's name for it."""
        ...

    @property
    def account(self) -> str:
        """Which account there; references are unique within it."""
        ...

    def create(self, order: CardOrder) -> CardAnswer:
        """Open a payment for the processor's page; the same key again is the same payment."""
        ...

    def ask(self, order: CardOrder) -> CardAnswer | None:
        """Where the payment with our key stands; None when the processor has never heard of it."""
        ...

    def close(self, order: CardOrder) -> CardAnswer | None:
        """Let nobody pay it any more, unless it is paid already; tells where it stands then."""
        ...

    def refund(self, order: RefundOrder) -> RefundAnswer:
        """Send money back to the card; the same key again is the same refund."""
        ...

    def ask_refund(self, order: RefundOrder) -> RefundAnswer | None:
        """Where the refund with our key stands; None when the processor has never heard of it."""
        ...

    def ask_dispute(self, reference: str) -> DisputeAnswer | None:
        """Where a dispute of the processor's own name stands; None when the processor knows of none."""
        ...

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> Heard:
        """Check the signature and read. Raises `NotGenuine`."""
        ...
