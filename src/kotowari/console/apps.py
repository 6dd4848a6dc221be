from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "kotowari.console"
    label = "console"
