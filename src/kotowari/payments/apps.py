from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "kotowari.payments"
    label = "payments"

    def ready(self) -> None:
        from kotowari.payments import invariants, notices, selectors, tasks  # noqa: F401 - they register themselves
