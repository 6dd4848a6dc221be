from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "kotowari.console"
    label = "console"

    def ready(self) -> None:
        from kotowari.console import closing, notices, selectors, services  # noqa: F401 - they register themselves
