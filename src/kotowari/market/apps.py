from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "kotowari.market"
    label = "market"

    def ready(self) -> None:
        from kotowari.market import selectors  # noqa: F401 - importing registers what is in it
