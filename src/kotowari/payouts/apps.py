from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "kotowari.payouts"
    label = "payouts"
