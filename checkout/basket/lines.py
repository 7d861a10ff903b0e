"""Put things into a basket, change how many, take them out. No stock is held; each is a constant number of queries."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from oscar.apps.basket.models import Basket, LineAttribute
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.catalogue.models import Product
from psycopg.errors import ForeignKeyViolation

from catalog.personal.fields import ChosenText, choose_texts
from catalog.personal.wording import TextRefused
from catalog.pricing.current import price_for
from catalog.publication.openness import is_published
from catalog.variant_choice import ImpossibleChoice, Variant, choose_variant
from checkout.basket.limits import MAX_LINES, MAX_QUANTITY, most_of
from checkout.basket.quantity import BasketRefusal
from inventory.availability import saleable


@dataclass(frozen=True, slots=True)
class Wish:
    """A thing that can be put into a basket: the product as the shopper chose it."""

    product_id: int
    stock_record_id: int
    name: str
    label: str

    @property
    def title(self) -> str:
        return f"{self.name}, {self.label}" if self.label else self.name


class UnknownProduct(LookupError):
    """No published product has this id."""


def choose_product(product_id: int, *, variant: str = "", values: dict[str, str] | None = None) -> Wish:
    """The thing meant by a product and, for one with variants, a child's id or the values chosen per axis.

    A child's own id is a choice too. Raises UnknownProduct, and BasketRefusal for a choice that names nothing.
    """
    product = Product.objects.filter(is_published(), pk=product_id).select_related("parent").first()
    if product is None:
        raise UnknownProduct(product_id)
    family = product.parent or product
    child_id = product.pk if product.parent is not None else None
    if variant:
        child_id = int(variant) if variant.isascii() and variant.isdigit() and len(variant) < 19 else 0
    try:
        chosen = choose_variant(family, values=values or {}, child_id=child_id)
    except ImpossibleChoice as problem:
        raise BasketRefusal(str(problem)) from problem
    return _wish(family, chosen)


def _wish(family: Product, chosen: Variant) -> Wish:
    if chosen.stock_record_id is None or chosen.price is None:
        raise BasketRefusal(f"{family.get_title()} is not for sale at the moment.")
    label = ", ".join(chosen.values.values()) if chosen.product_id != family.pk else ""
    return Wish(
        product_id=chosen.product_id, stock_record_id=chosen.stock_record_id, name=family.get_title(), label=label
    )


def add_line(*, basket_id: int, wish: Wish, quantity: int, texts: Mapping[str, str] | None = None) -> BasketLine:
    """Add to the line of this thing, or begin it. Raises BasketRefusal with what is left; then nothing changed.

    Raises UnknownProduct when it was deleted since it was chosen.

    `texts` are what shall be written on it, by code of the product's text fields: another text is another line.
    """
    try:
        return _add_line(basket_id=basket_id, wish=wish, quantity=quantity, texts=texts or {})
    except IntegrityError as problem:
        if isinstance(problem.__cause__, ForeignKeyViolation):
            raise UnknownProduct(wish.product_id) from problem
        raise


def _add_line(*, basket_id: int, wish: Wish, quantity: int, texts: Mapping[str, str]) -> BasketLine:
    chosen = _choose_texts(wish, texts)
    left = saleable(wish.stock_record_id)
    price = price_for(wish.stock_record_id)
    reference = reference_of(wish.stock_record_id, chosen)
    with transaction.atomic():
        basket = _lock_open(basket_id)
        same = list(BasketLine.objects.filter(basket=basket, stockrecord_id=wish.stock_record_id))
        line = next((one for one in same if one.line_reference == reference), None)
        held = sum(one.quantity for one in same)
        if held + quantity > most_of(left):
            raise BasketRefusal(_say_what_is_left(wish.title, left=left, held=held))
        if line is not None:
            line.quantity += quantity
            line.save(update_fields=["quantity", "date_updated"])
            return line
        if BasketLine.objects.filter(basket=basket).count() >= MAX_LINES:
            raise BasketRefusal(f"A basket holds {MAX_LINES} different things. Please order these first.")
        line = BasketLine.objects.create(
            basket=basket,
            product_id=wish.product_id,
            stockrecord_id=wish.stock_record_id,
            line_reference=reference,
            quantity=quantity,
            price_currency=price.currency if price else "",
            price_incl_tax=price.amount + sum(one.field.surcharge for one in chosen) if price else None,
        )
        LineAttribute.objects.bulk_create(
            LineAttribute(line=line, option_id=one.field.option_id, value=one.text) for one in chosen
        )
        return line


def reference_of(stock_record_id: int, texts: Sequence[ChosenText]) -> str:
    """What makes two additions the same line: the SKU and every letter that shall be written on it."""
    if not texts:
        return str(stock_record_id)
    written = "\x1f".join(f"{one.field.option_id}={one.text}" for one in texts)
    return f"{stock_record_id}-{hashlib.sha256(written.encode()).hexdigest()[:32]}"


def _choose_texts(wish: Wish, texts: Mapping[str, str]) -> tuple[ChosenText, ...]:
    try:
        return choose_texts(wish.product_id, texts)
    except TextRefused as refusal:
        raise BasketRefusal(str(refusal)) from refusal


def set_quantity(*, basket_id: int, line_id: int, quantity: int) -> str:
    """Set a line's quantity (0 removes it); returns a sentence when fewer are left and it was set to those.

    Raises BasketRefusal when the line is not in this basket (any more), or when nothing is left.
    """
    with transaction.atomic():
        basket = _lock_open(basket_id)
        line = _line(basket, line_id)
        if quantity == 0:
            line.delete()
            return ""
        left = saleable(line.stockrecord_id)
        others = BasketLine.objects.filter(basket=basket, stockrecord_id=line.stockrecord_id).exclude(pk=line.pk)
        most = max(most_of(left) - sum(others.values_list("quantity", flat=True)), 0)
        name = line.product.get_title()
        if most == 0:
            raise BasketRefusal(f"{name} is sold out. Please remove it; nothing else in your basket changed.")
        line.quantity = min(quantity, most)
        line.save(update_fields=["quantity", "date_updated"])
        return "" if quantity <= most else f"{name}: only {most} left, so that is your quantity now."


def remove_line(*, basket_id: int, line_id: int) -> str:
    """Take a line out; returns its name. A line that is gone already raises BasketRefusal."""
    with transaction.atomic():
        line = _line(_lock_open(basket_id), line_id)
        name = line.product.get_title()
        line.delete()
        return name


def count_units(basket_id: int) -> int:
    """How many things are in the basket, over all lines. One query."""
    return sum(BasketLine.objects.filter(basket_id=basket_id).values_list("quantity", flat=True))


def _lock_open(basket_id: int) -> Basket:
    """The row that the checkout locks too: a basket cannot change while it becomes an order."""
    basket = Basket.objects.select_for_update().filter(pk=basket_id, status=Basket.OPEN).first()
    if basket is None:
        raise BasketRefusal("This basket has become an order. Please begin a new one.")
    return basket


def _line(basket: Basket, line_id: int) -> BasketLine:
    line = BasketLine.objects.filter(basket=basket, pk=line_id).select_related("product__parent").first()
    if line is None:
        raise BasketRefusal("That is no longer in your basket. Here is what is.")
    return line


def _say_what_is_left(title: str, *, left: int | None, held: int) -> str:
    if left == 0:
        return f"{title} is sold out. Nothing was added."
    already = f" Your basket already holds {held}." if held else ""
    if left is None or left >= MAX_QUANTITY:
        return f"{title}: at most {MAX_QUANTITY} in one order.{already} Nothing was added."
    return f"{title}: only {left} left.{already} Please choose fewer; nothing was added."
