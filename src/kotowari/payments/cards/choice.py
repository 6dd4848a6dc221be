"""Which card processor this installation has, as the environment says now (docs/operations/running.md)."""

import os

from django.conf import settings

from kotowari.payments.cards.fake import FakeProcessor
from kotowari.payments.cards.port import CardProcessor

CARDS = "KOTOWARI_CARDS"
GATEWAY_URL = "KOTOWARI_CARD_GATEWAY_URL"
GATEWAY_SECRET = "KOTOWARI_CARD_GATEWAY_SECRET"  # noqa: S105 - the variable's name
STRIPE_KEY = "KOTOWARI_STRIPE_SECRET_KEY"
STRIPE_WEBHOOK_SECRET = "KOTOWARI_STRIPE_WEBHOOK_SECRET"  # noqa: S105 - the variable's name
STRIPE_ACCOUNT = "KOTOWARI_STRIPE_ACCOUNT"
STRIPE_URL = "KOTOWARI_STRIPE_URL"


def processor() -> CardProcessor | None:
    """The processor that new payments go to; None when cards are not taken.

    The demo's gateway takes no real money, so outside a demo there is none of that name.
    """
    chosen = os.environ.get(CARDS, "").strip().lower()
    if chosen == "fake" and (settings.DEMO or settings.TESTING):
        url, secret = os.environ.get(GATEWAY_URL, ""), os.environ.get(GATEWAY_SECRET, "")
        return FakeProcessor(url, secret) if url and secret else None
    if chosen == "stripe":
        key, seal = os.environ.get(STRIPE_KEY, ""), os.environ.get(STRIPE_WEBHOOK_SECRET, "")
        if key and seal:
            # Read only where it is used: the library takes a third of a second to be read.
            from kotowari.payments.cards.stripe import StripeProcessor

            return StripeProcessor(key, seal, os.environ.get(STRIPE_ACCOUNT, ""), os.environ.get(STRIPE_URL, ""))
    return None


def processor_of(name: str, account: str) -> CardProcessor | None:
    """The processor that an earlier payment went to, if the environment still has it."""
    found = processor()
    return found if found is not None and (found.name, found.account) == (name, account) else None
