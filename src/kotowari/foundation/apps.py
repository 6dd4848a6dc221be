from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "kotowari.foundation"
    label = "foundation"
