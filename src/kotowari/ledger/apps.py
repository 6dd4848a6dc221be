from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "kotowari.ledger"
    label = "ledger"
