from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "kotowari.ledger"
    label = "ledger"

    def ready(self) -> None:
        from kotowari.ledger import tasks  # noqa: F401 - registers its sweep
