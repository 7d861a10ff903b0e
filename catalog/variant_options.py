"""Add a choice to a product: every SKU, its stock and its orders stay what they are."""

from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from oscar.apps.catalogue.models import Product, ProductAttribute
from oscar.apps.partner.models import StockRecord

from catalog.attributes.reading import WrongValue, read_value
from catalog.attributes.rules import rules_of
from catalog.attributes.storing import save_value
from catalog.importing.naming import make_code
from catalog.search.index import refresh_documents
from catalog.variants import VariantAxis

MOST_CHOICES = 3


class OptionRefused(ValueError):
    """The choice cannot be added; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOption:
    """`name` is what the shopper reads; `value` what all present variants are."""

    name: str
    value: str


# The stock record keeps its id, and with it the ledger, allocations, prices and order lines; only what it is of moves.
_MOVE = (
    "UPDATE partner_stockrecord SET product_id = %(child)s WHERE product_id = %(parent)s",
    "UPDATE basket_line SET product_id = %(child)s WHERE product_id = %(parent)s",
)


def add_option(product_id: int, new: NewOption) -> VariantAxis:
    """Give a product one more choice. A stand-alone product becomes one with a single variant, which takes its SKU.

    Raises OptionRefused; then nothing was written.
    """
    code, value = make_code(new.name), new.value.strip()
    with transaction.atomic():
        product = Product.objects.select_for_update(of=("self",)).get(pk=product_id, parent=None)
        axes = list(VariantAxis.objects.filter(product=product).select_related("attribute"))
        _check(product, axes, code=code, name=new.name, value=value)
        if not product.is_parent:
            _become_parent(product, label=value)
        attribute, _ = ProductAttribute.objects.get_or_create(
            product_class=product.product_class,
            code=code,
            defaults={"name": new.name, "type": ProductAttribute.TEXT, "required": False},
        )
        text = _read(product, attribute, value)
        axis = VariantAxis.objects.create(product=product, attribute=attribute, name=new.name, position=len(axes))
        for child in Product.objects.filter(parent=product).order_by("pk"):
            save_value(child, attribute, text)
        refresh_documents([product.pk])
    return axis


def find_duplicates() -> str:
    """Have the database judge the combinations now instead of at the end; what it says, or nothing.

    Call inside the transaction that wrote variants; what was written has to be rolled back.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS catalog_combination_once IMMEDIATE")
            cursor.execute("SET CONSTRAINTS catalog_combination_once DEFERRED")
    except IntegrityError:
        return "Two variants of this product have the same choices. Give one of them another value."
    return ""


def _check(product: Product, axes: list[VariantAxis], *, code: str, name: str, value: str) -> None:
    if not value:
        raise OptionRefused(f"Say what the present variants are: the value of {name} that they all have.")
    if any(axis.attribute.code == code for axis in axes):
        raise OptionRefused(f"{product.title} comes in {name} already.")
    if len(axes) >= MOST_CHOICES:
        raise OptionRefused(f"A product has at most {MOST_CHOICES} choices; {product.title} has them already.")


def _read(product: Product, attribute: ProductAttribute, value: str) -> str:
    class_id = product.product_class_id
    rule = rules_of([class_id], needs_options=True)[class_id].by_code[attribute.code]
    try:
        return read_value(value, rule)
    except WrongValue as problem:
        raise OptionRefused(str(problem)) from problem


def _become_parent(product: Product, *, label: str) -> None:
    gtin = product.upc
    Product.objects.filter(pk=product.pk).update(structure=Product.PARENT, upc=None)
    child = Product.objects.create(
        structure=Product.CHILD,
        parent=product,
        title=f"{product.title}, {label}"[:255],
        slug=f"{product.slug[:200]}-1",
        upc=gtin or None,
        is_public=True,
    )
    if not StockRecord.objects.filter(product=product).exists():
        raise OptionRefused("Give the product a SKU and a price first.")
    with connection.cursor() as cursor:
        for statement in _MOVE:
            cursor.execute(statement, {"child": child.pk, "parent": product.pk})
    product.structure = Product.PARENT
