from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "kotowari.ledger"
    label = "ledger"

    def ready(self) -> None:
        from kotowari.ledger import events, tasks  # noqa: F401 - they register themselves
        from kotowari.ledger.invariants import books, forward, seals  # noqa: F401 - they register the ledger's own laws
