from django.apps import AppConfig


class AddressesConfig(AppConfig):
    name = "catalog.addresses"
    label = "addresses"
    verbose_name = "Addresses"
