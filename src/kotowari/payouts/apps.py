from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "kotowari.payouts"
    label = "payouts"

    def ready(self) -> None:
        from kotowari.payouts import invariants, listening, notices, selectors, tasks  # noqa: F401 - they register themselves
