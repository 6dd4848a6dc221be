from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "kotowari.market"
    label = "market"
