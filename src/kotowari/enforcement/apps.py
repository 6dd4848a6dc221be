from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "kotowari.enforcement"
    label = "enforcement"

    def ready(self) -> None:
        from kotowari.enforcement import selectors, services, tasks  # noqa: F401 - they register themselves
