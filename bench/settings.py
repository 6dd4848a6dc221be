"""The product's settings, with two bare views beside its pages: the same middleware, the same database."""

from pathlib import Path

from kotowari.config.settings import *  # noqa: F403
from kotowari.config.settings import INSTALLED_APPS, TEMPLATES

ROOT_URLCONF = "bench.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.humanize"]
TEMPLATES = [
    *TEMPLATES,
    {
        "NAME": "bare",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
    },
]
