from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "kotowari.contracts"
    label = "contracts"
