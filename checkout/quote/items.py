"""Read a basket as items to price: names, prices, stock, categories; the same few queries for 5 and for 50 lines."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, IntegerField, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from oscar.apps.basket.models import Basket, LineAttribute
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.catalogue.models import Product

from catalog.kits.contents import KitContents, contents_of, shown_contents
from catalog.kits.records import KitPart
from catalog.pricing.current import prices_for
from catalog.pricing.showing import Showing, current_showing
from catalog.publication.openness import is_published
from checkout.quote.figures import Item, MissingLine
from checkout.quote.item_facts import ItemPart, ItemText, ItemWait
from inventory.availability import open_policies
from inventory.promises import Stock, stock_for
from shop.money import ZERO
from shop.written_once import any_of, ask, given, written_once

_CATEGORIES = """
SELECT DISTINCT link.product_id, above.id
FROM catalogue_productcategory link
JOIN catalogue_category own ON own.id = link.category_id
JOIN catalogue_category above ON own.path LIKE above.path || '%%'
WHERE link.product_id = ANY(%s)
"""
_LABELS = """
SELECT value.product_id, COALESCE(value.value_text, choice.option)
FROM catalogue_productattributevalue value
JOIN catalogue_product child ON child.id = value.product_id
JOIN catalog_variantaxis axis ON axis.product_id = child.parent_id AND axis.attribute_id = value.attribute_id
LEFT JOIN catalogue_attributeoption choice ON choice.id = value.value_option_id
WHERE value.product_id = ANY(%s)
ORDER BY value.product_id, axis.position, axis.id
"""


def load_items(basket: Basket, *, currency: str) -> tuple[list[Item], list[MissingLine]]:
    """Items in the order of the basket, and the lines that cannot be sold any more. At most eight queries."""
    lines = [_Row(*row) for row in _lines.ask(basket=basket.pk)]
    if not lines:
        return [], []
    record_ids = [line.stock_record_id for line in lines]
    prices = prices_for(record_ids)
    # Most baskets hold nothing special: what is asked about special things is asked about those only.
    stock = stock_for(record_ids, ahead=[line.stock_record_id for line in lines if line.is_kit or line.is_ahead])
    showing = current_showing()
    inside = contents_of(line.stock_record_id for line in lines if line.is_kit)
    kits = {pk: shown_contents(one, showing) for pk, one in inside.items()}
    texts = _texts_of(line.id for line in lines if line.has_texts)
    categories = _categories_of({line.parent_id or line.product_id for line in lines})
    labels = labels_of(line.product_id for line in lines if line.parent_id)
    asked: Counter[int] = Counter()
    items: list[Item] = []
    missing: list[MissingLine] = []
    for line in lines:
        name, label = _words(line.title, parent=line.parent_title, label=labels.get(line.product_id, ""))
        price = prices.get(line.stock_record_id)
        if price is None or price.currency != currency or not line.is_open:
            missing.append(
                MissingLine(line_id=line.id, name=name, sentence=f"{name} is no longer for sale. Please remove it.")
            )
            continue
        asked[line.stock_record_id] += line.quantity
        written = _show_texts(texts[line.id], showing, tax_class=price.tax_class, currency=currency)
        items.append(
            Item(
                key=f"line:{line.id}",
                line_id=line.id,
                product_id=line.product_id,
                parent_id=line.parent_id,
                stock_record_id=line.stock_record_id,
                sku=price.sku,
                name=name,
                label=label,
                unit_price=price.amount + sum(one.surcharge for one in written),
                quantity=line.quantity,
                tax_class=price.tax_class,
                weight_kg=price.weight_kg or Decimal(0),
                category_ids=frozenset(categories[line.parent_id or line.product_id]),
                product_class_id=line.product_class_id,
                is_discountable=line.is_discountable,
                saleable=stock.get(line.stock_record_id, 0),
                parts=_parts_of(kits.get(line.stock_record_id)),
                percent_off=kits[line.stock_record_id].percent_off if line.stock_record_id in kits else None,
                texts=written,
                wait=_wait_of(line, stock, asked=asked[line.stock_record_id]),
                needs_parcel=line.requires_shipping,
                turned=price.turned,
            )
        )
    return items, missing


class _Row(NamedTuple):
    """A line of the basket; a variant is of its parent's class."""

    id: int
    product_id: int
    stock_record_id: int
    quantity: int
    title: str
    parent_id: int | None
    parent_title: str | None
    is_discountable: bool
    product_class_id: int
    requires_shipping: bool
    is_open: bool
    is_kit: bool
    is_ahead: bool
    has_texts: bool


