from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "kotowari.support"
    label = "support"

    def ready(self) -> None:
        from kotowari.support import articles, notices, selectors, services, tasks  # noqa: F401 - they register themselves
