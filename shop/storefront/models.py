"""The storefront's own table: the arrangement of the home page."""

from shop.storefront.records import HomeBlock

__all__ = ["HomeBlock"]
