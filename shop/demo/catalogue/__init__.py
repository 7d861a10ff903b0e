"""What "Lumen & Loom, things for a calm home" sells, says and has sold: texts in TOML, rows and records out of them.

The texts in `shelves/`, `voices/` are meant to be read and edited by a person. New products go to the end of their
shelf: SKUs count from its top.
"""

from shop.demo.catalogue.attributes import ATTRIBUTES, AttributeText
from shop.demo.catalogue.files import NativeFiles, write_native_files
from shop.demo.catalogue.home import HomeBlock, home_blocks
from shop.demo.catalogue.orders import DemoOrder, DemoOrderLine, demo_orders
from shop.demo.catalogue.promotions import DemoPromotion, demo_promotions
from shop.demo.catalogue.reading import Category, demo_categories
from shop.demo.catalogue.reviews import DemoReview, demo_reviews
from shop.demo.catalogue.rows import product_rows, stock_rows
from shop.demo.catalogue.variants import swatch_colours

__all__ = [
    "ATTRIBUTES",
    "AttributeText",
    "Category",
    "DemoOrder",
    "DemoOrderLine",
    "DemoPromotion",
    "DemoReview",
    "HomeBlock",
    "NativeFiles",
    "demo_categories",
    "demo_orders",
    "demo_promotions",
    "demo_reviews",
    "home_blocks",
    "product_rows",
    "stock_rows",
    "swatch_colours",
    "write_native_files",
]
