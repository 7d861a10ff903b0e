from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "catalog.content"
    label = "content"
    verbose_name = "Content"
