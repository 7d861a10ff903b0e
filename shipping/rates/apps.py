from django.apps import AppConfig


class RatesConfig(AppConfig):
    name = "shipping.rates"
    label = "shipping_rates"
    verbose_name = "Shipping rates"
