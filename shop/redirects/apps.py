from django.apps import AppConfig


class RedirectsConfig(AppConfig):
    name = "shop.redirects"
    label = "redirects"
    verbose_name = "Redirects"
