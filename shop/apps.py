"""The ground's app config, and the stub that keeps Oscar's dashboard out."""

from django.apps import AppConfig
from oscar.core.application import OscarConfig


class GroundConfig(AppConfig):
    name = "shop"
    label = "shop"
    verbose_name = "Shop"

    def ready(self) -> None:
        """Every process that publishes needs the Celery application, not only the worker."""
        from shop import celery

        celery.app.set_default()


class NoDashboard(OscarConfig):
    """Oscar asks for a config labelled `dashboard` at start and for three of its URL names; nothing else of it is used.

    The names lead into the Django admin.
    """

    name = "oscar.apps.dashboard"
    label = "dashboard"
    namespace = "dashboard"

    def get_urls(self):  # type: ignore[no-untyped-def]
        from django.urls import path
        from django.views.generic import RedirectView

        return [
            path("", RedirectView.as_view(pattern_name="admin:index"), name="index"),
            path(
                "product/<int:object_id>/",
                RedirectView.as_view(pattern_name="admin:catalogue_product_change"),
                name="catalogue-product",
            ),
            path(
                "category/<int:object_id>/",
                RedirectView.as_view(pattern_name="admin:catalogue_category_change"),
                name="catalogue-category-update",
            ),
        ]
