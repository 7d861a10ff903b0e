from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "checkout.accounts"
    label = "accounts"
    verbose_name = "Accounts"
