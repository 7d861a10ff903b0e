"""Carries the label of Oscar's own checkout app, which has no tables and is not installed."""

from oscar.core.application import OscarConfig


class CheckoutConfig(OscarConfig):
    name = "checkout"
    label = "checkout"
    verbose_name = "Checkout"
    default = True
