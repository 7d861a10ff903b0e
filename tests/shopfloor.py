"""What a test needs to have on the shop floor: products with stock, rates, baskets, checkouts, orders.

Each function writes what the rooms themselves would write, so the doctor stays clean; only search documents are left
to the tests that need them (catalog.search.index.refresh_documents).
"""

import itertools
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from oscar.apps.basket.models import Basket
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.catalogue.models import (
    Category,
    Product,
    ProductAttribute,
    ProductAttributeValue,
    ProductCategory,
    ProductClass,
)
from oscar.apps.order.models import Order
from oscar.apps.partner.models import Partner, StockRecord

from catalog.models import PriceChange, PriceDetail, VariantAxis
from checkout.models import CheckoutDraft, PaymentAttempt, TaxRate
from checkout.terms import TERMS, give_consent
from inventory.models import Location, StockLevel, StockMovement
from shipping.rates.models import Band, Method, Zone

_serial = itertools.count(1)

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "line1": "Musterstraße 12",
    "line2": "",
    "city": "Berlin",
    "district": "",
    "region": "",
    "postcode": "10115",
    "country": "DE",
}


def make_partner() -> Partner:
    return Partner.objects.get_or_create(code="house", defaults={"name": settings.SHOP_NAME})[0]


def make_location(code: str = "main", *, priority: int = 10, country: str = "DE") -> Location:
    return Location.objects.get_or_create(
        code=code, defaults={"name": code.title(), "priority": priority, "country": country}
    )[0]


def make_category(*names: str) -> Category:
    """The category at the end of the path of names; what is missing is made."""
    parent: Category | None = None
    for name in names:
        siblings = parent.get_children() if parent else Category.get_root_nodes()
        found = siblings.filter(name=name).first()
        if found is None:
            fields = {"name": name, "slug": slugify(name), "ancestors_are_public": True}
            found = parent.add_child(**fields) if parent else Category.add_root(**fields)
        parent = Category.objects.get(pk=found.pk)
    assert parent is not None
    return parent


def make_product_class(name: str = "Thing", *, track_stock: bool = True) -> ProductClass:
    return ProductClass.objects.get_or_create(
        name=name, defaults={"slug": slugify(name), "track_stock": track_stock, "requires_shipping": True}
    )[0]


def make_product(
    title: str = "",
    *,
    price: str | Decimal = "10.00",
    stock: int | Mapping[str, int] = 10,
    sku: str = "",
    tax_class: str = "standard",
    weight: str = "0.500",
    compare_at: str | None = None,
    currency: str = "",
    category: Category | None = None,
    product_class: ProductClass | None = None,
    parent: Product | None = None,
) -> Product:
    """A product for sale. `stock` counts units at the main location, or by location code. See `record_of`."""
    number = next(_serial)
    title = title or f"Thing {number}"
    product = Product.objects.create(
        structure=Product.CHILD if parent else Product.STANDALONE,
        parent=parent,
        product_class=None if parent else product_class or make_product_class(),
        title=title,
        slug=f"{slugify(title)}-{number}",
        is_public=True,
    )
    if category is not None and parent is None:
        ProductCategory.objects.create(product=product, category=category)
    record = StockRecord.objects.create(
        product=product,
        partner=make_partner(),
        partner_sku=sku or f"SKU-{number:05d}",
        price=Decimal(price),
        price_currency=currency or settings.SHOP_CURRENCY,
        num_in_stock=0,
        num_allocated=0,
    )
    PriceDetail.objects.create(
        stock_record=record,
        tax_class=tax_class,
        weight_kg=Decimal(weight),
        compare_at_price=Decimal(compare_at) if compare_at else None,
    )
    PriceChange.objects.create(
        stock_record=record,
        sku=record.partner_sku,
        price=record.price,
        compare_at_price=Decimal(compare_at) if compare_at else None,
        currency=record.price_currency,
        actor_name="tests",
        reason="first price",
    )
    counts = {"main": stock} if isinstance(stock, int) else dict(stock)
    for code, quantity in counts.items():
        put_on_shelf(record, quantity, location=make_location(code))
    return product


def make_variants(
    title: str = "Cushion", *, axis: str = "colour", values: Sequence[str] = ("red", "blue"), **fields: Any
) -> tuple[Product, dict[str, Product]]:
    """A parent with one child per value of one axis; children by value. `fields` as in make_product, for each child."""
    product_class = make_product_class()
    parent = Product.objects.create(
        structure=Product.PARENT,
        product_class=product_class,
        title=title,
        slug=f"{slugify(title)}-{next(_serial)}",
        is_public=True,
    )
    if "category" in fields:
        ProductCategory.objects.create(product=parent, category=fields.pop("category"))
    attribute = make_axis(parent, axis)
    children: dict[str, Product] = {}
    for value in values:
        child = make_product(f"{title} {value}", parent=parent, **fields)
        _give_value(child, attribute, value)
        children[value] = child
    return parent, children


