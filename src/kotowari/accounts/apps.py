from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kotowari.accounts"
    label = "accounts"
