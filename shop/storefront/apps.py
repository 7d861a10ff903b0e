from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "shop.storefront"
    label = "storefront"
    verbose_name = "Storefront"

    def ready(self) -> None:
        from checkout.basket.proposals import register_proposer
        from shop.page_cache.moments import register_shown
        from shop.storefront.beside_basket import propose_cards

        register_shown("reviews_productreview", "date_created")
        register_shown("checkout_reviewreply", "at")
        register_shown("checkout_reviewedline", "created_at")
        register_proposer(propose_cards)
