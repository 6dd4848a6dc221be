from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "kotowari.incidents"
    label = "incidents"

    def ready(self) -> None:
        from kotowari.incidents import selectors  # noqa: F401 - they register themselves
