from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "shop.storefront"
    label = "storefront"
    verbose_name = "Storefront"

    def ready(self) -> None:
        from catalog.feeds import CHECK
        from checkout.basket.proposals import register_proposer
        from shop.outbox.subscribe import subscribe
        from shop.page_cache.moments import register_shown
        from shop.storefront.beside_basket import propose_cards
        from shop.storefront.feeds.checking import on_check_asked

        register_shown("reviews_productreview", "date_created")
        register_shown("checkout_reviewreply", "at")
        register_shown("checkout_reviewedline", "created_at")
        register_proposer(propose_cards)
        subscribe(CHECK, on_check_asked)
