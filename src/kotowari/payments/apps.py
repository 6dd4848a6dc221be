from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "kotowari.payments"
    label = "payments"

    def ready(self) -> None:
        from kotowari.payments import (  # noqa: F401 - they register themselves
            card_notices,
            card_tasks,
            dispute_notices,
            explaining,
            invariants,
            notices,
            selectors,
            tasks,
        )
