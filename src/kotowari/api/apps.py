from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "kotowari.api"
    label = "api"
