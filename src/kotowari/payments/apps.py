from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "kotowari.payments"
    label = "payments"