def make_axis(parent: Product, axis: str, *, position: int = 0) -> ProductAttribute:
    attribute, _ = ProductAttribute.objects.get_or_create(
        product_class=parent.product_class,
        code=axis,
        defaults={"name": axis.title(), "type": ProductAttribute.TEXT, "required": False},
    )
    VariantAxis.objects.create(product=parent, attribute=attribute, name=axis.title(), position=position)
    return attribute


def _give_value(child: Product, attribute: ProductAttribute, value: str) -> None:
    ProductAttributeValue.objects.create(product=child, attribute=attribute, value_text=value)


def record_of(product: Product) -> StockRecord:
    return StockRecord.objects.get(product=product)


def put_on_shelf(record: StockRecord, quantity: int, *, location: Location | None = None) -> StockLevel:
    """A receipt: movement, level and the record's total in one transaction."""
    location = location or make_location()
    with transaction.atomic():
        level, _ = StockLevel.objects.get_or_create(stock_record=record, location=location)
        if quantity:
            level.on_hand += quantity
            level.save(update_fields=["on_hand"])
            StockMovement.objects.create(
                stock_record=record,
                location=location,
                kind=StockMovement.Kind.RECEIPT,
                quantity_delta=quantity,
                on_hand_after=level.on_hand,
                actor_name="tests",
                idempotency_key=f"test:{uuid.uuid4()}",
            )
            StockRecord.objects.filter(pk=record.pk).update(num_in_stock=F("num_in_stock") + quantity)
    return level


def make_rates(*, country: str = "DE", price: str = "4.90", free_from: str | None = None) -> Method:
    """One zone with two methods, `standard-de` and `express-de` for country DE; returns the standard one."""
    zone, _ = Zone.objects.get_or_create(name=f"Zone {country}", defaults={"countries": [country]})
    code = country.lower()
    standard, made = Method.objects.get_or_create(
        code=f"standard-{code}",
        defaults={
            "zone": zone,
            "name": "Standard",
            "carrier": "DHL",
            "days_min": 2,
            "days_max": 4,
            "free_from": Decimal(free_from) if free_from else None,
        },
    )
    if made:
        Band.objects.create(method=standard, price=Decimal(price))
        express = Method.objects.create(
            zone=zone, code=f"express-{code}", name="Express", carrier="DHL", days_min=1, days_max=1, position=1
        )
        Band.objects.create(method=express, price=Decimal("14.90"))
    return standard


def make_tax(country: str = "DE", *, rates: Mapping[str, str] | None = None) -> None:
    """Rates by class, as fractions; by default Germany's 19 %, 7 % for reduced and books, 0 % for zero."""
    rates = rates or {"standard": "0.19", "reduced": "0.07", "books": "0.07", "zero": "0"}
    for tax_class, rate in rates.items():
        TaxRate.objects.get_or_create(
            country=country,
            tax_class=tax_class,
            valid_from=timezone.datetime(2021, 1, 1).date(),
            defaults={"rate": Decimal(rate), "name": f"VAT {Decimal(rate) * 100:f} %".replace(".00 %", " %")},
        )


def open_shop() -> None:
    """The least a shop needs to sell to Germany: tax and delivery."""
    make_tax()
    make_rates()


def make_basket(*things: Product | tuple[Product, int], owner: Any = None) -> Basket:
    """An open basket of products or (product, quantity)."""
    basket = Basket.objects.create(owner=owner)
    for thing in things:
        product, quantity = thing if isinstance(thing, tuple) else (thing, 1)
        record = record_of(product)
        BasketLine.objects.create(
            basket=basket,
            product=product,
            stockrecord=record,
            line_reference=str(record.pk),
            quantity=quantity,
            price_currency=record.price_currency,
            price_incl_tax=record.price,
        )
    return basket


def make_draft(
    *things: Product | tuple[Product, int],
    basket: Basket | None = None,
    email: str = "ada@example.com",
    method_code: str = "standard-de",
    address: Mapping[str, str] | None = None,
    owner: Any = None,
) -> CheckoutDraft:
    """A checkout with everything filled in, consents given: ready to be placed."""
    open_shop()
    if basket is None:
        basket = make_basket(*(things or (make_product(),)), owner=owner)
    return CheckoutDraft.objects.create(
        basket=basket,
        owner=owner,
        email=email,
        phone="+4930123456",
        address=dict(ADDRESS, **(address or {})),
        method_code=method_code,
        consents=give_consent({}, TERMS, at=timezone.now()),
    )


def quote_of(draft: CheckoutDraft) -> Any:
    """The quote that the shopper would see now."""
    from checkout.quote.build import quote_draft

    return quote_draft(draft)


def make_order(*things: Product | tuple[Product, int], draft: CheckoutDraft | None = None, **fields: Any) -> Order:
    """An order pending payment, placed through the front door. `fields` as in make_draft."""
    from checkout.placement import place_order

    draft = draft or make_draft(*things, **fields)
    return place_order(draft.pk, shown_digest=quote_of(draft).digest).order


def attempt_of(order: Order) -> PaymentAttempt:
    return PaymentAttempt.objects.filter(order=order).latest("pk")
