"""Every policy value of the product, by the room that reads it."""

from kotowari.foundation.policy.catalogue import (  # noqa: F401 - importing them defines the keys
    accounts,
    contracts,
    fees,
    incidents,
    ledger,
    market,
    operation,
    papers,
    payments,
    payouts,
    security,
    support,
    taxes,
)