@written_once
def _lines() -> QuerySet[Any, Any]:
    lines = BasketLine.objects.filter(basket=given("basket", IntegerField())).order_by("date_created", "pk")
    return lines.annotate(
        class_id=Coalesce("product__parent__product_class", "product__product_class"),
        sends_parcels=Coalesce(
            "product__parent__product_class__requires_shipping", "product__product_class__requires_shipping"
        ),
        is_open=ExpressionWrapper(is_published("product"), output_field=BooleanField()),
        is_kit=Exists(KitPart.objects.filter(kit=OuterRef("stockrecord"))),
        is_ahead=Exists(open_policies().filter(stock_record=OuterRef("stockrecord"))),
        has_texts=Exists(LineAttribute.objects.filter(line=OuterRef("pk"))),
    ).values_list(
        "pk",
        "product_id",
        "stockrecord_id",
        "quantity",
        "product__title",
        "product__parent_id",
        "product__parent__title",
        "product__is_discountable",
        "class_id",
        "sends_parcels",
        "is_open",
        "is_kit",
        "is_ahead",
        "has_texts",
    )


def _wait_of(line: _Row, stock: Stock, *, asked: int) -> ItemWait | None:
    """`asked` units of this stock record with the lines before: they get what is on the shelf first."""
    wait = stock.wait_for(line.stock_record_id, asked)
    if wait is None:
        return None
    units = min(wait.units, line.quantity)
    words = replace(wait, units=units).words_of(line.quantity)
    return ItemWait(units=units, kind=wait.kind, on=wait.on.isoformat(), words=words)


def _texts_of(line_ids: Iterable[int]) -> dict[int, list[ItemText]]:
    """What is written on the things of each basket line, at today's surcharge. One query."""
    found: dict[int, list[ItemText]] = defaultdict(list)
    asked = list(line_ids)
    for line_id, option_id, name, text, surcharge in _texts.ask(lines=asked) if asked else ():
        one = ItemText(option_id=option_id, name=name, text=str(json.loads(text)), surcharge=surcharge or Decimal(0))
        found[line_id].append(one)
    return found


@written_once
def _texts() -> QuerySet[Any, Any]:
    texts = LineAttribute.objects.filter(any_of("basket_lineattribute.line_id", "lines"))
    columns = ("line_id", "option_id", "option__name", "value", "option__text_rule__surcharge")
    return texts.order_by("option__order", "pk").values_list(*columns)


def _show_texts(texts: Iterable[ItemText], showing: Showing, *, tax_class: str, currency: str) -> tuple[ItemText, ...]:
    """At the surcharges that the page shows. Its thing has a price, so its class has a rate."""
    return tuple(
        replace(one, surcharge=showing.show(one.surcharge, tax_class=tax_class, currency=currency) or ZERO)
        for one in texts
    )


def _parts_of(contents: KitContents | None) -> tuple[ItemPart, ...]:
    if contents is None:
        return ()
    return tuple(
        ItemPart(
            stock_record_id=part.stock_record_id,
            sku=part.sku,
            title=part.title,
            quantity=part.quantity,
            unit_price=part.price,
            tax_class=part.tax_class,
        )
        for part in contents.parts
    )


def name_of(product: Product, labels: dict[int, str]) -> tuple[str, str]:
    """What the shopper reads: the product's (or parent's) title, and the variant's choices."""
    return _words(
        product.title, parent=product.parent.title if product.parent else None, label=labels.get(product.pk, "")
    )


def title_of(title: str, *, parent: str | None, label: str) -> str:
    """As `Item.title` says it."""
    name, label = _words(title, parent=parent, label=label)
    return f"{name}, {label}" if label else name


def _words(title: str, *, parent: str | None, label: str) -> tuple[str, str]:
    if parent is None:
        return title, ""
    return parent, label or ("" if title == parent else title)


def labels_of(child_ids: Iterable[int]) -> dict[int, str]:
    """`sand, 50 × 50 cm` by variant id: the values of its axes, in their order. One query."""
    words: dict[int, list[str]] = defaultdict(list)
    for product_id, value in _ask(_LABELS, child_ids):
        if value:
            words[product_id].append(str(value))
    return {product_id: ", ".join(values) for product_id, values in words.items()}


def _categories_of(product_ids: Iterable[int]) -> dict[int, set[int]]:
    """Own categories with all above them, by product id (variants have their parent's). One query."""
    found: dict[int, set[int]] = defaultdict(set)
    for product_id, category_id in _ask(_CATEGORIES, product_ids):
        found[product_id].add(int(category_id))
    return found


def _ask(sql: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
    asked = list(ids)
    return ask(sql, [asked]) if asked else []
