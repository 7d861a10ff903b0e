from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "shipping.fulfilment"
    label = "fulfilment"
    verbose_name = "Fulfilment"
