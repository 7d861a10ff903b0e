"""Carries the label of Oscar's own checkout app, which has no tables and is not installed."""

from oscar.core.application import OscarConfig


class CheckoutConfig(OscarConfig):
    name = "checkout"
    label = "checkout"
    verbose_name = "Checkout"
    default = True

    def ready(self) -> None:
        super().ready()
        from catalog.importing import lists
        from checkout import invariants
        from checkout.accounts.arriving import customer_import
        from checkout.downloads import invariants as download_invariants
        from checkout.reviews import invariants as review_invariants
        from checkout.tax import home
        from checkout.wiring import wire_events

        wire_events()
        lists.register_list(customer_import.KIND)
        invariants.register()
        download_invariants.register()
        review_invariants.register()
        home.register()
