from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "kotowari.payouts"
    label = "payouts"

    def ready(self) -> None:
        from kotowari.payouts import (  # noqa: F401 - they register themselves
            explaining,
            invariants,
            limit_notices,
            listening,
            notices,
            selectors,
            tasks,
        )
