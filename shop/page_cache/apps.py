from typing import Any

from django.apps import AppConfig


class PageCacheConfig(AppConfig):
    name = "shop.page_cache"
    label = "page_cache"
    verbose_name = "Page cache"

    def ready(self) -> None:
        """Tables that a migration adds are watched from the end of that migration on."""
        from django.db.models.signals import post_migrate

        post_migrate.connect(_watch_new_tables, sender=self, dispatch_uid="page-cache")


def _watch_new_tables(**_: Any) -> None:
    from shop.page_cache.changes import watch_tables

    watch_tables()
