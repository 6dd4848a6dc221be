from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "kotowari.accounts"
    label = "accounts"

    def ready(self) -> None:
        from kotowari.accounts import factor_tasks, selectors, services, tasks  # noqa: F401 - importing registers what is in them

        # Our own command writes `last_login`, by our own clock.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
