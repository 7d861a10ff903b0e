"""Offers, ranges and vouchers as a merchant enters them."""

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from oscar.apps.catalogue.models import Product, ProductClass
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range
from oscar.apps.voucher.models import Voucher

from promotions.product_facts import facts_of_products
from promotions.rules import COUNT, PERCENTAGE, PricedLine

_numbers = itertools.count(1)
DAY = timedelta(days=1)


def make_product(title: str = "", *, parent: Product | None = None, kind: str = "Goods") -> Product:
    title = title or f"Product {next(_numbers)}"
    if parent is not None:
        Product.objects.filter(pk=parent.pk).update(structure=Product.PARENT)
        return Product.objects.create(title=title, parent=parent, structure=Product.CHILD)
    product_class, _ = ProductClass.objects.get_or_create(name=kind)
    return Product.objects.create(title=title, product_class=product_class, structure=Product.STANDALONE)


def make_range(name: str = "", **facts: Any) -> Range:
    number = next(_numbers)
    return Range.objects.create(name=name or f"Range {number}", slug=f"range-{number}", **facts)


def everything() -> Range:
    return Range.objects.filter(name="All").first() or make_range("All", includes_all_products=True)


def make_offer(
    name: str = "",
    *,
    of: Range | None = None,
    condition: tuple[str, str] = (COUNT, "1"),
    benefit: tuple[str, str] = (PERCENTAGE, "10"),
    **said: Any,
) -> ConditionalOffer:
    number = next(_numbers)
    of = of or everything()
    return ConditionalOffer.objects.create(
        name=name or f"Offer {number}",
        slug=f"offer-{number}",
        condition=Condition.objects.create(type=condition[0], value=Decimal(condition[1]), range=of),
        benefit=Benefit.objects.create(
            type=benefit[0],
            value=Decimal(benefit[1]),
            range=None if benefit[0].startswith("Shipping") else of,
        ),
        **said,
    )


def make_voucher(code: str = "WELCOME10", *, usage: str = Voucher.MULTI_USE, offer: Any = None, **said: Any) -> Voucher:
    now = timezone.now()
    voucher = Voucher.objects.create(
        name=f"Voucher {code}",
        code=code,
        usage=usage,
        **{"start_datetime": now - DAY, "end_datetime": now + DAY, **said},
    )
    voucher.offers.add(offer or make_offer(offer_type=ConditionalOffer.VOUCHER))
    return voucher


def priced(*products: Product, price: str = "10.00", quantity: int = 1) -> list[PricedLine]:
    """Lines as the checkout makes them."""
    facts = facts_of_products([product.pk for product in products])
    return [
        PricedLine(
            key=product.pk,
            product_id=product.pk,
            stock_record_id=product.pk,
            unit_price=Decimal(price),
            quantity=quantity,
            parent_id=facts[product.pk].parent_id,
            product_class_id=facts[product.pk].product_class_id,
            category_ids=facts[product.pk].category_ids,
            is_discountable=facts[product.pk].is_discountable,
        )
        for product in products
    ]


def ids_of(lines: list[PricedLine]) -> set[int]:
    return {line.product_id for line in lines} | {line.parent_id for line in lines if line.parent_id}
