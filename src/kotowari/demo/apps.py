from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    name = "kotowari.demo"
    label = "demo"

    def ready(self) -> None:
        """Let the demo live, where there is one: its words are many, and nobody else needs them."""
        if settings.DEMO:
            from kotowari.demo import tasks  # noqa: F401
