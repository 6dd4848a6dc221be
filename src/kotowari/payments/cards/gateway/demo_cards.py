"""The cards that the demo's page offers, and what happens to each."""

from dataclasses import dataclass

from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True)
class DemoCard:
    """`code` says why it is declined; a card that `asks_owner` shows the bank's own question (3-D Secure) first."""

    number: str
    label: Text
    code: str = ""
    asks_owner: bool = False
    ends_it: bool = False
    """Declined for good: no other card may be tried on the same page."""


CARDS = (
    DemoCard("4242 4242 4242 4242", Text("成功するカード", "Pays")),
    DemoCard("4000 0025 0000 3155", Text("本人認証(3Dセキュア)のあと成功", "Pays after 3-D Secure"), asks_owner=True),
    DemoCard("4000 0000 0000 9995", Text("残高・限度額の不足", "Insufficient funds"), "insufficient_funds"),
    DemoCard("4000 0000 0000 0069", Text("有効期限切れ", "Expired card"), "expired_card"),
    DemoCard("4000 0000 0000 9979", Text("盗難カード", "Stolen card"), "stolen_card", ends_it=True),
)
BY_NUMBER = {card.number: card for card in CARDS}
NOT_PROVED = "authentication_failed"
