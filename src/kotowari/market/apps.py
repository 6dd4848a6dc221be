from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MarketConfig(AppConfig):
    name = "kotowari.market"
    label = "market"

    def ready(self) -> None:
        from kotowari.market import listening, notices, selectors, tasks  # noqa: F401 - importing registers what is in them

        post_migrate.connect(_begin_with_categories, sender=self)


def _begin_with_categories(**_: Any) -> None:
    """A market without any category gets the first ones; an operator's own choice is left alone."""
    from kotowari.market.categories import SEED
    from kotowari.market.models import Category

    if Category.objects.exists():
        return
    Category.objects.bulk_create(
        Category(group=group, slug=slug, name_ja=ja, name_en=en, position=position)
        for position, (group, slug, ja, en) in enumerate(SEED, start=1)
    )
