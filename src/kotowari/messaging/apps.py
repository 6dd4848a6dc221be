from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "kotowari.messaging"
    label = "messaging"

    def ready(self) -> None:
        from kotowari.messaging import notices, selectors  # noqa: F401 - they register themselves
