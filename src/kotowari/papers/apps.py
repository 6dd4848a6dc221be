from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "kotowari.papers"
    label = "papers"

    def ready(self) -> None:
        from kotowari.papers import (  # noqa: F401 - they register themselves
            checks,
            invariants,
            listening,
            notices,
            selectors,
            tasks,
        )
