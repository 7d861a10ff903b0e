from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "promotions"
    label = "promotions"
    verbose_name = "Promotions"

    def ready(self) -> None:
        from promotions.invariants import register_invariants

        register_invariants()
