from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "kotowari.support"
    label = "support"
