"""Carries the label of Oscar's own checkout app, which has no tables and is not installed."""

from oscar.core.application import OscarConfig


class CheckoutConfig(OscarConfig):
    name = "checkout"
    label = "checkout"
    verbose_name = "Checkout"
    default = True

    def ready(self) -> None:
        super().ready()
        from checkout import invariants
        from checkout.reviews import invariants as review_invariants
        from checkout.wiring import wire_events

        wire_events()
        invariants.register()
        review_invariants.register()
