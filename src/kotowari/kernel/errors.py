"""What commands raise. Each carries what a person needs to hear; none is a bare message."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kotowari.kernel.text import Text

if TYPE_CHECKING:
    from kotowari.kernel.gates import Decision


class KotowariError(Exception):
    """Anything the product itself says no with."""


class Refused(KotowariError):  # noqa: N818 - a refusal is an answer, not a fault
    """A gate said no; `decision` tells why, what to do, when it changes and how to appeal."""

    def __init__(self, decision: "Decision") -> None:
        self.decision = decision
        super().__init__(f"{decision.action.name}: " + ", ".join(b.code for b in decision.blockers))


class InputError(KotowariError):
    """What was typed cannot be used: per field, what is wrong and what would be right.

    The field name `""` holds what concerns the input as a whole.
    """

    def __init__(self, fields: Mapping[str, Sequence[Text]]) -> None:
        self.fields = {name: list(texts) for name, texts in fields.items()}
        super().__init__("; ".join(f"{name}: {texts[0].en}" for name, texts in self.fields.items()))


class NotVisible(KotowariError):  # noqa: N818
    """There is no such thing, or not for this person: the two are never told apart."""

    def __init__(self, kind: str, id: object) -> None:
        self.kind = kind
        self.id = id
        super().__init__(f"{kind} {id} is not visible")


class IdempotencyConflict(KotowariError):  # noqa: N818
    """The same idempotency key came with another request; nothing was done."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"idempotency key {key!r} was used for another request")
