from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "kotowari.contracts"
    label = "contracts"

    def ready(self) -> None:
        from kotowari.contracts import explaining, invariants, listening, notices, selectors, tasks  # noqa: F401 - they register themselves
