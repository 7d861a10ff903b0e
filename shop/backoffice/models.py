"""The back office's rights, found by Django under the label `backoffice`."""

from shop.backoffice.rights import Right

__all__ = ["Right"]
