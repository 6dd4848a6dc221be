from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "kotowari.messaging"
    label = "messaging"
