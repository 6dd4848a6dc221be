from django.apps import AppConfig
from django.conf import settings


class FoundationConfig(AppConfig):
    name = "kotowari.foundation"
    label = "foundation"

    def ready(self) -> None:
        from kotowari.foundation import demo_clock, policy
        from kotowari.foundation.policy import selectors, services  # noqa: F401 - they register themselves

        policy.start(read_database=not settings.TESTING)
        if settings.DEMO:
            demo_clock.install()
