from django.apps import AppConfig


class FailuresConfig(AppConfig):
    name = "shop.failures"
    label = "failures"
    verbose_name = "Failures"

    def ready(self) -> None:
        from shop.failures import invariants

        invariants.register()
