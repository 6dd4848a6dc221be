from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kotowari.web"
    label = "web"
